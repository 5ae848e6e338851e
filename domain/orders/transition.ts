import type { BrokerKey, BrokerOrder, BrokerReport } from './broker-order.ts';
import type { OrderEffect, OrderEvent, OrderStep, RefusalCode } from './event.ts';
import { brokerRemaining, freshBrokerOrder, ingest } from './broker-order.ts';
import {
  type AttemptOutcome,
  type Order,
  type OrderState,
  type SendAttempt,
  type SendRequest,
  filledQuantity,
  hasUnsettledRevision,
  isOver,
  isUnsettled,
  openQuantity,
} from './order.ts';
import { type Decimal, sum } from '#domain/core/decimal.ts';

const legal: Readonly<Record<OrderState, readonly OrderState[]>> = {
  intent: ['sent', 'cancelled'],
  // Back to intent only after a definite "not executed".
  sent: ['intent', 'accepted', 'rejected', 'unknown', 'cancelled', 'partially_filled', 'filled'],
  accepted: ['partially_filled', 'filled', 'cancelled', 'rejected'],
  partially_filled: ['filled', 'cancelled'],
  filled: [],
  // Only when what was abandoned turns up at the broker after all: then it is ours and is owned.
  cancelled: ['accepted', 'partially_filled', 'filled', 'rejected'],
  rejected: [],
  unknown: ['accepted', 'partially_filled', 'filled', 'cancelled', 'rejected'],
};

export function isLegalOrderMove(from: OrderState, to: OrderState): boolean {
  return from === to || legal[from].includes(to);
}

function refused(code: RefusalCode, order: Order, params: Record<string, string | number> = {}): OrderStep {
  return { kind: 'refused', code, params: { order: order.id, state: order.state, ...params } };
}

function moved(from: Order, order: Order, effects: readonly OrderEffect[] = []): OrderStep {
  if (!isLegalOrderMove(from.state, order.state)) return refused('illegal_move', from, { to: order.state });
  return { kind: 'moved', from: from.state, order, effects };
}

function withAttempt(
  order: Order,
  number: number,
  change: { outcome: AttemptOutcome; closedAt: Date; brokerKey?: BrokerKey },
): Order {
  return {
    ...order,
    attempts: order.attempts.map((each) => (each.number === number ? { ...each, ...change } : each)),
  };
}

const release = (order: Order): OrderEffect => ({ kind: 'release_key', key: order.key });

/** Where an order stands whose broker orders are known. */
function standing(order: Order): OrderState {
  const filled = filledQuantity(order);
  if (filled.gte(order.quantity)) return 'filled';
  const live = order.brokerOrders.some((each) => brokerRemaining(each).gt(0)) || hasUnsettledRevision(order);
  if (live) return filled.gt(0) ? 'partially_filled' : 'accepted';
  const cancelled = order.brokerOrders.some((each) => each.role !== 'cancel' && each.cancelled.gt(0));
  return filled.isZero() && !cancelled ? 'rejected' : 'cancelled';
}

function settled(order: Order): Order {
  const state = standing(order);
  if (state === order.state) return order;
  const code = { rejected: 'rejected_by_exchange', cancelled: 'cancel_confirmed' } as const;
  const reason = state === 'rejected' || state === 'cancelled' ? { code: code[state], params: {} } : null;
  return { ...order, state, reason };
}

/** Effects of having arrived in a state by the broker's word. */
function arrival(from: Order, to: Order): readonly OrderEffect[] {
  return to.state === 'rejected' && from.state !== 'rejected' ? [release(to)] : [];
}

