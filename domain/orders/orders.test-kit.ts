import { decimal, zero } from '#domain/core/decimal.ts';
import type { BrokerReport } from './broker-order.ts';
import { brokerKey } from './broker-order.ts';
import type { OrderEffect, OrderEvent } from './event.ts';
import { type Order, type OrderParts, newOrder } from './order.ts';
import { stepOrder } from './transition.ts';

/** An instant some seconds into a made-up session. */
export function second(at: number): Date {
  return new Date(Date.UTC(2026, 10, 20, 1) + at * 1_000);
}

export const keyOne = brokerKey.parse('2026-11-20/06010/0000000001');
export const keyTwo = brokerKey.parse('2026-11-20/06010/0000000002');
export const keyThree = brokerKey.parse('2026-11-20/06010/0000000003');

export function intent(parts: Partial<OrderParts> = {}): Order {
  return newOrder({
    id: 'o1',
    account: 'a1',
    trader: 't1',
    symbol: '005930',
    side: 'buy',
    purpose: 'entry',
    quantity: decimal(10),
    price: decimal(70_000),
    key: '005930-15m-1795140000-buy',
    fencing: 7,
    ...parts,
  });
}

export function exitIntent(parts: Partial<OrderParts> = {}): Order {
  return intent({ side: 'sell', purpose: 'exit', key: '005930-15m-1795140000-sell-1-1', ...parts });
}

export function reportOf(parts: Partial<BrokerReport> = {}): BrokerReport {
  return {
    key: keyOne,
    replaces: null,
    role: 'new',
    symbol: '005930',
    side: 'buy',
    quantity: decimal(10),
    price: decimal(70_000),
    at: second(2),
    filled: zero,
    amount: zero,
    cancelled: zero,
    rejected: zero,
    origin: null,
    ...parts,
  };
}

export const started: OrderEvent = {
  kind: 'send_started',
  attempt: 1,
  request: { kind: 'new' },
  fingerprint: 'f1',
  at: second(1),
  deadline: second(6),
  fencing: 7,
};
export const accepted: OrderEvent = { kind: 'accepted', attempt: 1, at: second(2), brokerKey: keyOne };
export const lost: OrderEvent = {
  kind: 'reply_lost',
  attempt: 1,
  at: second(3),
  reason: { code: 'timed_out', params: {} },
};

/** Carries events out one after the other; refusals change nothing and are returned. */
export function play(order: Order, events: readonly OrderEvent[]) {
  let now = order;
  const effects: OrderEffect[] = [];
  const refusals: string[] = [];
  for (const event of events) {
    const step = stepOrder(now, event);
    if (step.kind === 'moved') {
      now = step.order;
      effects.push(...step.effects);
    } else if (step.kind === 'refused') refusals.push(step.code);
  }
  const fills = effects.flatMap((effect) => (effect.kind === 'record_fill' ? [effect.fill] : []));
  return { order: now, effects, fills, refusals };
}
