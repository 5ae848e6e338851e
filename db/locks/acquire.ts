import { randomUUID } from 'node:crypto';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { notFound } from '#domain/core/errors.ts';
import type { LockHolder } from '#domain/locks/named.ts';
import { wake, writeChanges } from '#db/core/changes.ts';
import type { Database, Queryable, Transaction } from '#db/core/client.ts';
import { scopes } from '#db/scopes/schema.ts';
import { freed, takenLocks } from './named.ts';
import { namedLocks } from './schema.ts';

export interface Grant {
  readonly kind: 'granted';
  /** Lets the locks go; whoever lost them cannot. */
  readonly token: string;
  /** First key of the advisory locks. */
  readonly scopeNumber: number;
  /** In ascending id, the order in which their advisory locks are taken. */
  readonly locks: readonly { readonly name: string; readonly lock_id: number }[];
}
export type Acquisition = Grant | { readonly kind: 'taken'; readonly lock: string; readonly by: LockHolder };

export interface AcquireOptions {
  /** Who asks, in words that a person waiting for the lock understands. */
  readonly holder: string;
  readonly why: string | null;
  /** Seconds after which the holder must be done, wall time. */
  readonly timeoutSec: number;
}

/**
 * Takes the rows of several named locks for something that is no run, all or none.
 * @throws Problem 404 for a lock that is not defined in this scope.
 */
export async function tryAcquire(
  db: Database,
  scope: string,
  names: readonly string[],
  { holder, why, timeoutSec }: AcquireOptions,
): Promise<Acquisition> {
  return db.transaction(async (tx) => {
    const taken = await takenLocks(tx, scope, names, 'update');
    const lock = names.find((name) => taken.has(name));
    const by = lock === undefined ? undefined : taken.get(lock);
    if (lock !== undefined && by !== undefined) return { kind: 'taken', lock, by };
    const token = randomUUID();
    const rows = await tx
      .update(namedLocks)
      .set({
        holder,
        why,
        token,
        since: sql`clock_timestamp()`,
        until: sql`clock_timestamp() + make_interval(secs => ${timeoutSec})`,
      })
      .where(and(eq(namedLocks.scope, scope), inArray(namedLocks.name, [...names])))
      .returning({ name: namedLocks.name, lock_id: namedLocks.lockId });
    const missing = names.find((name) => !rows.some((row) => row.name === name));
    if (missing !== undefined) throw notFound('lock', missing);
    const [number] = await tx.select({ number: scopes.number }).from(scopes).where(eq(scopes.name, scope));
    await writeChanges(tx, [{ topic: 'locks', entity: '*', scope }]);
    return {
      kind: 'granted',
      token,
      scopeNumber: number?.number ?? 0,
      locks: rows.toSorted((a, b) => a.lock_id - b.lock_id),
    };
  });
}

async function letGo(tx: Transaction, where: ReturnType<typeof and>): Promise<number> {
  const gone = await tx.update(namedLocks).set(freed).where(where).returning({ scope: namedLocks.scope });
  if (gone.length === 0) return 0;
  await writeChanges(
    tx,
    gone.map(({ scope }) => ({ topic: 'locks', entity: '*', scope })),
  );
  await wake(tx);
  return gone.length;
}

/** Lets go what a token holds. @returns false when it holds nothing any more: somebody forced it open, or it lapsed. */
export async function release(db: Database, token: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const mine = and(eq(namedLocks.token, token));
    // In the order in which admission takes them.
    await tx
      .select({ id: namedLocks.lockId })
      .from(namedLocks)
      .where(mine)
      .orderBy(namedLocks.lockId)
      .for('update');
    return (await letGo(tx, mine)) > 0;
  });
}

/** Who holds a lock; null when it is free, also outside. @throws nothing for an unknown name: it is free. */
export async function isLocked(q: Queryable, scope: string, name: string): Promise<LockHolder | null> {
  return (await takenLocks(q, scope, [name])).get(name) ?? null;
}

/** A holder that is no run has this long to take the advisory locks of what it was given. */
const settleSec = 5;

/**
 * Frees what holders that are no run left behind: their session is gone, and the advisory lock with it.
 * @returns how many locks.
 */
export async function freeAbandoned(tx: Transaction): Promise<number> {
  const abandoned = await tx.execute<{ scope: string; name: string }>(sql`
    select l.scope, l.name from named_locks l join scopes s on s.name = l.scope
    where l.holder is not null and l.holder_run is null and l.since < clock_timestamp() - make_interval(secs => ${settleSec})
      and not exists (select 1 from advisory_sessions(s.number) a where a.object_id = l.lock_id)
    for update of l skip locked`);
  let count = 0;
  for (const { scope, name } of abandoned)
    count += await letGo(tx, and(eq(namedLocks.scope, scope), eq(namedLocks.name, name)));
  return count;
}