function startSending(order: Order, event: Extract<OrderEvent, { kind: 'send_started' }>): OrderStep {
  if (isOver(order)) return refused('order_over', order);
  const number = order.attempts.length + 1;
  if (event.attempt !== number) return refused('attempt_number', order, { expected: number });
  if (event.fencing !== order.fencing) return refused('fenced_out', order, { token: event.fencing });
  if (event.at >= event.deadline) return refused('deadline_passed', order);
  const { request } = event;
  if (request.kind === 'new') {
    if (order.state !== 'intent') return refused('order_not_intent', order);
  } else {
    const target = order.brokerOrders.find((each) => each.key === request.target);
    if (target === undefined || brokerRemaining(target).isZero())
      return refused('order_not_at_broker', order);
    if (order.attempts.some(isUnsettled)) return refused('attempt_unsettled', order);
    if (request.kind === 'revise' && !(request.quantity.gt(0) && request.quantity.lte(openQuantity(order))))
      return refused('revise_quantity', order, { open: openQuantity(order).toFixed() });
  }
  const attempt: SendAttempt = {
    number,
    request,
    fingerprint: event.fingerprint,
    at: event.at,
    deadline: event.deadline,
    outcome: 'open',
    closedAt: null,
    brokerKey: null,
  };
  const state = request.kind === 'new' ? 'sent' : order.state;
  return moved(order, { ...order, state, attempts: [...order.attempts, attempt] });
}

type Answer = Extract<OrderEvent, { kind: 'not_executed' | 'accepted' | 'rejected' | 'reply_lost' }>;

function ownedAs(request: SendRequest, order: Order, key: BrokerKey): BrokerOrder {
  if (request.kind === 'new')
    return freshBrokerOrder({
      key,
      replaces: null,
      role: 'new',
      quantity: order.quantity,
      price: order.price,
    });
  const { target: replaces } = request;
  return request.kind === 'cancel'
    ? freshBrokerOrder({ key, replaces, role: 'cancel', quantity: order.quantity, price: null })
    : freshBrokerOrder({
        key,
        replaces,
        role: 'revise',
        quantity: request.quantity,
        price: request.price,
      });
}

function accept(order: Order, attempt: SendAttempt, key: BrokerKey, at: Date): OrderStep {
  const known = order.brokerOrders.some((each) => each.key === key);
  const closed = withAttempt(order, attempt.number, { outcome: 'accepted', closedAt: at, brokerKey: key });
  const next = settled({
    ...closed,
    brokerOrders: known
      ? closed.brokerOrders
      : [...closed.brokerOrders, ownedAs(attempt.request, order, key)],
  });
  return moved(order, next, arrival(order, next));
}

function answer(order: Order, event: Answer): OrderStep {
  const attempt = order.attempts.find((each) => each.number === event.attempt);
  if (attempt === undefined) return refused('attempt_number', order);
  if (event.kind === 'accepted' && attempt.brokerKey === event.brokerKey) return { kind: 'unchanged', order };
  // An answer that comes after the try was given up as lost still counts: it is the best proof there is.
  const revivable = event.kind === 'accepted' && attempt.outcome === 'absent';
  if (!isUnsettled(attempt) && !revivable) return refused('attempt_not_open', order);
  const isNew = attempt.request.kind === 'new';
  switch (event.kind) {
    case 'accepted':
      return accept(order, attempt, event.brokerKey, event.at);
    case 'rejected': {
      const closed = withAttempt(order, attempt.number, { outcome: 'rejected', closedAt: event.at });
      if (isNew)
        return moved(order, { ...closed, state: 'rejected', reason: event.reason }, [release(order)]);
      return moved(order, standAgain(closed));
    }
    case 'not_executed': {
      const closed = withAttempt(order, attempt.number, { outcome: 'not_executed', closedAt: event.at });
      if (!isNew) return moved(order, standAgain(closed));
      if (event.again && order.state === 'sent') return moved(order, { ...closed, state: 'intent' });
      return moved(order, { ...closed, state: 'cancelled', reason: event.reason }, [release(order)]);
    }
    case 'reply_lost': {
      if (attempt.outcome === 'unknown') return { kind: 'unchanged', order };
      const closed = withAttempt(order, attempt.number, { outcome: 'unknown', closedAt: event.at });
      const alert: OrderEffect = { kind: 'alert', severity: 'warning', reason: event.reason };
      const next: Order = isNew ? { ...closed, state: 'unknown', reason: event.reason } : closed;
      return moved(order, next, [{ kind: 'find_out' }, alert]);
    }
  }
}

