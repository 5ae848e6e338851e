import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decimal, decimal, sum, zero } from '#domain/core/decimal.ts';
import { accepted, exitIntent, play, reportOf, started } from '#domain/orders/orders.test-kit.ts';
import {
  bookOf,
  cashEffect,
  emptyBook,
  equity,
  positionOf,
  post,
  realisedGross,
  realisedNet,
  sellable,
  settledCash,
} from './book.ts';
import { type LedgerEntry, ledgerEntry } from './entry.ts';
import { averageCost, cost, unrealised } from './position.ts';

const day = '2026-11-20';
const at = new Date(Date.UTC(2026, 10, 20, 1));
const symbol = '005930';

function entry(seq: number, fields: Record<string, unknown>): LedgerEntry {
  const placed =
    fields['symbol'] === undefined || fields['kind'] === 'dividend' || fields['kind'] === 'split';
  return ledgerEntry.parse({
    id: `e${seq}`,
    account: 'a1',
    seq,
    at,
    trading_day: day,
    settles_on: '2026-11-24',
    ...(placed || fields['kind'] === 'adjustment' ? {} : { order_id: 'o1', trader: 't1' }),
    ...fields,
  });
}

function fillEntry(seq: number, side: 'buy' | 'sell', quantity: number | string, price: number, of = symbol) {
  const amount = decimal(quantity).times(price).toFixed();
  return entry(seq, { kind: 'fill', symbol: of, side, quantity: String(quantity), amount });
}

const piece = fc.record({
  quantity: fc.integer({ min: 1, max: 30 }),
  price: fc.integer({ min: 1, max: 200_000 }),
});
const trade = fc.record({
  symbol: fc.constantFrom('005930', '000660'),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  pieces: fc.array(piece, { minLength: 1, maxLength: 5 }),
});

/** Posts what can be; returns the book and what was posted. */
function postAll(entries: readonly LedgerEntry[]) {
  let book = emptyBook;
  const posted: LedgerEntry[] = [];
  for (const each of entries) {
    const answer = post(book, each);
    if (!answer.ok) continue;
    ({ book } = answer);
    posted.push(each);
  }
  return { book, posted };
}

function shown(book: ReturnType<typeof bookOf>) {
  return [...book.positions].map(([name, position]) => ({
    name,
    quantity: position.quantity.toFixed(),
    cost: cost(position).toFixed(),
    average: averageCost(position)?.toFixed() ?? null,
    realised: position.realised.toFixed(),
  }));
}

