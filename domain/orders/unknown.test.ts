import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal } from '#domain/core/decimal.ts';
import { type BrokerReport, brokerKey } from './broker-order.ts';
import type { OrderEvent } from './event.ts';
import type { Order, OrderParts } from './order.ts';
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
import { replacement } from './replace.ts';
import { mayWrite, requestText, unacknowledgedRival } from './sending.ts';
import { type Evidence, amendmentAbsent, resolveUnknown, unknownPolicy } from './unknown.ts';

const unknownBuy = play(intent(), [started, lost]).order;
const unknownSell = play(exitIntent(), [started, lost]).order;

function looks(at: readonly number[], reports: readonly BrokerReport[] = []): Evidence {
  return {
    looks: at.map((each) => ({ at: second(each), reports })),
    owned: new Set(),
    notOurs: new Set(),
    sellable: null,
  };
}
const enough = [7, 10, 13];

function ask(sellable: Evidence['sellable']) {
  return resolveUnknown(unknownSell, { ...looks(enough), sellable }, second(30));
}

describe('resolveUnknown', () => {
  it('sees no proof of absence before the deadline, a living sender, few, hasty or disagreeing looks', () => {
    const wait = (evidence: Evidence, order: Order = unknownBuy, now = 30) => {
      const answer = resolveUnknown(order, evidence, second(now));
      return answer.kind === 'wait' ? answer.why : answer.kind;
    };
    const sending: Order = {
      ...unknownBuy,
      attempts: unknownBuy.attempts.map((each) => ({ ...each, closedAt: null })),
    };
    expect(wait(looks(enough), sending)).toBe('sender_alive');
    expect(wait(looks(enough), unknownBuy, 6)).toBe('deadline_ahead');
    expect(wait(looks([7, 13]))).toBe('looks_missing');
    expect(wait(looks([7, 8, 9]))).toBe('looks_missing');
    expect(wait(looks([1, 4, 13]))).toBe('looks_missing');
    const flicker = looks(enough);
    const [, , last] = looks(enough, [reportOf()]).looks;
    if (last === undefined) throw new Error('unreachable');
    expect(wait({ ...flicker, looks: [...flicker.looks.slice(0, 2), last] })).toBe('looks_missing');
    expect(wait(looks(enough))).toBe('abandon');
    expect(wait(looks(enough), play(intent(), [started, accepted]).order)).toBe('not_unknown');
  });

  it('adopts exactly one candidate, asks a person about several', () => {
    const two = [reportOf(), reportOf({ key: keyTwo })];
    expect(resolveUnknown(unknownBuy, looks(enough, [reportOf()]), second(30))).toMatchObject({
      kind: 'adopt',
      report: { key: keyOne },
    });
    expect(resolveUnknown(unknownBuy, looks(enough, two), second(30))).toMatchObject({
      kind: 'ask',
      candidates: [{ key: keyOne }, { key: keyTwo }],
    });
    const said = { ...looks(enough, two), notOurs: new Set([keyOne]) };
    expect(resolveUnknown(unknownBuy, said, second(30))).toMatchObject({
      kind: 'adopt',
      report: { key: keyTwo },
    });
  });

  it('never takes an order of another row, side, symbol, quantity, price, earlier time or place for ours', () => {
    for (const other of [
      { side: 'sell' as const },
      { symbol: '000660' },
      { quantity: decimal(9) },
      { price: decimal(69_900) },
      { price: null },
      { at: second(-5) },
      { origin: 'elsewhere' as const },
      { role: 'revise' as const },
    ])
      expect(resolveUnknown(unknownBuy, looks(enough, [reportOf(other)]), second(30)).kind).toBe('abandon');
    const owned = { ...looks(enough, [reportOf()]), owned: new Set([keyOne]) };
    expect(resolveUnknown(unknownBuy, owned, second(30)).kind).toBe('abandon');
  });

  it('sells again only what the broker says can be sold after the last look', () => {
    expect(ask(null)).toEqual({ kind: 'wait', why: 'sellable_unknown' });
    expect(ask({ quantity: decimal(10), at: second(12) })).toEqual({ kind: 'wait', why: 'sellable_unknown' });
    expect(ask({ quantity: decimal(0), at: second(14) })).toEqual({ kind: 'abandon', attempt: 1 });
    expect(ask({ quantity: decimal(4), at: second(14) })).toEqual({
      kind: 'resend',
      attempt: 1,
      quantity: decimal(4),
    });
    expect(ask({ quantity: decimal(99), at: second(14) })).toMatchObject({ quantity: decimal(10) });
  });

  it('resends no buy and no more than is sellable, and adopts nothing owned, whatever the evidence', () => {
    const keys = [0, 1, 2, 3].map((n) => brokerKey.parse(`2026-11-20/06010/000000000${n}`));
    const anyLook = fc.record({
      at: fc.integer({ min: 0, max: 40 }).map(second),
      reports: fc
        .uniqueArray(fc.constantFrom(...keys), { maxLength: 3 })
        .map((some) => some.map((key) => reportOf({ key, side: 'sell' }))),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(unknownBuy, unknownSell),
        fc.array(anyLook, { maxLength: 8 }),
        fc.subarray(keys),
        fc.option(fc.record({ quantity: fc.nat(20).map(decimal), at: fc.nat(50).map(second) }), {
          nil: null,
        }),
        fc.nat(60),
        (order, seen, owned, sellable, now) => {
          const sorted = [...seen].sort((a, b) => a.at.getTime() - b.at.getTime());
          const evidence = { looks: sorted, owned: new Set(owned), notOurs: new Set<never>(), sellable };
          const answer = resolveUnknown(order, evidence, second(now));
          if (answer.kind === 'wait') return;
          expect(second(now) > second(6)).toBe(true);
          expect(sorted.filter((look) => look.at >= second(6)).length).toBeGreaterThanOrEqual(
            unknownPolicy.looks,
          );
          if (answer.kind === 'resend') {
            expect(order.side).toBe('sell');
            expect(answer.quantity.lte(sellable?.quantity ?? 0)).toBe(true);
          }
          if (answer.kind === 'adopt') {
            expect(owned).not.toContain(answer.report.key);
            const adopted: OrderEvent = {
              kind: 'adopted',
              at: second(now),
              report: answer.report,
              reason: { code: 'adopted', params: {} },
            };
            expect(play(order, [adopted]).order.state).toBe('accepted');
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a cancel whose answer was lost', () => {
  it('is proven absent only when its target stands untouched in every look', () => {
    const request = { kind: 'cancel' as const, target: keyOne };
    const cancel = { ...started, attempt: 2, request } as OrderEvent;
    const { order } = play(intent(), [started, accepted, cancel, { ...lost, attempt: 2 } as OrderEvent]);
    const attempt = order.attempts[1];
    if (attempt === undefined) throw new Error('unreachable');
    const absent = (reports: BrokerReport[], at = enough) =>
      amendmentAbsent(order, attempt, looks(at, reports).looks, second(30));
    expect(absent([reportOf()])).toBe(true);
    expect(absent([reportOf()], [7, 8])).toBe(false);
    expect(absent([])).toBe(false);
    expect(absent([reportOf({ cancelled: decimal(3) })])).toBe(false);
    expect(absent([reportOf(), reportOf({ key: keyTwo, replaces: keyOne, role: 'cancel' })])).toBe(false);
    const over = play(order, [
      { kind: 'reported', at: second(9), report: reportOf({ cancelled: decimal(10) }) },
    ]).order;
    expect(over.state).toBe('cancelled');
  });
});

describe('replacement', () => {
  const live = play(intent(), [started, accepted]).order;
  it('prefers to revise, and places nothing before the cancelled quantity is confirmed', () => {
    expect(replacement(live, { revises: true })).toMatchObject({ kind: 'revise', target: keyOne });
    expect(replacement(live, { revises: false })).toEqual({ kind: 'cancel', target: keyOne });
    const request = { kind: 'cancel' as const, target: keyOne };
    const asked = play(live, [{ ...started, attempt: 2, request } as OrderEvent]).order;
    expect(replacement(asked, { revises: false })).toEqual({ kind: 'wait', why: 'attempt_unsettled' });
    const heard = play(asked, [{ kind: 'accepted', attempt: 2, at: second(3), brokerKey: keyTwo }]).order;
    expect(heard.state).toBe('accepted');
    expect(replacement(heard, { revises: false })).toEqual({ kind: 'wait', why: 'cancel_unconfirmed' });
    const raced = reportOf({ filled: decimal(4), amount: decimal(280_000), cancelled: decimal(6) });
    const over = play(heard, [{ kind: 'reported', at: second(4), report: raced }]).order;
    expect(replacement(over, { revises: false })).toEqual({ kind: 'place', quantity: decimal(6) });
    const refused = play(heard, [
      {
        kind: 'reported',
        at: second(4),
        report: reportOf({ key: keyTwo, replaces: keyOne, role: 'cancel', rejected: decimal(10) }),
      },
    ]).order;
    expect(replacement(refused, { revises: false })).toEqual({ kind: 'cancel', target: keyOne });
  });

  it('waits for what is unknown and never replaces what was abandoned', () => {
    expect(replacement(unknownBuy, { revises: true })).toEqual({ kind: 'wait', why: 'not_acknowledged' });
    const gone: OrderEvent = {
      kind: 'proven_absent',
      attempt: 1,
      at: second(30),
      reason: { code: 'abandoned', params: {} },
    };
    expect(replacement(play(unknownBuy, [gone]).order, { revises: true })).toEqual({ kind: 'abandoned' });
  });
});

describe('sending', () => {
  it('is checked again right before the first byte', () => {
    const sent = play(intent(), [started]).order;
    const code = (now: number, fencing: number, current: number, order = sent) => {
      const answer = mayWrite(order, 1, second(now), fencing, { own: 3, current });
      return answer.may || answer.code;
    };
    expect(code(5, 7, 3)).toBe(true);
    expect(code(6, 7, 3)).toBe('deadline_passed');
    expect(code(5, 8, 3)).toBe('fenced_out');
    expect(code(5, 7, 4)).toBe('gateway_replaced');
    expect(code(5, 7, 3, play(sent, [lost]).order)).toBe('attempt_not_open');
    expect(requestText(sent, 1, { kind: 'new' })).toBe('o1|1|new|a1|005930|buy|10|70000');
  });

  it('allows one unacknowledged order per account, symbol and side', () => {
    const wanted = intent({ id: 'o2' });
    expect(unacknowledgedRival([unknownBuy], wanted)?.id).toBe('o1');
    for (const parts of [
      { account: 'a2' },
      { side: 'sell' as const },
      { id: 'o1' },
    ] satisfies Partial<OrderParts>[])
      expect(unacknowledgedRival([unknownBuy], { ...wanted, ...parts })).toBeNull();
    expect(unacknowledgedRival([play(intent(), [started, accepted]).order], wanted)).toBeNull();
  });
});
