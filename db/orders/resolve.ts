import { eq } from 'drizzle-orm';
import { plain } from '#domain/core/decimal.ts';
import type { BrokerKey, BrokerReport } from '#domain/orders/broker-order.ts';
import type { OrderStep } from '#domain/orders/event.ts';
import type { OrderReason } from '#domain/orders/order.ts';
import { stepOrder } from '#domain/orders/transition.ts';
import { raiseAlert } from '#db/alerts/raise.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Database, Transaction } from '#db/core/client.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { lockForFills, markHeld } from './ingest.ts';
import { lockOrder } from './rows.ts';
import { noteEvent, saveStep } from './save.ts';
import { orders } from './schema.ts';

/**
 * Makes a broker order this order's own, with all that it has filled.
 * @throws Problem 409 `broker_order_taken` when another order owns it; BookRefused.
 */
export async function adoptReport(
  tx: Transaction,
  scope: string,
  order: { readonly id: string; readonly account: string; readonly symbol: string },
  report: BrokerReport,
  reason: OrderReason,
  now: Date,
): Promise<OrderStep['kind'] | 'gone'> {
  const { stored, money } = await lockForFills(tx, scope, order);
  if (stored === null) return 'gone';
  const event = { kind: 'adopted', at: now, report, reason } as const;
  const step = stepOrder(stored.order, event);
  if (step.kind !== 'moved') return step.kind;
  const first = money.book.lastSeq;
  const saved = await saveStep({ tx, scope, now, money, also: { candidates: null } }, stored, event, step);
  if (money.book.lastSeq > first) await markHeld(tx, scope, saved.order, now);
  return 'moved';
}

/** Stores that a try is proven not to have reached the broker. @returns whether it changed. */
export async function proveAbsent(
  db: Database,
  scope: string,
  id: string,
  attempt: number,
  reason: OrderReason,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const stored = await lockOrder(tx, scope, id);
    if (stored === null) return false;
    const now = await scopeTime(tx, scope);
    const event = { kind: 'proven_absent', attempt, at: now, reason } as const;
    const step = stepOrder(stored.order, event);
    if (step.kind !== 'moved') return false;
    await saveStep({ tx, scope, now }, stored, event, step);
    return true;
  });
}

/**
 * Stores which broker orders an unknown order may be, for a person to choose.
 * @returns whether these are new; the trader is to be halted then.
 */
export async function askWhich(
  db: Database,
  scope: string,
  id: string,
  candidates: readonly BrokerReport[],
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const stored = await lockOrder(tx, scope, id);
    if (stored === null || stored.order.state !== 'unknown') return false;
    const { row, order } = stored;
    const keys = candidates.map(({ key }) => key).sort();
    if (sameKeys(row.candidates ?? [], keys)) return false;
    const now = await scopeTime(tx, scope);
    const version = row.version + 1;
    await tx.update(orders).set({ candidates: keys, version, updatedAt: now }).where(eq(orders.id, id));
    const { account, trader, symbol } = order;
    const reason = {
      code: 'order_candidates',
      params: { symbol, count: keys.length, quantity: plain(order.quantity) },
    };
    await noteEvent({ tx, now }, id, version, {
      kind: 'candidates_found',
      from: order.state,
      to: order.state,
      details: { count: keys.length },
      reason,
    });
    await raiseAlert(tx, { scope, severity: 'critical', reason, account, trader, order: id, symbol, now });
    await writeChanges(tx, [{ topic: 'orders', entity: id, scope }]);
    return true;
  });
}

function sameKeys(a: readonly BrokerKey[], b: readonly BrokerKey[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}
