import type { Decimal } from '#domain/core/decimal.ts';
import type { BrokerKey } from './broker-order.ts';
import { type Order, isOver, isUnsettled, liveBrokerOrder, openQuantity } from './order.ts';
import { unfilled } from './transition.ts';

export type Replacement =
  /** The broker changes it in place: nothing is ever sold twice. */
  | { readonly kind: 'revise'; readonly target: BrokerKey; readonly quantity: Decimal }
  | { readonly kind: 'cancel'; readonly target: BrokerKey }
  /** The broker has confirmed what was cancelled: so much may be ordered anew. */
  | { readonly kind: 'place'; readonly quantity: Decimal }
  | {
      readonly kind: 'wait';
      readonly why: 'not_acknowledged' | 'attempt_unsettled' | 'cancel_unconfirmed';
    }
  | { readonly kind: 'nothing_left' }
  /** Its answer was lost and it was given up: only `resolveUnknown` may say that it is sold again. */
  | { readonly kind: 'abandoned' };

/**
 * The next step towards another price for what an order lacks. The broker's revision is preferred; without it the
 * order is cancelled, and a replacement comes only after the broker reported the cancelled quantity: an accepted cancel
 * may still lose to a fill.
 */
export function replacement(order: Order, broker: { readonly revises: boolean }): Replacement {
  if (order.attempts.some(isUnsettled) && !isOver(order))
    return order.brokerOrders.length === 0
      ? { kind: 'wait', why: 'not_acknowledged' }
      : { kind: 'wait', why: 'attempt_unsettled' };
  switch (order.state) {
    case 'intent':
    case 'sent':
    case 'unknown':
      return { kind: 'wait', why: 'not_acknowledged' };
    case 'filled':
      return { kind: 'nothing_left' };
    case 'cancelled':
    case 'rejected':
      if (order.attempts.some((each) => each.outcome === 'absent')) return { kind: 'abandoned' };
      return { kind: 'place', quantity: unfilled(order) };
    case 'accepted':
    case 'partially_filled': {
      const live = liveBrokerOrder(order);
      if (live === null) return { kind: 'nothing_left' };
      const cancelling = order.attempts.some(
        (each) =>
          each.outcome === 'accepted' && each.request.kind === 'cancel' && each.request.target === live.key,
      );
      if (cancelling) return { kind: 'wait', why: 'cancel_unconfirmed' };
      return broker.revises
        ? { kind: 'revise', target: live.key, quantity: openQuantity(order) }
        : { kind: 'cancel', target: live.key };
    }
  }
}
