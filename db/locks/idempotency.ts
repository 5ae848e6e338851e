import { and, eq, sql } from 'drizzle-orm';
import { keyHours } from '#domain/locks/idempotency.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Database, Queryable, Transaction } from '#db/core/client.ts';
import { noteEvents } from './events.ts';
import { idempotencyKeys } from './schema.ts';

export type KeyClaim =
  | { readonly claimed: true }
  /** Somebody acted on the same signal before: `owner` says who. */
  | { readonly claimed: false; readonly owner: string; readonly createdAt: Date; readonly hits: number };

/**
 * Claims a key in the transaction that writes the order's intent: both come about or neither. Of several at once one
 * gets it; the others wait for its commit. A claim that comes second is recorded as `duplicate_order_skipped`, with
 * whatever else the caller's transaction writes. Times are the scope's.
 * @param owner who claims: an intent's id, or a trader.
 */
export async function claimKey(
  tx: Transaction,
  scope: string,
  key: string,
  owner: string,
): Promise<KeyClaim> {
  // A claim that is taken back between the two statements leaves neither to find: then it is free again.
  for (;;) {
    const [made] = await tx
      .insert(idempotencyKeys)
      .values({
        scope,
        key,
        owner,
        createdAt: sql`scope_now(${scope})`,
        expiresAt: sql`scope_now(${scope}) + make_interval(hours => ${keyHours})`,
      })
      .onConflictDoNothing()
      .returning({ key: idempotencyKeys.key });
    if (made !== undefined) {
      await writeChanges(tx, [{ topic: 'locks', entity: key, scope }]);
      return { claimed: true };
    }
    const [hit] = await tx
      .update(idempotencyKeys)
      .set({ hits: sql`${idempotencyKeys.hits} + 1`, lastHitAt: sql`scope_now(${scope})` })
      .where(and(eq(idempotencyKeys.scope, scope), eq(idempotencyKeys.key, key)))
      .returning();
    if (hit === undefined) continue;
    await noteEvents(tx, [
      {
        event: 'duplicate_order_skipped',
        scope,
        entityType: 'idempotency_key',
        entity: key,
        who: owner,
        details: { key, claimed_by: hit.owner, hits: hit.hits },
      },
    ]);
    await writeChanges(tx, [{ topic: 'locks', entity: key, scope }]);
    return { claimed: false, owner: hit.owner, createdAt: hit.createdAt, hits: hit.hits };
  }
}

/**
 * Frees a key for another try: only after the broker rejected the order definitely and nothing was filled. An order
 * whose fate is unknown keeps its key.
 * @returns whether the key was this owner's.
 */
export async function freeKey(tx: Queryable, scope: string, key: string, owner: string): Promise<boolean> {
  const freed = await tx
    .delete(idempotencyKeys)
    .where(
      and(eq(idempotencyKeys.scope, scope), eq(idempotencyKeys.key, key), eq(idempotencyKeys.owner, owner)),
    )
    .returning({ key: idempotencyKeys.key });
  if (freed.length === 0) return false;
  await writeChanges(tx, [{ topic: 'locks', entity: key, scope }]);
  return true;
}

/** Keys deleted in one statement, at most. */
const sweepChunk = 5_000;

/** Deletes claims a day after they were made, by their scope's clock. @returns how many. */
export async function sweepKeys(db: Database): Promise<number> {
  let swept = 0;
  for (;;) {
    const rows = await db.execute(sql`
      with old as (
        select k.scope, k.key from scopes s
        cross join lateral (select scope_now(s.name) as at) clock
        join idempotency_keys k on k.scope = s.name and k.expires_at <= clock.at
        limit ${sweepChunk} for update of k skip locked)
      delete from idempotency_keys k using old where k.scope = old.scope and k.key = old.key returning 1`);
    swept += rows.length;
    if (rows.length < sweepChunk) return swept;
  }
}
