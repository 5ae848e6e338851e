import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, sum, zero } from '#domain/core/decimal.ts';
import { bookOf, positionOf } from '#domain/ledger/book.ts';
import { type LedgerEntry, ledgerEntry } from '#domain/ledger/entry.ts';
import { averageCost, cost } from '#domain/ledger/position.ts';
import { type BrokerKey, type BrokerReport, type Fill, brokerKey } from './broker-order.ts';
import type { OrderEvent } from './event.ts';
import { type Order, filledAmount, filledQuantity } from './order.ts';
import {
  accepted,
  exitIntent,
  intent,
  keyOne,
  keyTwo,
  lost,
  play,
  reportOf,
  second,
  started,
} from './orders.test-kit.ts';
import { type AccountView, type Explanations, reconcileAccount, reconcileOrders } from './reconcile.ts';

const keyOf = (index: number): BrokerKey =>
  brokerKey.parse(`2026-11-20/06010/${String(index + 1).padStart(10, '0')}`);

/** An order at the broker and all that the broker will tell of it over the day. */
const life = fc.record({
  pieces: fc.array(
    fc.record({ quantity: fc.integer({ min: 1, max: 3 }), price: fc.integer({ min: 1_000, max: 90_000 }) }),
    {
      minLength: 1,
      maxLength: 5,
    },
  ),
  rest: fc.integer({ min: 0, max: 3 }),
  cancelled: fc.boolean(),
});
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

function built({ pieces, rest, cancelled }: Life, index: number, side: 'buy' | 'sell') {
  const key = keyOf(index);
  const quantity = decimal(pieces.reduce((all, piece) => all + piece.quantity, 0) + rest);
  const made = { id: `o${index}`, quantity };
  const start = side === 'buy' ? intent(made) : exitIntent(made);
  const { order } = play(start, [started, { ...accepted, brokerKey: key } as OrderEvent]);
  let report = reportOf({ key, side, quantity });
  const reports = [report];
  for (const piece of pieces) {
    const filled = report.filled.plus(piece.quantity);
    report = { ...report, filled, amount: report.amount.plus(piece.quantity * piece.price) };
    reports.push(report);
  }
  if (cancelled) reports.push({ ...report, cancelled: quantity.minus(report.filled) });
  return { order, reports };
}

/** Our side: orders and booked fills, kept as rows would be. */
function listening(start: readonly Order[], polls: readonly (readonly BrokerReport[])[]) {
  let orders = [...start];
  const fills: Fill[] = [];
  for (const reports of polls) {
    const { changed, drift } = reconcileOrders(orders, reports, second(60), false);
    expect(drift).toEqual([]);
    const next = new Map(changed.map(({ order }) => [order.id, order]));
    orders = orders.map((order) => next.get(order.id) ?? order);
    for (const { effects } of changed)
      for (const effect of effects) if (effect.kind === 'record_fill') fills.push(effect.fill);
  }
  return { orders, fills };
}

function book(orders: readonly Order[], fills: readonly Fill[]) {
  const side = new Map(orders.flatMap((order) => order.brokerOrders.map((each) => [each.key, order.side])));
  // Buys before sells: which order's fills came first is not what is tested here.
  const sorted = [...fills].sort((a, b) =>
    (side.get(a.brokerKey) ?? '').localeCompare(side.get(b.brokerKey) ?? ''),
  );
  return bookOf(
    sorted.map((fill, index): LedgerEntry =>
      ledgerEntry.parse({
        kind: 'fill',
        id: fill.id,
        account: 'a1',
        seq: index + 1,
        at: second(60),
        trading_day: '2026-11-20',
        settles_on: '2026-11-24',
        order_id: 'o',
        trader: 't1',
        symbol: '005930',
        side: side.get(fill.brokerKey),
        quantity: fill.quantity.toFixed(),
        amount: fill.amount.toFixed(),
      }),
    ),
  );
}

