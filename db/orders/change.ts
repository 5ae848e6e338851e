import { and, eq } from 'drizzle-orm';
import { type Decimal, plain } from '#domain/core/decimal.ts';
import { type OrderReason, isOver } from '#domain/orders/order.ts';
import { stepOrder } from '#domain/orders/transition.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Transaction } from '#db/core/client.ts';
import { type StoredOrder, lockOrder } from './rows.ts';
import { noteEvent, saveStep } from './save.ts';
import { type WantedChange, orders } from './schema.ts';
import { wakeGateway } from './signals.ts';

export type AskedChange =
  | { readonly kind: 'cancel'; readonly reason: OrderReason }
  | { readonly kind: 'revise'; readonly price: Decimal; readonly reason: OrderReason };

/** What asking for a change came to. */
export type ChangeAsked =
  | 'wanted'
  /** It had never been sent and never will be. */
  | 'dropped'
  /** There is nothing left to change. */
  | 'over'
  | 'unknown_order';

function stored(change: AskedChange): WantedChange {
  return change.kind === 'cancel' ? change : { ...change, price: plain(change.price) };
}

/**
 * Asks for a change of a trader's order, in the caller's transaction; the gateway sends it after the commit. An intent
 * that is to be cancelled is dropped at once. A cancel outranks a revision, and the newest of a kind counts.
 * @param seq which of the trader's orders; @param now scope time.
 */
export async function wantChange(
  tx: Transaction,
  scope: string,
  trader: string,
  seq: number,
  change: AskedChange,
  now: Date,
): Promise<ChangeAsked> {
  const [found] = await tx
    .select({ id: orders.id })
    .from(orders)
    .where(and(eq(orders.scope, scope), eq(orders.trader, trader), eq(orders.seq, seq)));
  return found === undefined ? 'unknown_order' : wantChangeOf(tx, scope, found.id, change, now);
}

/** {@link wantChange} of an order by its id. */
export async function wantChangeOf(
  tx: Transaction,
  scope: string,
  id: string,
  change: AskedChange,
  now: Date,
): Promise<ChangeAsked> {
  const locked = await lockOrder(tx, scope, id);
  if (locked === null) return 'unknown_order';
  const { order, row } = locked;
  if (isOver(order)) return 'over';
  if (order.state === 'intent' && change.kind === 'cancel')
    return drop(tx, scope, locked, change.reason, now);
  if (row.wanted?.kind === 'cancel' && change.kind === 'revise') return 'wanted';
  await noteWanted(tx, scope, locked, change, now);
  await wakeGateway(tx, scope, order.account);
  return 'wanted';
}

async function drop(
  tx: Transaction,
  scope: string,
  locked: StoredOrder,
  reason: OrderReason,
  now: Date,
): Promise<ChangeAsked> {
  const event = { kind: 'dropped', at: now, reason } as const;
  const step = stepOrder(locked.order, event);
  if (step.kind === 'moved') await saveStep({ tx, scope, now }, locked, event, step);
  return 'dropped';
}

/** The trader asked itself, so this is no news to it. */
async function noteWanted(
  tx: Transaction,
  scope: string,
  { row, order }: StoredOrder,
  change: AskedChange,
  now: Date,
): Promise<void> {
  const version = row.version + 1;
  await tx
    .update(orders)
    .set({
      wanted: stored(change),
      wantedAt: now,
      version,
      updatedAt: now,
      ...(row.toldVersion === row.version ? { toldVersion: version } : {}),
    })
    .where(eq(orders.id, row.id));
  await noteEvent({ tx, now }, row.id, version, {
    kind: `${change.kind}_wanted`,
    from: order.state,
    to: order.state,
    details: change.kind === 'revise' ? { price: plain(change.price) } : {},
    reason: change.reason,
  });
  await writeChanges(tx, [{ topic: 'orders', entity: row.id, scope }]);
}
