import { and, eq, isNull, sql } from 'drizzle-orm';
import type { ProcessId } from '#domain/core/ids.ts';
import { stepOrder } from '#domain/orders/transition.ts';
import type { Database, Queryable } from '#db/core/client.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { isOpenRow, lockOrder } from './rows.ts';
import { saveStep } from './save.ts';
import { orderAttempts, orders } from './schema.ts';

/** A try of which nobody has said how it ended: its sender may still be about to write. */
export interface OpenSend {
  readonly order: string;
  readonly number: number;
  readonly process: ProcessId;
  readonly epoch: number;
  /** By the database's wall clock: its deadline passed, and another minute. */
  readonly longOver: boolean;
}

/** How long after its deadline a send of a machine that cannot be asked counts as over. */
const graceSec = 60;

/** Sends of an account that are open, of whatever process. */
export async function openSends(q: Queryable, scope: string, account: string): Promise<OpenSend[]> {
  const { at, deadline, recordedAt } = orderAttempts;
  return q
    .select({
      order: orderAttempts.order,
      number: orderAttempts.number,
      process: orderAttempts.process,
      epoch: orderAttempts.epoch,
      longOver: sql<boolean>`${recordedAt} + (${deadline} - ${at}) + make_interval(secs => ${graceSec}) < clock_timestamp()`,
    })
    .from(orderAttempts)
    .innerJoin(orders, eq(orders.id, orderAttempts.order))
    .where(and(eq(orders.scope, scope), eq(orders.account, account), isNull(orderAttempts.closedAt)));
}

/**
 * Brings an order on after its sender was proven dead: an intent was never sent and is cancelled, an open try may have
 * reached the broker. Call it only with that proof.
 * @returns whether it changed.
 */
export async function recoverOrder(db: Database, scope: string, id: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const stored = await lockOrder(tx, scope, id);
    if (stored === null) return false;
    const now = await scopeTime(tx, scope);
    const event = { kind: 'recovered', at: now } as const;
    const step = stepOrder(stored.order, event);
    if (step.kind !== 'moved') return false;
    await saveStep({ tx, scope, now }, stored, event, step);
    return true;
  });
}

/** Intents of an account that a former gateway left: none of them was ever sent. */
export async function leftIntents(q: Queryable, scope: string, account: string): Promise<string[]> {
  const rows = await q
    .select({ id: orders.id })
    .from(orders)
    .where(and(eq(orders.scope, scope), eq(orders.account, account), eq(orders.state, 'intent'), isOpenRow));
  return rows.map(({ id }) => id);
}
