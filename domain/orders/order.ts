import { z } from 'zod';
import { type Decimal, atLeastZero, sum, zero } from '#domain/core/decimal.ts';
import { invalidField } from '#domain/core/errors.ts';
import { exitKey, parseKey } from '#domain/locks/idempotency.ts';
import { type BrokerKey, type BrokerOrder, type Side, brokerRemaining } from './broker-order.ts';

/**
 * - `intent`: written, nothing sent. - `sent`: the sending is written, bytes may be on their way.
 * - `accepted`, `partially_filled`: at the broker. - `filled`, `cancelled`, `rejected`: over.
 * - `unknown`: it may or may not have reached the broker.
 */
export const orderState = z.enum([
  'intent',
  'sent',
  'accepted',
  'partially_filled',
  'filled',
  'cancelled',
  'rejected',
  'unknown',
]);
export type OrderState = z.output<typeof orderState>;

export const endedOrderStates = ['filled', 'cancelled', 'rejected'] as const satisfies readonly OrderState[];
const ended: readonly OrderState[] = endedOrderStates;

/** Whether it opens or closes a position: what blocks entries never blocks exits. */
export const purpose = z.enum(['entry', 'exit']);
export type Purpose = z.output<typeof purpose>;

/**
 * Of one try to send something:
 * - `open`: may be on its way. - `accepted`, `rejected`: the broker answered.
 * - `not_executed`: certainly nothing happened (withheld before the first byte, or refused before it was looked at).
 * - `unknown`: no answer that says. - `absent`: proven not to have reached the broker.
 */
export const attemptOutcome = z.enum(['open', 'accepted', 'rejected', 'not_executed', 'unknown', 'absent']);
export type AttemptOutcome = z.output<typeof attemptOutcome>;

/** What is asked of a broker. */
export type SendRequest =
  | { readonly kind: 'new' }
  | {
      readonly kind: 'revise';
      readonly target: BrokerKey;
      readonly quantity: Decimal;
      readonly price: Decimal | null;
    }
  | { readonly kind: 'cancel'; readonly target: BrokerKey };

export interface SendAttempt {
  /** 1 for the first; counts every try of this order, whatever it asks. */
  readonly number: number;
  readonly request: SendRequest;
  /** Digest of the exact request, so that what went out can be told from what was meant. */
  readonly fingerprint: string;
  /** Written before the first byte (scope time). */
  readonly at: Date;
  /** No first byte after this. */
  readonly deadline: Date;
  readonly outcome: AttemptOutcome;
  /** From then on nobody can send this any more: its sender said so or was proven dead. Null until then. */
  readonly closedAt: Date | null;
  readonly brokerKey: BrokerKey | null;
}

/** Why an order is where it is: rendered as `reasons.<code>`. */
export interface OrderReason {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export interface Order {
  readonly id: string;
  readonly account: string;
  readonly trader: string;
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: Purpose;
  readonly quantity: Decimal;
  /** Limit; null at the market's price. */
  readonly price: Decimal | null;
  /** Idempotency key: of the signal's candle, never of the time of asking. */
  readonly key: string;
  /** Of the symbol lock under which it was made. */
  readonly fencing: number;
  readonly state: OrderState;
  readonly reason: OrderReason | null;
  readonly attempts: readonly SendAttempt[];
  readonly brokerOrders: readonly BrokerOrder[];
}

export type OrderParts = Pick<
  Order,
  'id' | 'account' | 'trader' | 'symbol' | 'side' | 'purpose' | 'quantity' | 'price' | 'key' | 'fencing'
>;

/**
 * An order as its intent: nothing has been sent.
 * @throws Problem 400 naming the field: quantity and price must be positive, entries buy and exits sell, the key is
 * one of this symbol, an exit's with episode and step.
 */
export function newOrder(parts: OrderParts): Order {
  if (!parts.quantity.gt(0)) throw invalidField('quantity', 'not_positive', 'must be above zero');
  if (parts.price !== null && !parts.price.gt(0))
    throw invalidField('price', 'not_positive', 'must be above zero');
  // Nothing is sold short: a buy that called itself an exit would pass by every check of entries.
  if ((parts.purpose === 'exit') !== (parts.side === 'sell'))
    throw invalidField('side', 'side_bad', 'entries buy and exits sell');
  const key = parseKey(parts.key);
  if (key === null || key.ticker !== parts.symbol)
    throw invalidField('key', 'key_bad', `is no idempotency key of ${parts.symbol}`);
  if ((parts.purpose === 'exit') !== 'step' in key)
    throw invalidField('key', 'key_bad', 'an exit key has episode and step, an entry key has none');
  return { ...parts, state: 'intent', reason: null, attempts: [], brokerOrders: [] };
}

/** Key of the next step of the same exit; null for an entry, which has no further step. */
export function nextStepKey(key: string): string | null {
  const parts = parseKey(key);
  return parts !== null && 'step' in parts ? exitKey({ ...parts, step: parts.step + 1 }) : null;
}

export function isOver(order: Order): boolean {
  return ended.includes(order.state);
}

/** Sum of what its broker orders filled. */
export function filledQuantity(order: Order): Decimal {
  return sum(order.brokerOrders.map((each) => each.filled));
}

/** Sum of price × quantity of its fills. */
export function filledAmount(order: Order): Decimal {
  return sum(order.brokerOrders.map((each) => each.amount));
}

/**
 * What may still be filled, as far as is known: all of it while it may be at the broker unseen. After a revision both
 * numbers may look alive for a moment, so it is bounded by what the order lacks.
 */
export function openQuantity(order: Order): Decimal {
  if (isOver(order)) return zero;
  const lacking = atLeastZero(order.quantity.minus(filledQuantity(order)));
  if (order.brokerOrders.length === 0) return lacking;
  const live = sum(order.brokerOrders.map(brokerRemaining));
  return live.lt(lacking) && !hasUnsettledRevision(order) ? live : lacking;
}

/** A try without an answer that says what happened. */
export function isUnsettled(attempt: SendAttempt): boolean {
  return attempt.outcome === 'open' || attempt.outcome === 'unknown';
}

/** A revision may be at the broker under a number that is not known yet: the order is not over while it may. */
export function hasUnsettledRevision(order: Order): boolean {
  return order.attempts.some((attempt) => attempt.request.kind === 'revise' && isUnsettled(attempt));
}

/** The broker order that now stands for it; null when none has anything left. */
export function liveBrokerOrder(order: Order): BrokerOrder | null {
  return order.brokerOrders.findLast((each) => brokerRemaining(each).gt(0)) ?? null;
}

/** Whether the broker may have it without our knowing its number. */
export function isUnacknowledged(order: Order): boolean {
  return order.state === 'intent' || order.state === 'sent' || order.state === 'unknown';
}
