import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decimal, decimal, sum, zero } from '#domain/core/decimal.ts';
import type { BrokerReport } from './broker-order.ts';
import { averagePrice, brokerKey, kisBrokerKey } from './broker-order.ts';
import type { OrderEvent } from './event.ts';
import {
  accepted,
  exitIntent,
  intent,
  keyOne,
  keyThree,
  keyTwo,
  lost,
  play,
  reportOf,
  second,
  started,
} from './orders.test-kit.ts';
import {
  type Order,
  filledAmount,
  filledQuantity,
  isOver,
  newOrder,
  nextStepKey,
  openQuantity,
  orderState,
} from './order.ts';
import { isLegalOrderMove, stepOrder } from './transition.ts';

const reason = { code: 'why', params: {} };
const reported = (report: BrokerReport, at = second(9)): OrderEvent => ({ kind: 'reported', at, report });

/** What a broker truly tells of one order over time: fills at any prices, then perhaps a cancel of the rest. */
const history = fc
  .record({
    pieces: fc.array(
      fc.record({ quantity: fc.integer({ min: 1, max: 4 }), price: fc.integer({ min: 1, max: 99_999 }) }),
      {
        maxLength: 6,
      },
    ),
    end: fc.constantFrom('rests', 'cancelled', 'rejected'),
    rest: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ pieces, end, rest }) => {
    const total =
      pieces.reduce((all, piece) => all + piece.quantity, 0) + rest + (pieces.length === 0 ? 1 : 0);
    const base = reportOf({ quantity: decimal(total) });
    let filled: Decimal = zero;
    let amount: Decimal = zero;
    const reports = [base];
    for (const piece of pieces) {
      filled = filled.plus(piece.quantity);
      amount = amount.plus(piece.quantity * piece.price);
      reports.push({ ...base, filled, amount });
    }
    const left = base.quantity.minus(filled);
    if (end === 'cancelled' && left.gt(0)) reports.push({ ...base, filled, amount, cancelled: left });
    if (end === 'rejected' && filled.isZero()) reports.push({ ...base, rejected: left });
    return { quantity: base.quantity, reports };
  });