/** After a revision or cancel came to nothing: what the broker had told meanwhile may have ended the order. */
function standAgain(order: Order): Order {
  return isOver(order) ? order : settled(order);
}

function recover(order: Order, at: Date): OrderStep {
  if (order.state === 'intent') {
    const reason = { code: 'never_sent', params: {} };
    return moved(order, { ...order, state: 'cancelled', reason }, [release(order)]);
  }
  const open = order.attempts.filter((each) => each.closedAt === null);
  if (open.length === 0) return { kind: 'unchanged', order };
  const attempts = order.attempts.map((each) =>
    each.closedAt === null ? { ...each, outcome: 'unknown' as const, closedAt: at } : each,
  );
  const reason = { code: 'sender_lost', params: {} };
  const next: Order =
    order.state === 'sent' ? { ...order, attempts, state: 'unknown', reason } : { ...order, attempts };
  return moved(order, next, [{ kind: 'find_out' }, { kind: 'alert', severity: 'warning', reason }]);
}

function differs(order: Order, report: BrokerReport): boolean {
  return report.symbol !== order.symbol || report.side !== order.side;
}

function take(order: Order, known: BrokerOrder, report: BrokerReport): OrderStep {
  const taken = ingest(known, report);
  if (taken.kind === 'bad') return refused(taken.code, order, taken.params);
  const present = order.brokerOrders.some((each) => each.key === known.key);
  const brokerOrders = present
    ? order.brokerOrders.map((each) => (each.key === known.key ? taken.order : each))
    : [...order.brokerOrders, taken.order];
  const filled = sum(brokerOrders.map((each) => each.filled));
  if (filled.gt(order.quantity))
    return refused('report_overfilled', order, { key: report.key, filled: filled.toFixed() });
  const next = settled({ ...order, brokerOrders });
  const effects: OrderEffect[] = taken.fill === null ? [] : [{ kind: 'record_fill', fill: taken.fill }];
  return moved(order, next, [...effects, ...arrival(order, next)]);
}

const counts = ['quantity', 'filled', 'amount', 'cancelled', 'rejected'] as const;

function sameCounts(a: BrokerOrder, b: BrokerOrder): boolean {
  return counts.every((name) => a[name].eq(b[name]));
}

/** A cancel that the exchange refuses after the broker took it leaves its target where it was. */
function cancelReported(order: Order, report: BrokerReport, at: Date): OrderStep {
  const attempt = order.attempts.find((each) => each.brokerKey === report.key && each.outcome === 'accepted');
  if (attempt === undefined || report.rejected.isZero()) return { kind: 'unchanged', order };
  return moved(order, withAttempt(order, attempt.number, { outcome: 'rejected', closedAt: at }));
}