describe('reconcileOrders', () => {
  it('comes to the same quantity, average, realised profit and names, shuffled, doubled and dropped', () => {
    fc.assert(
      fc.property(
        fc.array(life, { minLength: 1, maxLength: 4 }),
        life,
        fc.array(fc.tuple(fc.nat(), fc.nat(4)), { maxLength: 40 }),
        (buys, last, heard) => {
          const bought = buys.map((each, index) => built(each, index, 'buy'));
          const held = sum(bought.map(({ reports }) => reports.at(-1)?.filled ?? zero)).toNumber();
          const pieces = last.pieces.filter((_, index) => (index + 1) * 3 <= held);
          const sold = pieces.length === 0 ? [] : [built({ ...last, pieces }, buys.length, 'sell')];
          const all = [...bought, ...sold];
          const start = all.map(({ order }) => order);
          const told = all.flatMap(({ reports }) => reports);
          const final = all.flatMap(({ reports }) => reports.slice(-1));
          const polls: BrokerReport[][] = [[], [], [], [], []];
          for (const [pick, poll] of heard) {
            const report = told[pick % told.length];
            if (report !== undefined) polls[poll]?.push(report);
          }
          const orderly = listening(
            start,
            told.map((report) => [report]),
          );
          const messy = listening(start, [...polls, final]);
          expect(messy.orders).toEqual(orderly.orders);
          const names = messy.fills.map((fill) => fill.id);
          expect(new Set(names).size).toBe(names.length);
          const known = new Set(orderly.fills.map((fill) => fill.id));
          expect(names.every((name) => known.has(name))).toBe(true);
          const [a, b] = [book(orderly.orders, orderly.fills), book(messy.orders, messy.fills)];
          const [p, q] = [positionOf(a, '005930'), positionOf(b, '005930')];
          expect(q.quantity.toFixed()).toBe(p.quantity.toFixed());
          expect(averageCost(q)?.toFixed()).toBe(averageCost(p)?.toFixed());
          expect(cost(q).toFixed()).toBe(cost(p).toFixed());
          expect(q.realised.toFixed()).toBe(p.realised.toFixed());
          expect(b.cash.toFixed()).toBe(a.cash.toFixed());
          expect(reconcileOrders(messy.orders, [...told, ...final], second(60), true)).toEqual({
            changed: [],
            external: [],
            drift: [],
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes a revision in before its child, however the list is sorted', () => {
    const { order } = play(intent(), [started, accepted]);
    const parent = reportOf({ filled: decimal(4), amount: decimal(280_000), cancelled: decimal(6) });
    const child = reportOf({
      key: keyTwo,
      replaces: keyOne,
      role: 'revise',
      quantity: decimal(6),
      filled: decimal(6),
      amount: decimal(420_000),
    });
    for (const reports of [
      [parent, child],
      [child, parent],
    ]) {
      const { changed, external, drift } = reconcileOrders([order], reports, second(60), true);
      expect([external, drift]).toEqual([[], []]);
      const [only] = changed;
      if (only === undefined) throw new Error('unreachable');
      expect([filledQuantity(only.order).toNumber(), filledAmount(only.order).toNumber()]).toEqual([
        10, 700_000,
      ]);
    }
  });

  it('shows what nobody owns, and neither ends nor forgets an order that the list lacks', () => {
    const { order } = play(intent(), [started, accepted]);
    const foreign = reportOf({ key: keyTwo, filled: decimal(1), amount: decimal(70_000) });
    const answer = reconcileOrders([order], [foreign], second(60), true);
    expect(answer).toMatchObject({
      changed: [],
      external: [{ key: keyTwo }],
      drift: [{ kind: 'order_missing', explained: null }],
    });
    expect(reconcileOrders([order], [], second(4), true).drift).toMatchObject([{ explained: 'in_flight' }]);
    expect(reconcileOrders([order], [], second(60), false).drift).toEqual([]);
    const unknown = play(intent({ id: 'o2' }), [started, lost]).order;
    expect(reconcileOrders([unknown], [foreign], second(60), true).changed).toEqual([]);
  });

  it('calls a report that cannot be true drift', () => {
    const { order } = play(intent(), [started, accepted]);
    const report = reportOf({ filled: decimal(11), amount: decimal(770_000) });
    expect(reconcileOrders([order], [report], second(60), true)).toMatchObject({
      changed: [],
      drift: [{ kind: 'order_report', explained: null, params: { code: 'report_overfilled' } }],
    });
  });
});

function view(quantity: number, average: string | null, cash: number): AccountView {
  return {
    holdings: new Map([
      ['005930', { quantity: decimal(quantity), average: average === null ? null : decimal(average) }],
    ]),
    cash: decimal(cash),
  };
}
const nothing: Explanations = {
  open: [],
  external: [],
  averageTolerance: decimal('0.0001'),
  cashTolerance: decimal(10),
};

function difference(ours: AccountView, broker: AccountView, why: Partial<Explanations> = {}): string[] {
  return reconcileAccount(ours, broker, { ...nothing, ...why }).map(
    (each) => `${each.kind}:${each.explained}`,
  );
}

describe('reconcileAccount', () => {
  it('finds no fault in equal books, and a sold-out symbol is equal to none', () => {
    expect(difference(view(10, '70000', 5), view(10, '70000', 5))).toEqual([]);
    expect(difference({ holdings: new Map(), cash: decimal(5) }, view(0, null, 5))).toEqual([]);
    expect(difference(view(10, '70000', 5), view(10, '70000.0001', 14))).toEqual([
      'average:rounding',
      'cash:rounding',
    ]);
    expect(difference(view(10, '70000', 5), view(10, '70001', 16))).toEqual(['average:null', 'cash:null']);
  });

  it('explains a difference only by orders of the right side that are big enough', () => {
    const live = play(intent(), [started, accepted]).order;
    const unknown = play(intent(), [started, lost]).order;
    const [ours, broker] = [view(0, null, 700_000), view(10, '70000', 0)];
    expect(difference(ours, broker)).toEqual(['quantity:null', 'cash:null']);
    expect(difference(ours, broker, { open: [live] })).toEqual(['quantity:in_flight', 'cash:in_flight']);
    expect(difference(ours, broker, { open: [unknown] })).toEqual([
      'quantity:unknown_order',
      'cash:unknown_order',
    ]);
    expect(difference(view(0, null, 0), view(11, '70000', 0), { open: [live] })).toEqual(['quantity:null']);
    expect(difference(view(10, '70000', 0), view(0, null, 0), { open: [live] })).toEqual(['quantity:null']);
    const manual = reportOf({ key: keyTwo, filled: decimal(10), amount: decimal(700_000) });
    expect(difference(ours, broker, { external: [manual] })).toEqual([
      'quantity:external_order',
      'cash:external_order',
    ]);
    expect(difference(ours, view(10, '70000', 300), { external: [manual] })).toEqual([
      'quantity:external_order',
      'cash:null',
    ]);
  });
});