describe('reports', () => {
  it('give the same order, average and fill names when shuffled, doubled and dropped', () => {
    fc.assert(
      fc.property(
        history,
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.infiniteStream(fc.nat()),
        (truth, picks, dice) => {
          const at = play(intent({ quantity: truth.quantity }), [started, accepted]).order;
          const inOrder = play(
            at,
            truth.reports.map((report) => reported(report)),
          );
          const last = truth.reports.at(-1) ?? reportOf();
          const heard = [last, ...picks.map((pick) => truth.reports[pick % truth.reports.length] ?? last)]
            .map((report) => ({ report, rank: dice.next().value }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ report }) => reported(report));
          const messy = play(at, heard);
          expect(messy.refusals).toEqual([]);
          expect(messy.order).toEqual(inOrder.order);
          expect(sum(messy.fills.map((fill) => fill.quantity)).toFixed()).toBe(last.filled.toFixed());
          expect(sum(messy.fills.map((fill) => fill.amount)).toFixed()).toBe(last.amount.toFixed());
          const names = messy.fills.map((fill) => fill.id);
          expect(new Set(names).size).toBe(names.length);
          const all = inOrder.fills.map((fill) => fill.id);
          expect(names.every((name) => all.includes(name))).toBe(true);
          expect(names.at(-1)).toBe(all.at(-1));
          for (const event of heard) expect(stepOrder(messy.order, event).kind).toBe('unchanged');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('price a partial fill exactly from the cumulative amounts', () => {
    const { order, fills } = play(intent(), [
      started,
      accepted,
      reported(reportOf({ filled: decimal(3), amount: decimal(209_900) })),
      reported(reportOf({ filled: decimal(3), amount: decimal(209_900) })),
      reported(reportOf({ filled: decimal(10), amount: decimal(699_800) })),
    ]);
    expect(fills.map((fill) => [fill.id, fill.quantity.toNumber(), fill.amount.toNumber()])).toEqual([
      [`${keyOne}#3`, 3, 209_900],
      [`${keyOne}#10`, 7, 489_900],
    ]);
    expect(order.state).toBe('filled');
    expect(averagePrice(filledAmount(order), filledQuantity(order))?.toFixed()).toBe('69980');
  });

  it('that cannot be true are refused and change nothing', () => {
    const { order } = play(intent(), [
      started,
      accepted,
      reported(reportOf({ filled: decimal(3), amount: decimal(9) })),
    ]);
    const refusal = (parts: Partial<BrokerReport>) => {
      const step = stepOrder(order, reported(reportOf(parts)));
      return step.kind === 'refused' ? step.code : step.kind;
    };
    expect(refusal({ filled: decimal(11), amount: decimal(99) })).toBe('report_overfilled');
    expect(refusal({ filled: decimal(4), amount: decimal(9) })).toBe('report_amount');
    expect(refusal({ filled: decimal(3), amount: decimal(10) })).toBe('report_amount');
    expect(refusal({ filled: decimal(-1) })).toBe('report_negative');
    expect(refusal({ filled: decimal(5), amount: decimal(15), cancelled: decimal(6) })).toBe(
      'report_unbalanced',
    );
    expect(refusal({ side: 'sell' })).toBe('broker_order_differs');
    expect(refusal({ quantity: decimal(11) })).toBe('broker_order_differs');
    expect(refusal({ key: keyTwo })).toBe('broker_order_not_owned');
    const dead = play(intent(), [started, accepted, reported(reportOf({ rejected: decimal(10) }))]).order;
    const child = reportOf({ key: keyTwo, replaces: keyOne, role: 'revise' });
    expect(stepOrder(dead, reported(child))).toMatchObject({ kind: 'refused', code: 'illegal_move' });
  });
});

const anyAttempt = fc.integer({ min: 1, max: 4 });
const anyTime = fc.integer({ min: 0, max: 60 }).map(second);
const anyReport = fc
  .record({
    key: fc.constantFrom(keyOne, keyTwo, keyThree),
    replaces: fc.constantFrom(null, keyOne, keyTwo),
    role: fc.constantFrom('new' as const, 'revise' as const, 'cancel' as const),
    quantity: fc.constantFrom(10, 10, 10, 4, 6),
    filled: fc.integer({ min: 0, max: 11 }),
    price: fc.integer({ min: 1, max: 3 }),
    cancelled: fc.constantFrom(0, 0, 4, 6, 10),
    rejected: fc.constantFrom(0, 0, 0, 10),
  })
  .map(({ key, replaces, role, quantity, filled, price, cancelled, rejected }) =>
    reportOf({
      key,
      replaces,
      role,
      quantity: decimal(quantity),
      filled: decimal(filled),
      amount: decimal(filled * price),
      cancelled: decimal(cancelled),
      rejected: decimal(rejected),
    }),
  );
const anyEvent: fc.Arbitrary<OrderEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('send_started' as const),
    attempt: anyAttempt,
    request: fc.oneof(
      fc.constant({ kind: 'new' as const }),
      fc.record({
        kind: fc.constant('revise' as const),
        target: fc.constantFrom(keyOne, keyTwo),
        quantity: fc.constantFrom(4, 6, 10).map((value) => decimal(value)),
        price: fc.constant(decimal(69_900)),
      }),
      fc.record({ kind: fc.constant('cancel' as const), target: fc.constantFrom(keyOne, keyTwo) }),
    ),
    fingerprint: fc.constant('f'),
    at: anyTime,
    deadline: anyTime,
    fencing: fc.constantFrom(7, 7, 7, 8),
  }),
  fc.record({
    kind: fc.constant('not_executed' as const),
    attempt: anyAttempt,
    at: anyTime,
    reason: fc.constant(reason),
    again: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('accepted' as const),
    attempt: anyAttempt,
    at: anyTime,
    brokerKey: fc.constantFrom(keyOne, keyTwo, keyThree),
  }),
  fc.record({
    kind: fc.constantFrom('rejected' as const, 'reply_lost' as const, 'proven_absent' as const),
    attempt: anyAttempt,
    at: anyTime,
    reason: fc.constant(reason),
  }),
  fc.record({ kind: fc.constant('recovered' as const), at: anyTime }),
  fc.record({ kind: fc.constant('dropped' as const), at: anyTime, reason: fc.constant(reason) }),
  fc.record({ kind: fc.constant('reported' as const), at: anyTime, report: anyReport }),
  fc.record({
    kind: fc.constant('adopted' as const),
    at: anyTime,
    report: anyReport,
    reason: fc.constant(reason),
  }),
);

function sending(order: Order, change: Partial<Extract<OrderEvent, { kind: 'send_started' }>>): string {
  if (started.kind !== 'send_started') throw new Error('unreachable');
  const step = stepOrder(order, { ...started, ...change });
  return step.kind === 'refused' ? step.code : step.kind;
}

function kinds(events: OrderEvent[]): string[] {
  return play(intent(), events).effects.map((effect) => effect.kind);
}

describe('the machine', () => {
  it('fed with anything makes legal moves only, never overfills and books every fill once', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(anyEvent, { maxLength: 40 }), (begun, events) => {
        let order = intent();
        let booked: Decimal = zero;
        let amount: Decimal = zero;
        const names = new Set<string>();
        for (const event of begun ? [started, accepted, ...events] : events) {
          const step = stepOrder(order, event);
          if (step.kind === 'refused') continue;
          if (step.kind === 'unchanged') {
            expect(step.order).toBe(order);
            continue;
          }
          expect(step.from).toBe(order.state);
          expect(isLegalOrderMove(order.state, step.order.state)).toBe(true);
          // One order, one broker order of its own: what follows revises or cancels it.
          expect(step.order.brokerOrders.filter((each) => each.role === 'new').length).toBeLessThanOrEqual(1);
          if (event.kind === 'send_started' && event.request.kind === 'new')
            expect(order.attempts.every((each) => each.outcome === 'not_executed')).toBe(true);
          ({ order } = step);
          for (const effect of step.effects) {
            if (effect.kind === 'record_fill') {
              expect(names.has(effect.fill.id)).toBe(false);
              names.add(effect.fill.id);
              booked = booked.plus(effect.fill.quantity);
              amount = amount.plus(effect.fill.amount);
            }
            if (effect.kind === 'release_key')
              expect(filledQuantity(order).isZero() && isOver(order)).toBe(true);
          }
          expect(booked.eq(filledQuantity(order)) && amount.eq(filledAmount(order))).toBe(true);
          expect(booked.lte(order.quantity)).toBe(true);
          expect(openQuantity(order).plus(booked).lte(order.quantity)).toBe(true);
          if (order.state === 'filled') expect(booked.eq(order.quantity)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('never sends late, fenced out, twice, or out of turn', () => {
    expect(sending(intent(), {})).toBe('moved');
    expect(sending(intent(), { fencing: 8 })).toBe('fenced_out');
    expect(sending(intent(), { at: second(6) })).toBe('deadline_passed');
    expect(sending(intent(), { attempt: 2 })).toBe('attempt_number');
    const sent = play(intent(), [started]).order;
    expect(sending(sent, { attempt: 2 })).toBe('order_not_intent');
    const unknown = play(sent, [lost]).order;
    expect(sending(unknown, { attempt: 2 })).toBe('order_not_intent');
    const request = { kind: 'cancel' as const, target: keyOne };
    expect(sending(unknown, { attempt: 2, request })).toBe('order_not_at_broker');
    const cancelling = play(play(sent, [accepted]).order, [
      { ...started, attempt: 2, request } as OrderEvent,
    ]).order;
    expect(sending(cancelling, { attempt: 3, request })).toBe('attempt_unsettled');
  });

  it('after a crash cancels what was never sent and doubts what may have been', () => {
    const recovered: OrderEvent = { kind: 'recovered', at: second(20) };
    const never = play(intent(), [recovered]);
    expect(never.order).toMatchObject({ state: 'cancelled', reason: { code: 'never_sent' } });
    expect(stepOrder(never.order, started)).toMatchObject({ kind: 'refused', code: 'order_over' });
    const doubted = play(intent(), [started, recovered]);
    expect(doubted.order).toMatchObject({
      state: 'unknown',
      attempts: [{ outcome: 'unknown', closedAt: second(20) }],
    });
    expect(doubted.effects.map((effect) => effect.kind)).toEqual(['find_out', 'alert']);
    expect(play(intent(), [started, accepted, recovered]).order.state).toBe('accepted');
  });

  it('frees the key after a definite rejection, keeps it while unknown and when abandoned', () => {
    expect(kinds([started, { kind: 'rejected', attempt: 1, at: second(2), reason }])).toEqual([
      'release_key',
    ]);
    expect(kinds([started, accepted, reported(reportOf({ rejected: decimal(10) }))])).toEqual([
      'release_key',
    ]);
    expect(kinds([started, lost])).not.toContain('release_key');
    expect(
      kinds([started, lost, { kind: 'proven_absent', attempt: 1, at: second(30), reason }]),
    ).not.toContain('release_key');
    expect(
      kinds([
        started,
        accepted,
        reported(reportOf({ filled: decimal(1), amount: decimal(1), rejected: decimal(9) })),
      ]),
    ).not.toContain('release_key');
  });

  it('takes a late answer, and an abandoned order that turns up after all', () => {
    expect(play(intent(), [started, lost, accepted]).order.state).toBe('accepted');
    const gone: OrderEvent = { kind: 'proven_absent', attempt: 1, at: second(30), reason };
    const abandoned = play(intent(), [started, lost, gone]).order;
    expect(abandoned.state).toBe('cancelled');
    const found = play(abandoned, [
      {
        kind: 'adopted',
        at: second(60),
        report: reportOf({ filled: decimal(10), amount: decimal(700_000) }),
        reason,
      },
    ]);
    expect(found.order.state).toBe('filled');
    expect(found.effects.map((effect) => effect.kind)).toEqual(['record_fill', 'alert']);
  });

  it('tries again only what certainly was not executed', () => {
    const limited: OrderEvent = { kind: 'not_executed', attempt: 1, at: second(2), reason, again: true };
    const again = play(intent(), [started, limited]).order;
    expect(again.state).toBe('intent');
    const second2 = play(again, [
      { ...started, attempt: 2 } as OrderEvent,
      { kind: 'accepted', attempt: 2, at: second(4), brokerKey: keyOne },
    ]);
    expect(second2.order.state).toBe('accepted');
    expect(play(intent(), [started, { ...limited, again: false }]).order.state).toBe('cancelled');
  });
});

describe('a revision', () => {
  const revise = {
    kind: 'revise' as const,
    target: keyOne,
    quantity: decimal(6),
    price: decimal(69_900),
  };
  const part = reported(reportOf({ filled: decimal(4), amount: decimal(280_000) }));
  const moved = reported(reportOf({ filled: decimal(4), amount: decimal(280_000), cancelled: decimal(6) }));
  const begun: OrderEvent = {
    ...started,
    attempt: 2,
    request: revise,
    at: second(10),
    deadline: second(15),
  } as OrderEvent;
  const taken: OrderEvent = { kind: 'accepted', attempt: 2, at: second(11), brokerKey: keyTwo };
  const child = reportOf({
    key: keyTwo,
    replaces: keyOne,
    role: 'revise',
    quantity: decimal(6),
    price: decimal(69_900),
  });
  const filled = reported({ ...child, filled: decimal(6), amount: decimal(419_400) });

  it('ends filled with the same average, in whatever order its news comes', () => {
    for (const events of [
      [part, begun, taken, moved, filled],
      [part, begun, moved, taken, filled],
      [part, begun, filled, taken, moved],
      [begun, taken, filled, moved],
    ]) {
      const { order, refusals, fills } = play(intent(), [started, accepted, ...events]);
      expect(refusals).toEqual([]);
      expect(order.state).toBe('filled');
      expect(filledAmount(order).toNumber()).toBe(699_400);
      expect(sum(fills.map((fill) => fill.quantity)).toNumber()).toBe(10);
    }
  });

  it('of more than is open is refused', () => {
    const { order } = play(intent(), [started, accepted, part]);
    const event = { ...begun, request: { ...revise, quantity: decimal(7) } } as OrderEvent;
    expect(stepOrder(order, event)).toMatchObject({
      kind: 'refused',
      code: 'revise_quantity',
      params: { open: '6' },
    });
  });

  it('whose answer was lost keeps the order alive until its child is seen', () => {
    const gone: OrderEvent = { ...lost, attempt: 2 } as OrderEvent;
    const waiting = play(intent(), [started, accepted, part, begun, gone, moved]).order;
    expect(waiting.state).toBe('partially_filled');
    expect(openQuantity(waiting).toNumber()).toBe(6);
    const { order } = play(waiting, [filled]);
    expect(order).toMatchObject({
      state: 'filled',
      attempts: [{}, { outcome: 'accepted', brokerKey: keyTwo }],
    });
  });
});

describe('an order', () => {
  it('is made only with a key of its symbol and purpose', () => {
    expect(() => newOrder({ ...intent(), key: 'now' })).toThrow('key');
    expect(() => newOrder({ ...intent(), symbol: '000660' })).toThrow('key');
    expect(() => newOrder({ ...intent(), side: 'sell', purpose: 'exit' })).toThrow('key');
    expect(() => newOrder({ ...exitIntent(), side: 'buy' })).toThrow('exits sell');
    expect(() => newOrder({ ...intent(), quantity: zero })).toThrow('quantity');
    expect(nextStepKey(exitIntent().key)).toBe('005930-15m-1795140000-sell-1-2');
    expect(nextStepKey(intent().key)).toBeNull();
  });

  it('names KIS orders alike from replies and lists', () => {
    expect(kisBrokerKey('2026-11-20', '06010', '1')).toBe(brokerKey.parse(keyOne));
    expect(orderState.options).toHaveLength(8);
  });
});
