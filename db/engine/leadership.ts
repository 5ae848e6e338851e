import { eq, sql } from 'drizzle-orm';
import type { ProcessId } from '#domain/core/ids.ts';
import type { Database, Queryable, RawClient, Transaction } from '#db/core/client.ts';
import { type Change, writeChanges } from '#db/core/changes.ts';
import { applicationName } from './processes.ts';
import { leaderHeartbeat, leadership } from './schema.ts';

/** Another process leads now: this one must stop firing. */
export class NotLeader extends Error {
  override readonly name = 'NotLeader';
}

const leaderLock = 0x0b310_0000_0001n;
/** A leader whose heartbeat is older than this is deposed, though its lock may still be held. */
export const leaderTimeoutSec = 10;

/** Takes the leader's advisory lock on its own idle connection; raises the epoch on success, else answers null. */
export async function tryLead(
  lockConnection: RawClient,
  db: Database,
  processId: ProcessId,
): Promise<number | null> {
  const [row] = await lockConnection<
    { taken: boolean }[]
  >`select pg_try_advisory_lock(${leaderLock.toString()}::bigint) as taken`;
  if (row?.taken !== true) return null;
  return db.transaction(async (tx) => {
    const [lead] = await tx
      .update(leadership)
      .set({ epoch: sql`${leadership.epoch} + 1`, processId, since: sql`clock_timestamp()` })
      .returning({ epoch: leadership.epoch });
    if (lead === undefined) throw new Error('The leadership row is missing: the database is not migrated.');
    await tx.update(leaderHeartbeat).set({ epoch: lead.epoch, at: sql`clock_timestamp()` });
    return lead.epoch;
  });
}

/** Lets the lock go, also on a clean stop: another leads at once instead of after the heartbeat has gone stale. */
export async function resign(lockConnection: RawClient): Promise<void> {
  // A connection that is gone has let go already.
  await lockConnection`select pg_advisory_unlock_all()`.catch(() => undefined);
}

/** @throws NotLeader when this epoch is over. */
export async function beatAsLeader(db: Database, epoch: number): Promise<void> {
  const beaten = await db
    .update(leaderHeartbeat)
    .set({ at: sql`clock_timestamp()` })
    .where(eq(leaderHeartbeat.epoch, epoch))
    .returning({ id: leaderHeartbeat.id });
  if (beaten.length === 0) throw new NotLeader(`Epoch ${epoch} is over.`);
}

/** Holds the epoch for this transaction. @throws NotLeader. */
export async function requireEpoch(tx: Transaction, epoch: number): Promise<void> {
  const [row] = await tx.select({ epoch: leadership.epoch }).from(leadership).for('share');
  if (row?.epoch !== epoch) throw new NotLeader(`Epoch ${epoch} is over; ${row?.epoch ?? 'none'} leads.`);
}

/** One transaction of the leader's, with what it changed. @throws NotLeader. */
export async function inEpoch(
  db: Database,
  epoch: number,
  act: (tx: Transaction) => Promise<readonly Change[]>,
): Promise<void> {
  await db.transaction(async (tx) => {
    await requireEpoch(tx, epoch);
    await writeChanges(tx, await act(tx));
  });
}

/**
 * Ends a leader that holds its lock but beats no more (paused, or cut off): its backends are terminated, so that its
 * lock and its open firing transaction go. By the database's clock.
 * @returns whether there was one to depose.
 */
export async function deposeStaleLeader(db: Database): Promise<boolean> {
  const stale = await db.execute<{ process_id: ProcessId }>(sql`
    select l.process_id from leadership l, leader_heartbeat h
    where l.process_id is not null and h.at < clock_timestamp() - make_interval(secs => ${leaderTimeoutSec})`);
  for (const { process_id } of stale) await terminateBackends(db, process_id);
  return stale.length > 0;
}

/** Ends every connection of a process. */
export async function terminateBackends(q: Queryable, processId: ProcessId): Promise<void> {
  await q.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = ${applicationName(processId)}`);
}
