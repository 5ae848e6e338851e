import type { BrokerKey } from '#domain/orders/broker-order.ts';
import type { OrderEvent, OrderStep } from '#domain/orders/event.ts';
import type { OrderReason, SendRequest } from '#domain/orders/order.ts';
import { plain } from '#domain/core/decimal.ts';
import { stepOrder } from '#domain/orders/transition.ts';
import { raiseAlert } from '#db/alerts/raise.ts';
import type { Database } from '#db/core/client.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { type OrderRow, type StoredOrder, lockOrder } from './rows.ts';
import { type SaveContext, saveStep } from './save.ts';

/** What came of a send. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly key: BrokerKey }
  | { readonly kind: 'rejected'; readonly reason: OrderReason }
  | { readonly kind: 'not_executed'; readonly reason: OrderReason; readonly again: boolean }
  | { readonly kind: 'lost'; readonly reason: OrderReason };

/** What was certainly not looked at is tried again so much later (scope time). */
const retryMs = 500;

function eventOf(attempt: number, outcome: SendOutcome, at: Date): OrderEvent {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'accepted', attempt, at, brokerKey: outcome.key };
    case 'rejected':
      return { kind: 'rejected', attempt, at, reason: outcome.reason };
    case 'not_executed':
      return { kind: 'not_executed', attempt, at, reason: outcome.reason, again: outcome.again };
    case 'lost':
      return { kind: 'reply_lost', attempt, at, reason: outcome.reason };
  }
}

function isWanted({ wanted }: OrderRow, request: SendRequest): boolean {
  if (wanted === null || wanted.kind !== request.kind) return false;
  return wanted.kind === 'cancel' || request.kind !== 'revise' || request.price === null
    ? true
    : wanted.price === plain(request.price);
}

/**
 * What becomes of the wish that was sent. A cancel is wanted until the broker has answered it; a revision's trader
 * hears of a failure and asks anew. A newer wish stays.
 */
function wishAfter(
  { row }: StoredOrder,
  request: SendRequest,
  outcome: SendOutcome,
  now: Date,
): NonNullable<SaveContext['also']> {
  if (outcome.kind === 'not_executed' && outcome.again)
    return { wantedAt: new Date(now.getTime() + retryMs) };
  if (request.kind === 'new' || !isWanted(row, request)) return {};
  if (request.kind === 'cancel' && outcome.kind === 'lost') return {};
  return { wanted: null, wantedAt: null };
}

/**
 * Stores what came of a send. It may come late, after the try was given up as lost: an acceptance still counts.
 * @returns what the rules made of it; a refusal is a disagreement with the broker and raises an alert.
 */
export async function answerSend(
  db: Database,
  scope: string,
  id: string,
  attempt: number,
  outcome: SendOutcome,
): Promise<OrderStep['kind'] | 'gone'> {
  return db.transaction(async (tx) => {
    const stored = await lockOrder(tx, scope, id);
    if (stored === null) return 'gone';
    const { order } = stored;
    const now = await scopeTime(tx, scope);
    const request = order.attempts.find(({ number }) => number === attempt)?.request ?? { kind: 'new' };
    const event = eventOf(attempt, outcome, now);
    const step = stepOrder(order, event);
    if (step.kind === 'moved')
      await saveStep({ tx, scope, now, also: wishAfter(stored, request, outcome, now) }, stored, event, step);
    else if (step.kind === 'refused') {
      const { account, trader, symbol } = order;
      const reason = { code: 'answer_refused', params: { answer: outcome.kind, cause: step.code } };
      const about = { scope, account, trader, order: id, symbol, now };
      await raiseAlert(tx, { ...about, severity: 'critical', reason });
    }
    return step.kind;
  });
}
