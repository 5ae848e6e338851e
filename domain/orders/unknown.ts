import { type Decimal, atLeastZero, least } from '#domain/core/decimal.ts';
import type { BrokerKey, BrokerReport } from './broker-order.ts';
import { type Order, type SendAttempt, filledQuantity } from './order.ts';

/** One complete look at the broker's orders of the day: every page read, no error. A failed one is no look. */
export interface BrokerLook {
  /** When it was begun. */
  readonly at: Date;
  readonly reports: readonly BrokerReport[];
}

export interface Evidence {
  /** Complete looks, oldest first. */
  readonly looks: readonly BrokerLook[];
  /** Broker orders that belong to any order of ours, of whatever state. */
  readonly owned: ReadonlySet<BrokerKey>;
  /** Broker orders of which a person said that they are not this one. */
  readonly notOurs: ReadonlySet<BrokerKey>;
  /** What the broker itself says can be sold of the symbol, and when it was asked. Null: not known. */
  readonly sellable: { readonly quantity: Decimal; readonly at: Date } | null;
}

export interface UnknownPolicy {
  /** So many looks in a row must agree. */
  readonly looks: number;
  /** Over at least this long, from the first of them to the last. */
  readonly spanMs: number;
  /** How far the broker's clock may be behind ours. */
  readonly skewMs: number;
}

export const unknownPolicy: UnknownPolicy = { looks: 3, spanMs: 5_000, skewMs: 2_000 };

export type Resolution =
  | {
      readonly kind: 'wait';
      readonly why: 'sender_alive' | 'deadline_ahead' | 'looks_missing' | 'sellable_unknown';
    }
  | { readonly kind: 'adopt'; readonly report: BrokerReport }
  /** A person must say which it is: it stays unknown and its trader halts. */
  | { readonly kind: 'ask'; readonly candidates: readonly BrokerReport[] }
  /** Not at the broker, and not sent again. */
  | { readonly kind: 'abandon'; readonly attempt: number }
  /** Not at the broker: to be sold by a new order of the key's next step, of this quantity. */
  | { readonly kind: 'resend'; readonly attempt: number; readonly quantity: Decimal }
  | { readonly kind: 'not_unknown' };

/** Both at the market, or the same limit. */
function samePrice(a: Decimal | null, b: Decimal | null): boolean {
  return a === null || b === null ? a === b : a.eq(b);
}

/**
 * Broker orders that may be the one whose answer was lost: same symbol, side, quantity and price, taken after the
 * sending, owned by no other order, not said to be foreign by the broker or a person.
 */
export function candidatesFor(
  order: Order,
  attempt: SendAttempt,
  look: BrokerLook,
  evidence: Pick<Evidence, 'owned' | 'notOurs'>,
  policy: UnknownPolicy = unknownPolicy,
): readonly BrokerReport[] {
  const earliest = attempt.at.getTime() - policy.skewMs;
  return look.reports.filter(
    (report) =>
      report.role === 'new' &&
      report.symbol === order.symbol &&
      report.side === order.side &&
      report.quantity.eq(order.quantity) &&
      samePrice(report.price, order.price) &&
      report.at.getTime() >= earliest &&
      report.origin !== 'elsewhere' &&
      !evidence.owned.has(report.key) &&
      !evidence.notOurs.has(report.key),
  );
}

function sameKeys(a: readonly BrokerReport[], b: readonly BrokerReport[]): boolean {
  const keys = new Set(a.map((report) => report.key));
  return a.length === b.length && b.every((report) => keys.has(report.key));
}

/**
 * The last looks that agree, when they are enough; null while they are not. A look counts from the moment on when
 * nothing can be on its way any more.
 */