describe('the book', () => {
  it('is the same to the last digit however orders are cut into partial fills', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 12 }), (trades) => {
        const held = new Map<string, number>();
        const possible = trades.filter((each) => {
          const quantity = each.pieces.reduce((all, { quantity }) => all + quantity, 0);
          const after = (held.get(each.symbol) ?? 0) + (each.side === 'buy' ? quantity : -quantity);
          if (after < 0) return false;
          held.set(each.symbol, after);
          return true;
        });
        let seq = 0;
        const cut = possible.flatMap((each) =>
          each.pieces.map(({ quantity, price }) =>
            fillEntry((seq += 1), each.side, quantity, price, each.symbol),
          ),
        );
        const whole = possible.map((each) =>
          entry((seq += 1), {
            kind: 'fill',
            symbol: each.symbol,
            side: each.side,
            quantity: String(each.pieces.reduce((all, { quantity }) => all + quantity, 0)),
            amount: String(each.pieces.reduce((all, { quantity, price }) => all + quantity * price, 0)),
          }),
        );
        const [a, b] = [bookOf(cut), bookOf(whole)];
        expect(shown(a)).toEqual(shown(b));
        expect(a.cash.toFixed()).toBe(b.cash.toFixed());
      }),
    );
  });

  const money = fc.integer({ min: 1, max: 1_000_000 }).map(String);
  const anyFields = fc.oneof(
    { weight: 6, arbitrary: trade.map((each) => ({ kind: 'trade' as const, ...each })) },
    fc.record({ kind: fc.constantFrom('deposit', 'withdrawal'), amount: money }),
    fc.record({
      kind: fc.constantFrom('fee', 'tax', 'dividend'),
      symbol: fc.constant(symbol),
      amount: money,
    }),
    fc.record({
      kind: fc.constant('adjustment'),
      symbol: fc.constantFrom('005930', '000660'),
      quantity: fc.integer({ min: -5, max: 5 }).map(String),
      cost: money,
      cash: fc.integer({ min: -500, max: 500 }).map(String),
      actor: fc.constant('owner'),
      reason: fc.constant('counted'),
    }),
  );

  it('conserves money: equity is what came in and out, realised and unrealised, less costs', () => {
    fc.assert(
      fc.property(fc.array(anyFields, { maxLength: 40 }), fc.nat(200_000), (fields, last) => {
        let seq = 0;
        const entries = fields.flatMap((each) =>
          'pieces' in each
            ? each.pieces.map(({ quantity, price }) =>
                fillEntry((seq += 1), each.side, quantity, price, each.symbol),
              )
            : [entry((seq += 1), each)],
        );
        const { book, posted } = postAll(entries);
        const price = decimal(last);
        const prices = new Map([...book.positions.keys()].map((name) => [name, price]));
        const worth = equity(book, prices);
        const open = sum([...book.positions.values()].map((position) => unrealised(position, price)));
        const flows = book.deposits.minus(book.withdrawals).plus(book.dividends).plus(book.adjusted);
        expect(worth?.toFixed()).toBe(flows.plus(realisedNet(book)).plus(open).toFixed());
        expect(book.cash.toFixed()).toBe(sum(posted.map(cashEffect)).toFixed());
        expect([...book.positions.values()].every((position) => position.quantity.gte(0))).toBe(true);
      }),
    );
  });

  it('earns exactly what the market moved after each fill', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 20 }), fc.nat(200_000), (trades, last) => {
        let seq = 0;
        const { book, posted } = postAll(
          trades.flatMap((each) =>
            each.pieces.map(({ quantity, price }) => fillEntry((seq += 1), each.side, quantity, price)),
          ),
        );
        let market: Decimal = zero;
        for (const each of posted) {
          if (each.kind !== 'fill') continue;
          const gain = each.quantity.times(last).minus(each.amount);
          market = each.side === 'buy' ? market.plus(gain) : market.minus(gain);
        }
        const open = unrealised(positionOf(book, symbol), decimal(last));
        expect(realisedGross(book).plus(open).toFixed()).toBe(market.toFixed());
      }),
    );
  });

  it('keeps the value over a split, and refuses one that leaves odd shares', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 200_000 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        (quantity, price, numerator, denominator) => {
          const before = bookOf([fillEntry(1, 'buy', quantity, price)]);
          const answer = post(before, entry(2, { kind: 'split', symbol, numerator, denominator }));
          if (!answer.ok) {
            expect(answer.code).toBe('split_odd_lot');
            expect((quantity * numerator) % denominator).not.toBe(0);
            return;
          }
          const [old, now] = [positionOf(before, symbol), positionOf(answer.book, symbol)];
          expect(cost(now).toFixed()).toBe(cost(old).toFixed());
          expect(now.quantity.times(denominator).toFixed()).toBe(old.quantity.times(numerator).toFixed());
          expect(answer.book.cash.eq(before.cash)).toBe(true);
        },
      ),
    );
  });

  it('sells no more than is held and takes entries in order only', () => {
    const held = bookOf([fillEntry(1, 'buy', 3, 70_000)]);
    expect(post(held, fillEntry(2, 'sell', 4, 70_000))).toMatchObject({
      ok: false,
      code: 'sold_more_than_held',
    });
    expect(post(held, fillEntry(1, 'buy', 1, 70_000))).toMatchObject({ ok: false, code: 'out_of_order' });
  });

  it('moves the average with buys only', () => {
    const book = bookOf([
      fillEntry(1, 'buy', 10, 70_000),
      fillEntry(2, 'sell', 4, 75_000),
      fillEntry(3, 'buy', 4, 72_000),
    ]);
    const position = positionOf(book, symbol);
    expect(averageCost(position)?.toFixed()).toBe('70800');
    expect(position.realised.toFixed()).toBe('20000');
    expect(unrealised(position, decimal(70_000)).toFixed()).toBe('-8000');
  });

  it('tells cash of today from cash of two sessions on', () => {
    const book = bookOf([
      entry(1, { kind: 'deposit', amount: '1000000', settles_on: day }),
      fillEntry(2, 'buy', 10, 70_000),
      { ...entry(3, { kind: 'fee', symbol, amount: '105' }) },
    ]);
    expect(book.cash.toFixed()).toBe('299895');
    expect(settledCash(book, day).toFixed()).toBe('1000000');
    expect(settledCash(book, '2026-11-23').toFixed()).toBe('1000000');
    expect(settledCash(book, '2026-11-24').toFixed()).toBe('299895');
  });

  it('counts as sellable what is held less what open sells may take', () => {
    const book = bookOf([fillEntry(1, 'buy', 25, 70_000)]);
    const sent = play(exitIntent(), [started]).order;
    const report = reportOf({ side: 'sell', filled: decimal(4), amount: decimal(280_000) });
    const part = play(sent, [accepted, { kind: 'reported', at, report }]).order;
    expect(sellable(book, symbol, []).toFixed()).toBe('25');
    expect(sellable(book, symbol, [sent]).toFixed()).toBe('15');
    expect(sellable(book, symbol, [part]).toFixed()).toBe('19');
    expect(sellable(book, symbol, [sent, part, sent]).toFixed()).toBe('0');
  });

  it('has no value for what has no price', () => {
    expect(equity(bookOf([fillEntry(1, 'buy', 1, 70_000)]), new Map())).toBeNull();
  });
});

describe('an entry', () => {
  it('is refused without a reason, with a wrong sign or unknown fields', () => {
    const adjustment = {
      kind: 'adjustment',
      symbol: null,
      quantity: '0',
      cost: '0',
      cash: '5',
      actor: 'owner',
    };
    expect(() => entry(1, adjustment)).toThrow('reason');
    expect(() => entry(1, { kind: 'deposit', amount: '-5' })).toThrow('above zero');
    expect(() => entry(1, { kind: 'deposit', amount: '1e5' })).toThrow('plain digits');
    expect(() => entry(1, { kind: 'deposit', amount: '5', note: '' })).toThrow('note');
  });
});