function report(order: Order, { report, at }: Extract<OrderEvent, { kind: 'reported' }>): OrderStep {
  if (differs(order, report)) return refused('broker_order_differs', order, { key: report.key });
  const known = order.brokerOrders.find((each) => each.key === report.key);
  if (known !== undefined) {
    // How much a revision took over is the broker's to say: fills may have come in between.
    const own = known.role === 'revise' ? { ...known, quantity: report.quantity } : known;
    if (known.role === 'cancel') return cancelReported(order, report, at);
    if (!own.quantity.eq(report.quantity)) return refused('broker_order_differs', order, { key: report.key });
    const step = take(order, own, report);
    if (step.kind !== 'moved' || step.from !== step.order.state) return step;
    const after = step.order.brokerOrders.find((each) => each.key === report.key);
    return after !== undefined && sameCounts(known, after) ? { kind: 'unchanged', order } : step;
  }
  // Somebody revised or cancelled it elsewhere, or our own asking lost its answer: it belongs to what it replaces.
  const { replaces } = report;
  if (report.role === 'new' && replaces !== null)
    return refused('broker_order_differs', order, { key: report.key });
  if (replaces === null || !order.brokerOrders.some((each) => each.key === replaces))
    return refused('broker_order_not_owned', order, { key: report.key });
  const asked = order.attempts.find(
    (each) =>
      isUnsettled(each) &&
      each.request.kind === report.role &&
      each.request.kind !== 'new' &&
      each.request.target === replaces,
  );
  const settledOrder =
    asked === undefined
      ? order
      : withAttempt(order, asked.number, { outcome: 'accepted', closedAt: at, brokerKey: report.key });
  const fresh = freshBrokerOrder(report);
  // A cancel has no fills of its own; what it achieved is told of its target.
  if (report.role === 'cancel')
    return moved(order, settled({ ...settledOrder, brokerOrders: [...settledOrder.brokerOrders, fresh] }));
  const step = take(settledOrder, fresh, report);
  return step.kind === 'moved' ? { ...step, from: order.state } : step;
}

function adopt(order: Order, event: Extract<OrderEvent, { kind: 'adopted' }>): OrderStep {
  const { report, at, reason } = event;
  if (order.brokerOrders.some((each) => each.key === report.key)) return { kind: 'unchanged', order };
  const attempt = order.attempts.findLast(
    (each) => each.request.kind === 'new' && (each.outcome === 'unknown' || each.outcome === 'absent'),
  );
  if (attempt === undefined || order.brokerOrders.length > 0) return refused('order_not_unknown', order);
  if (differs(order, report) || report.role !== 'new' || !report.quantity.eq(order.quantity))
    return refused('broker_order_differs', order, { key: report.key });
  const owned = withAttempt(order, attempt.number, {
    outcome: 'accepted',
    closedAt: at,
    brokerKey: report.key,
  });
  const step = take(owned, freshBrokerOrder(report), report);
  if (step.kind !== 'moved') return step;
  const alert: OrderEffect = { kind: 'alert', severity: 'warning', reason };
  // The key may have been freed when it was abandoned; the row keeps it for ever.
  return { ...step, from: order.state, effects: isOver(order) ? [...step.effects, alert] : step.effects };
}

function proveAbsent(order: Order, event: Extract<OrderEvent, { kind: 'proven_absent' }>): OrderStep {
  const attempt = order.attempts.find((each) => each.number === event.attempt);
  if (attempt === undefined) return refused('attempt_number', order);
  if (attempt.outcome !== 'unknown') return refused('attempt_not_open', order);
  const closed = withAttempt(order, attempt.number, {
    outcome: 'absent',
    closedAt: attempt.closedAt ?? event.at,
  });
  if (attempt.request.kind !== 'new') return moved(order, standAgain(closed));
  return moved(order, { ...closed, state: 'cancelled', reason: event.reason });
}

/**
 * The one way an order changes. Pure: what must happen besides is in the effects, to be carried out in the same
 * transaction. A refusal changes nothing and is either a defect or a disagreement with the broker, never to be
 * swallowed.
 */
export function stepOrder(order: Order, event: OrderEvent): OrderStep {
  switch (event.kind) {
    case 'send_started':
      return startSending(order, event);
    case 'not_executed':
    case 'accepted':
    case 'rejected':
    case 'reply_lost':
      return answer(order, event);
    case 'recovered':
      return recover(order, event.at);
    case 'dropped':
      if (order.state !== 'intent') return refused('order_not_intent', order);
      return moved(order, { ...order, state: 'cancelled', reason: event.reason }, [release(order)]);
    case 'reported':
      return report(order, event);
    case 'adopted':
      return adopt(order, event);
    case 'proven_absent':
      return proveAbsent(order, event);
  }
}

/** Quantity that a cancelled order left unfilled. */
export function unfilled(order: Order): Decimal {
  return order.quantity.minus(filledQuantity(order));
}
