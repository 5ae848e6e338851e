import { and, eq, inArray, sql } from 'drizzle-orm';
import type { RunId } from '#domain/core/ids.ts';
import type { LockHolder } from '#domain/locks/named.ts';
import { wake, writeChanges } from '#db/core/changes.ts';
import type { Queryable, Transaction } from '#db/core/client.ts';
import { namedLocks } from './schema.ts';

/** Connections of ours are named so (`applicationName`); whatever else holds an advisory lock of ours is outside. */
const ours = 'bellkeeper:%';

/** Who outside holds advisory locks of a scope, by lock id (`pg_locks.objid`). */
async function heldOutside(q: Queryable, scope: string): Promise<ReadonlyMap<number, string>> {
  const rows = await q.execute<{ id: string; who: string }>(sql`
    select object_id as id, coalesce(application_name || ' ', '') || '(pid ' || pid || ')' as who
    from advisory_sessions((select number from scopes where name = ${scope}))
    where coalesce(application_name, '') not like ${ours}`);
  return new Map([...rows].map((row) => [Number(row.id), row.who]));
}

/**
 * Which of these locks are taken, and by whom. The row is the truth; a lock that is free by its row may still be held by
 * somebody outside who took the advisory lock.
 * @param held `update`: nobody takes or lets go one of them before this transaction ends.
 */
export async function takenLocks(
  tx: Queryable,
  scope: string,
  names: readonly string[],
  held?: 'update',
): Promise<Map<string, LockHolder>> {
  const query = tx
    .select()
    .from(namedLocks)
    .where(and(eq(namedLocks.scope, scope), inArray(namedLocks.name, [...names])))
    .orderBy(namedLocks.lockId);
  const rows = await (held === undefined ? query : query.for(held));
  const outside = rows.length === 0 ? new Map<number, string>() : await heldOutside(tx, scope);
  const taken = new Map<string, LockHolder>();
  for (const row of rows) {
    const who = outside.get(row.lockId);
    if (row.holder !== null)
      taken.set(row.name, { holder: row.holder, runId: row.holderRun, outside: false });
    else if (who !== undefined) taken.set(row.name, { holder: who, runId: null, outside: true });
  }
  return taken;
}

/** The columns of a lock that nobody holds. */
export const freed = {
  holder: null,
  holderRun: null,
  holderAttempt: null,
  token: null,
  since: null,
  until: null,
  why: null,
};

/** Gives locks to a run for its next attempt, in the transaction that locked their rows and found them free. */
export async function takeForRun(
  tx: Transaction,
  run: {
    readonly id: RunId;
    readonly scope: string;
    readonly jobId: string;
    readonly attempt: number;
    readonly locks: readonly string[];
  },
): Promise<void> {
  if (run.locks.length === 0) return;
  await tx
    .update(namedLocks)
    .set({
      holder: run.jobId,
      holderRun: run.id,
      holderAttempt: run.attempt + 1,
      since: sql`clock_timestamp()`,
      until: null,
      why: null,
    })
    .where(and(eq(namedLocks.scope, run.scope), inArray(namedLocks.name, [...run.locks])));
  await writeChanges(tx, [{ topic: 'locks', entity: '*', scope: run.scope }]);
}

/** Begins the time a run may hold its locks: from now, wall time. */
export async function beginHold(tx: Transaction, run: RunId, timeoutSec: number): Promise<void> {
  await tx
    .update(namedLocks)
    .set({ until: sql`clock_timestamp() + make_interval(secs => ${timeoutSec})` })
    .where(eq(namedLocks.holderRun, run));
}

/**
 * Locks the rows of all locks that these runs hold, in the order of all: call it before the first of several runs is ended
 * in one transaction.
 */
export async function lockHeldRows(tx: Transaction, list: readonly RunId[]): Promise<void> {
  if (list.length < 2) return;
  await tx
    .select({ id: namedLocks.lockId })
    .from(namedLocks)
    .where(inArray(namedLocks.holderRun, [...list]))
    .orderBy(namedLocks.scope, namedLocks.lockId)
    .for('update');
}

/**
 * What a run held goes: its room and its locks. Whoever waits for one of the locks is woken.
 * Call it in the transaction that ends the attempt.
 */
export async function freeHeld(tx: Transaction, run: RunId): Promise<void> {
  const gone = await tx.execute<{ scope: string }>(sql`
    with room as (delete from slots where run_id = ${run}),
    mine as materialized (select l.scope, l.name from named_locks l where l.holder_run = ${run} order by l.lock_id for update)
    update named_locks l set holder = null, holder_run = null, holder_attempt = null, token = null, since = null, until = null, why = null
    from mine where l.scope = mine.scope and l.name = mine.name returning l.scope`);
  const [lock] = gone;
  if (lock === undefined) return;
  await writeChanges(tx, [{ topic: 'locks', entity: '*', scope: lock.scope }]);
  await wake(tx);
}
