import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { processId, type RunId } from '#domain/core/ids.ts';
import type { Change } from '#db/core/changes.ts';
import type { Database, Transaction } from '#db/core/client.ts';
import { continueQueueMode } from '#db/jobs/reschedule.ts';
import { jobs } from '#db/jobs/schema.ts';
import { freeAbandoned } from '#db/locks/acquire.ts';
import { freeHeld, lockHeldRows } from '#db/locks/named.ts';
import { endLockWaits, jobsPastLockWait, releaseLockWaiters } from '#db/locks/waiters.ts';
import { changesOf, moveRun } from '#db/runs/move.ts';
import type { RunRow } from '#db/runs/rows.ts';
import { runs } from '#db/runs/schema.ts';
import { scopes } from '#db/scopes/schema.ts';
import { expireAttempts, sayNoConsumer } from '#db/external/expire.ts';
import { type Lane, ring } from './admit.ts';
import { inEpoch } from './leadership.ts';
import { endSessions, jobsWithEndedSessions } from './services.ts';

/** A dispatch that nobody claims within this is rung again. */
export const claimDeadlineSec = 3;

/** Retries whose wait is over become ready. @returns what changed. */
async function promoteRetries(tx: Transaction): Promise<Change[]> {
  const found = await tx
    .select({ run: runs })
    .from(runs)
    .innerJoin(scopes, eq(scopes.name, runs.scope))
    .where(
      and(
        sql`${runs.waitsFor} = 'retry'`,
        sql`${runs.notBefore} <= case when ${scopes.clockKind} = 'wall' then clock_timestamp() else ${scopes.clockAt} end`,
      ),
    )
    .limit(500)
    .for('update', { of: runs, skipLocked: true });
  const due = found.map(({ run }) => run);
  for (const run of due) {
    await moveRun(
      tx,
      { actor: 'system:engine', at: run.notBefore ?? run.queuedAt },
      run,
      'ready',
      { code: 'retry_due', params: { failures: run.failures } },
      { notBefore: null },
    );
  }
  return changesOf(due);
}

// Literals, so that the index of cancel requests serves.
const stoppable = and(
  sql`${runs.state} in ('waiting', 'ready', 'dispatched')`,
  isNotNull(runs.cancelRequestedAt),
);

async function jobsWithStoppable(db: Database): Promise<number[]> {
  const rows = await db.selectDistinct({ job: runs.job }).from(runs).where(stoppable).limit(500);
  return rows.map((row) => row.job);
}

async function endAsked(tx: Transaction, run: RunRow): Promise<void> {
  const at = run.cancelRequestedAt ?? run.queuedAt;
  const reason = run.cancelReason ?? ({ code: 'cancel_requested', params: { actor: 'system' } } as const);
  await moveRun(tx, { actor: 'system:engine', at }, run, 'cancelled', reason, { finishedAt: at });
  await freeHeld(tx, run.id);
  await continueQueueMode(tx, run.job, at);
}

/** Runs of a job that were asked to stop before they started end here. The job is locked before them, as by firing. */
async function endCancelled(tx: Transaction, job: number): Promise<Change[]> {
  await tx.select({ id: jobs.id }).from(jobs).where(eq(jobs.id, job)).for('no key update');
  // Those that hold locks let them go before a ready run is touched: admission takes locks before ready runs.
  const ended: RunRow[] = [];
  for (const which of [sql`${runs.state} = 'dispatched'`, sql`${runs.state} in ('waiting', 'ready')`]) {
    const asked = await tx
      .select()
      .from(runs)
      .where(and(eq(runs.job, job), stoppable, which))
      .orderBy(runs.id)
      .limit(500)
      .for('update');
    await lockHeldRows(
      tx,
      asked.map((run) => run.id),
    );
    for (const run of asked) await endAsked(tx, run);
    ended.push(...asked);
  }
  return changesOf(ended);
}

/**
 * Rings again for dispatched runs that nobody claimed; the old bell's number no longer matches. Each wait is as long as
 * all before it, at most a minute: workers that are busy are not buried in bells.
 */
async function ringAgain(tx: Transaction): Promise<Change[]> {
  const rung = await tx.execute<{ id: RunId; dispatch: number; scope: string; lane: Lane }>(sql`
    update runs set dispatch = dispatch + 1, rung_at = clock_timestamp()
    where id in (select id from runs where state = 'dispatched' and cancel_requested_at is null
      and clock_timestamp() - greatest(dispatched_at, rung_at)
        > least(greatest(greatest(dispatched_at, rung_at) - dispatched_at, make_interval(secs => ${claimDeadlineSec})), interval '1 minute')
      limit 500 for update skip locked)
    returning id, dispatch, scope, case when exists (select 1 from resource_groups g
      where g.scope = runs.scope and g.name = runs.resource_group and g.kind = 'lab') then 'lab' else 'live' end as lane`);
  if (rung.length > 0) await ring(tx, [...rung]);
  return [];
}

/**
 * What the leader does each second beside firing. Each part commits by itself: none may hold runs while it waits for a
 * job, which firing locks first.
 * @throws NotLeader.
 */
export async function tick(db: Database, epoch: number): Promise<void> {
  for (const job of await jobsWithEndedSessions(db)) await inEpoch(db, epoch, (tx) => endSessions(tx, job));
  await inEpoch(db, epoch, promoteRetries);
  await inEpoch(db, epoch, async (tx) => {
    await freeAbandoned(tx);
    return releaseLockWaiters(tx);
  });
  for (const job of await jobsPastLockWait(db)) await inEpoch(db, epoch, (tx) => endLockWaits(tx, job));
  for (const job of await jobsWithStoppable(db)) await inEpoch(db, epoch, (tx) => endCancelled(tx, job));
  await inEpoch(db, epoch, sayNoConsumer);
  await inEpoch(db, epoch, ringAgain);
  await expireAttempts(db, epoch);
}

/** Runs of this process that somebody asked to stop. */
export async function cancelRequests(db: Database, process: string): Promise<RunId[]> {
  const rows = await db
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(
        eq(runs.processId, processId.parse(process)),
        eq(runs.state, 'running'),
        isNotNull(runs.cancelRequestedAt),
      ),
    );
  return rows.map((row) => row.id);
}
