import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal, sum } from '#domain/core/decimal.ts';
import { bookOf, realisedNet } from '#domain/ledger/book.ts';
import type { LedgerEntry } from '#domain/ledger/entry.ts';
import { cost } from '#domain/ledger/position.ts';
import { costOfLot } from './lots.ts';
import { HistoryReader, historyOf, netTally, tallyOf } from './fold.ts';
import { valueAccount } from './day.ts';

const symbols = ['A', 'B'];
const owners = ['one', 'two', null];

const act = fc.record({
  kind: fc.constantFrom('buy', 'sell', 'fee', 'tax', 'deposit', 'withdrawal', 'dividend'),
  symbol: fc.constantFrom(...symbols),
  trader: fc.constantFrom(...owners),
  order: fc.option(fc.constantFrom('o1', 'o2', 'o3'), { nil: null }),
  quantity: fc.integer({ min: 1, max: 20 }),
  price: fc.integer({ min: 1, max: 500 }),
});

/** Entries that a book could hold: no more is sold than is held. */
function entriesOf(
  acts: readonly (typeof act extends fc.Arbitrary<infer Act> ? Act : never)[],
): LedgerEntry[] {
  const held = new Map<string, number>();
  return acts.flatMap((each, index): LedgerEntry[] => {
    const common = {
      id: `e${index}`,
      account: 'a',
      seq: index + 1,
      at: new Date(Date.UTC(2026, 10, 20, 0, Math.floor(index / 3))),
      trading_day: index % 2 === 0 ? '2026-11-19' : '2026-11-20',
      settles_on: '2026-11-24',
    };
    const { symbol, trader, order: order_id, quantity, price } = each;
    const placed = { order_id, trader, symbol };
    switch (each.kind) {
      case 'buy':
        held.set(symbol, (held.get(symbol) ?? 0) + quantity);
        return [
          {
            kind: 'fill',
            ...common,
            ...placed,
            side: 'buy',
            quantity: decimal(quantity),
            amount: decimal(quantity * price),
          },
        ];
      case 'sell': {
        const sold = Math.min(quantity, held.get(symbol) ?? 0);
        if (sold === 0) return [];
        held.set(symbol, (held.get(symbol) ?? 0) - sold);
        return [
          {
            kind: 'fill',
            ...common,
            ...placed,
            side: 'sell',
            quantity: decimal(sold),
            amount: decimal(sold * price),
          },
        ];
      }
      case 'fee':
      case 'tax':
        return [{ kind: each.kind, ...common, ...placed, amount: decimal(quantity) }];
      case 'dividend':
        return [{ kind: 'dividend', ...common, symbol, amount: decimal(quantity) }];
      case 'deposit':
      case 'withdrawal':
        return [{ kind: each.kind, ...common, amount: decimal(price) }];
    }
  });
}

const money = (value: { toFixed: (places: number) => string }) => value.toFixed(6);

test("all owners together are the account's book, whoever sold what", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), fc.integer({ min: 1, max: 500 }), (acts, price) => {
      const entries = entriesOf(acts);
      const [history, book] = [historyOf('a', entries), bookOf(entries)];
      expect(history.cash.eq(book.cash)).toBe(true);
      const held = [...book.positions.values()];
      expect(
        sum(history.lots.map(({ position }) => position.quantity)).eq(
          sum(held.map(({ quantity }) => quantity)),
        ),
      ).toBe(true);
      // What was earned and what is still in the lots: the owners' averages differ, their sum does not.
      const earned = netTally(tallyOf(history, () => true));
      const ours = earned.minus(sum(history.lots.map(costOfLot)));
      const theirs = realisedNet(book).minus(sum(held.map(cost)));
      expect(money(ours)).toBe(money(theirs));
      const prices = new Map(symbols.map((symbol) => [symbol, decimal(price)]));
      const worth = valueAccount(history, prices);
      expect(money(worth.realised)).toBe(money(earned.plus(book.dividends)));
      expect(money(worth.base)).toBe(money(book.deposits.minus(book.withdrawals)));
    }),
  );
});

test('the trips of an owner are what it earned while it is flat, days are their sum', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const history = historyOf('a', entriesOf(acts));
      const gross = sum(history.trips.map((trip) => trip.gross)).plus(
        sum(history.lots.map(({ position }) => position.realised)),
      );
      expect(money(gross)).toBe(money(tallyOf(history, () => true).gross));
      for (const { quantity, exit_quantity, entry_at, exit_at } of history.trips) {
        expect(quantity.eq(exit_quantity)).toBe(true);
        expect(entry_at <= exit_at).toBe(true);
      }
    }),
  );
});

test('a history goes on from a fork as if it had been read at once, and the fork leaves what it came from', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), fc.nat(60), (acts, cut) => {
      const entries = entriesOf(acts);
      const prefix = new HistoryReader('a');
      for (const entry of entries.slice(0, cut)) prefix.take(entry);
      for (let time = 0; time < 2; time += 1) {
        const rest = prefix.fork();
        for (const entry of entries.slice(cut)) rest.take(entry);
        expect(rest.result()).toEqual(historyOf('a', entries));
      }
    }),
  );
});