function agreed(
  order: Order,
  attempt: SendAttempt,
  evidence: Evidence,
  policy: UnknownPolicy,
): { readonly candidates: readonly BrokerReport[]; readonly until: Date } | null {
  const from = Math.max(attempt.deadline.getTime(), attempt.closedAt?.getTime() ?? 0);
  const looks = evidence.looks
    .filter((look) => look.at.getTime() >= from)
    .map((look) => ({ at: look.at, candidates: candidatesFor(order, attempt, look, evidence, policy) }));
  const last = looks.at(-1);
  if (last === undefined) return null;
  const breaks = looks.findLastIndex((look) => !sameKeys(look.candidates, last.candidates));
  const run = looks.slice(breaks + 1);
  const [first] = run;
  if (first === undefined || run.length < policy.looks) return null;
  if (last.at.getTime() - first.at.getTime() < policy.spanMs) return null;
  return { candidates: last.candidates, until: last.at };
}

/**
 * What becomes of an order whose answer was lost. Neither presence nor absence counts before the sender is out of the
 * way, the deadline has passed and several looks over several seconds agree: a paused sender may still write, and the
 * only candidate of a hasty look may be somebody's manual order.
 * @param now scope time.
 */
export function resolveUnknown(
  order: Order,
  evidence: Evidence,
  now: Date,
  policy: UnknownPolicy = unknownPolicy,
): Resolution {
  const attempt = order.attempts.findLast((each) => each.request.kind === 'new');
  if (order.state !== 'unknown' || attempt === undefined || attempt.outcome !== 'unknown')
    return { kind: 'not_unknown' };
  if (attempt.closedAt === null) return { kind: 'wait', why: 'sender_alive' };
  if (now <= attempt.deadline) return { kind: 'wait', why: 'deadline_ahead' };
  const found = agreed(order, attempt, evidence, policy);
  if (found === null) return { kind: 'wait', why: 'looks_missing' };
  const [only, ...others] = found.candidates;
  if (only !== undefined)
    return others.length === 0
      ? { kind: 'adopt', report: only }
      : { kind: 'ask', candidates: found.candidates };
  if (order.side === 'buy') return { kind: 'abandon', attempt: attempt.number };
  return resend(order, attempt, evidence, found.until);
}

/** A sell that is not there is sold again, but never more than the broker says can be sold after the last look. */
function resend(order: Order, attempt: SendAttempt, evidence: Evidence, until: Date): Resolution {
  const { sellable } = evidence;
  if (sellable === null || sellable.at < until) return { kind: 'wait', why: 'sellable_unknown' };
  const quantity = least(atLeastZero(order.quantity.minus(filledQuantity(order))), sellable.quantity);
  return quantity.gt(0)
    ? { kind: 'resend', attempt: attempt.number, quantity }
    : { kind: 'abandon', attempt: attempt.number };
}

/**
 * Whether a revision or cancel whose answer was lost is proven not to have reached the broker: in enough agreeing looks
 * after its deadline its target stands with something left, and nothing replaces it. Presence needs no rule: a broker
 * order that names the target is this one.
 */
export function amendmentAbsent(
  order: Order,
  attempt: SendAttempt,
  looks: readonly BrokerLook[],
  now: Date,
  policy: UnknownPolicy = unknownPolicy,
): boolean {
  const { request, closedAt, deadline } = attempt;
  if (request.kind === 'new' || attempt.outcome !== 'unknown' || closedAt === null || now <= deadline)
    return false;
  const from = Math.max(deadline.getTime(), closedAt.getTime());
  const counted = looks.filter((look) => look.at.getTime() >= from);
  const untouched = (look: BrokerLook) => {
    const target = look.reports.find((report) => report.key === request.target);
    const owned = new Set(order.brokerOrders.map((each) => each.key));
    return (
      target !== undefined &&
      target.cancelled.isZero() &&
      !look.reports.some((report) => report.replaces === request.target && !owned.has(report.key))
    );
  };
  const [first] = counted;
  const last = counted.at(-1);
  if (first === undefined || last === undefined || counted.length < policy.looks) return false;
  return last.at.getTime() - first.at.getTime() >= policy.spanMs && counted.every(untouched);
}
