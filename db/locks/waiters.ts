import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { LockedOut } from '#domain/admission/choose.ts';
import type { RunId } from '#domain/core/ids.ts';
import { lockTaken } from '#domain/locks/named.ts';
import type { RunReason } from '#domain/runs/run.ts';
import { type Change, wake } from '#db/core/changes.ts';
import type { Database, Transaction } from '#db/core/client.ts';
import { continueQueueMode } from '#db/jobs/reschedule.ts';
import { jobs } from '#db/jobs/schema.ts';
import { changesOf, type Mover, moveRun } from '#db/runs/move.ts';
import type { RunRow } from '#db/runs/rows.ts';
import { runs } from '#db/runs/schema.ts';
import { takenLocks } from './named.ts';
import { namedLocks } from './schema.ts';

const mostWaiting = 500;

/** When a run's wait for its locks is over: counted once, from the first time it found one taken. Wall time. */
export const lockDeadline = sql<Date>`coalesce(${runs.lockWaitUntil}, clock_timestamp() + make_interval(secs => ${runs.lockWaitSec}))`;

/** Ready runs that have room but not their locks wait, naming the holder; those that may not wait are ended by the next pass. */
export async function waitForLocks(
  tx: Transaction,
  mover: Mover,
  list: readonly LockedOut<RunId>[],
): Promise<void> {
  if (list.length === 0) return;
  const rows = await tx
    .select()
    .from(runs)
    .where(
      inArray(
        runs.id,
        list.map((entry) => entry.id),
      ),
    )
    .orderBy(asc(runs.id))
    .for('update');
  for (const run of rows) {
    const out = list.find((entry) => entry.id === run.id);
    if (out === undefined || run.state !== 'ready') continue;
    await tx.update(runs).set({ lockWaitUntil: lockDeadline }).where(eq(runs.id, run.id));
    await moveRun(tx, mover, run, 'waiting', lockTaken(out.lock, out.by), { waitsFor: 'lock' });
  }
  await wake(tx);
}

async function explain(tx: Transaction, run: RunRow, reason: RunReason): Promise<boolean> {
  const { code, params } = run.reason;
  if (
    code === reason.code &&
    params['lock'] === reason.params['lock'] &&
    params['holder'] === reason.params['holder']
  )
    return false;
  await tx.update(runs).set({ reason }).where(eq(runs.id, run.id));
  return true;
}

const isBlocked = sql`exists (select 1 from named_locks l
  where l.scope = ${runs.scope} and l.name = any(${runs.locks}) and l.holder is not null)`;

/**
 * Runs that wait for locks go on when all of them are free: by priority, then age, and only as many as can have them; the
 * others are told who has what they need.
 */
export async function releaseLockWaiters(tx: Transaction): Promise<Change[]> {
  const found = await tx
    .select({ run: runs, now: sql<string>`scope_now(${runs.scope})` })
    .from(runs)
    .where(and(sql`${runs.waitsFor} = 'lock'`, sql`${runs.cancelRequestedAt} is null`))
    // Those that can go come first: a crowd before one lock must not hide who waits for another.
    .orderBy(asc(isBlocked), asc(runs.priority), asc(runs.queuedAt), asc(runs.id))
    .limit(mostWaiting)
    .for('update', { of: runs, skipLocked: true });
  const changed: RunRow[] = [];
  for (const scope of new Set(found.map(({ run }) => run.scope))) {
    const mine = found.filter(({ run }) => run.scope === scope);
    const taken = await takenLocks(tx, scope, [...new Set(mine.flatMap(({ run }) => run.locks))]);
    for (const { run, now } of mine) {
      const lock = run.locks.find((name) => taken.has(name));
      const by = lock === undefined ? undefined : taken.get(lock);
      if (lock !== undefined && by !== undefined) {
        if (await explain(tx, run, lockTaken(lock, by))) changed.push(run);
        continue;
      }
      const mover = { actor: 'system:engine', at: new Date(now) };
      await moveRun(tx, mover, run, 'ready', { code: 'lock_free', params: {} });
      for (const name of run.locks) taken.set(name, { holder: run.jobId, runId: run.id, outside: false });
      changed.push(run);
    }
  }
  return changesOf(changed);
}

/** Jobs with a run whose wait for a lock is over. */
export async function jobsPastLockWait(db: Database): Promise<number[]> {
  const rows = await db
    .selectDistinct({ job: runs.job })
    .from(runs)
    .where(and(sql`${runs.waitsFor} = 'lock'`, sql`${runs.lockWaitUntil} <= clock_timestamp()`));
  return rows.map((row) => row.job);
}

/** Counts acquisitions of a scope's locks that failed, each name once for each; their rows in the order of all. */
async function countFailures(tx: Transaction, scope: string, names: readonly string[]): Promise<void> {
  const rows = await tx
    .select({ name: namedLocks.name })
    .from(namedLocks)
    .where(and(eq(namedLocks.scope, scope), inArray(namedLocks.name, [...new Set(names)])))
    .orderBy(namedLocks.lockId)
    .for('update');
  for (const { name } of rows)
    await tx
      .update(namedLocks)
      .set({
        failures: sql`${namedLocks.failures} + ${names.filter((one) => one === name).length}`,
        lastFailureAt: sql`clock_timestamp()`,
      })
      .where(and(eq(namedLocks.scope, scope), eq(namedLocks.name, name)));
}

/** A run whose wait for a lock is over is skipped (cancelled, when it is a retry), naming who had it. The job is locked before its runs, as by firing. */
export async function endLockWaits(tx: Transaction, job: number): Promise<Change[]> {
  await tx.select({ id: jobs.id }).from(jobs).where(eq(jobs.id, job)).for('no key update');
  const late = await tx
    .select({ run: runs, now: sql<string>`scope_now(${runs.scope})` })
    .from(runs)
    .where(
      and(eq(runs.job, job), sql`${runs.waitsFor} = 'lock'`, sql`${runs.lockWaitUntil} <= clock_timestamp()`),
    )
    .orderBy(asc(runs.id))
    .limit(mostWaiting)
    .for('update', { of: runs });
  const failed: string[] = [];
  for (const { run, now } of late) {
    const { lock = null, holder = null, run_id = null } = run.reason.params;
    const reason: RunReason = {
      code: 'lock_not_acquired',
      params: { lock, holder, run_id, waited_sec: run.lockWaitSec },
    };
    const at = new Date(now);
    // A skipped run never happened: one that has had an attempt did, and the jobs after it hear of its end.
    const to = run.attempt === 0 ? 'skipped' : 'cancelled';
    await moveRun(tx, { actor: 'system:engine', at }, run, to, reason, { finishedAt: at });
    failed.push(String(lock));
    await continueQueueMode(tx, run.job, at);
  }
  await countFailures(tx, late[0]?.run.scope ?? '', failed);
  return [
    ...changesOf(late.map(({ run }) => run)),
    ...late.map(({ run }) => ({ topic: 'locks' as const, entity: '*', scope: run.scope })),
  ];
}
