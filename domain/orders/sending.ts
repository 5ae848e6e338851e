import { type Decimal, plain } from '#domain/core/decimal.ts';
import { type Order, type SendAttempt, type SendRequest, isUnacknowledged } from './order.ts';

export type WriteAnswer =
  | { readonly may: true }
  | {
      readonly may: false;
      readonly code: 'deadline_passed' | 'fenced_out' | 'attempt_not_open' | 'gateway_replaced';
    };

/**
 * Asked right before the first byte, after `send_started` was committed: a process that was paused in between must not
 * write late, nor under a token or an epoch that is over.
 * @param now scope time; @param fencing token that the symbol lock has now; @param gateway the epoch that this process
 * holds and the account's present one.
 */
export function mayWrite(
  order: Order,
  attempt: number,
  now: Date,
  fencing: number,
  gateway: { readonly own: number; readonly current: number },
): WriteAnswer {
  const found = order.attempts.find((each) => each.number === attempt);
  if (found === undefined || found.outcome !== 'open' || found.closedAt !== null)
    return { may: false, code: 'attempt_not_open' };
  if (gateway.own !== gateway.current) return { may: false, code: 'gateway_replaced' };
  if (fencing !== order.fencing) return { may: false, code: 'fenced_out' };
  if (now >= found.deadline) return { may: false, code: 'deadline_passed' };
  return { may: true };
}

function price(value: Decimal | null): string {
  return value === null ? 'market' : plain(value);
}

/** What is digested as the fingerprint of a request: everything that decides what the broker does with it. */
export function requestText(order: Order, attempt: SendAttempt['number'], request: SendRequest): string {
  const { account, symbol, side, quantity } = order;
  const asked =
    request.kind === 'new'
      ? [plain(quantity), price(order.price)]
      : request.kind === 'revise'
        ? [request.target, plain(request.quantity), price(request.price)]
        : [request.target];
  return [order.id, attempt, request.kind, account, symbol, side, ...asked].join('|');
}

/**
 * The order that forbids a further one for this account, symbol and side: a broker without client order ids could not
 * tell the two apart. Null when none does.
 */
export function unacknowledgedRival(
  orders: readonly Order[],
  wanted: Pick<Order, 'id' | 'account' | 'symbol' | 'side'>,
): Order | null {
  return (
    orders.find(
      (order) =>
        order.id !== wanted.id &&
        order.account === wanted.account &&
        order.symbol === wanted.symbol &&
        order.side === wanted.side &&
        isUnacknowledged(order),
    ) ?? null
  );
}
