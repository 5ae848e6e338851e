import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '#db/core/client.ts';
import { jobs } from './schema.ts';

/** A job in queue mode has no due time while one of its runs is open. */
export async function holdQueueMode(tx: Transaction, job: number): Promise<void> {
  await tx
    .update(jobs)
    .set({ nextDueAt: null })
    .where(and(eq(jobs.id, job), eq(jobs.rescheduleMode, 'queue')));
}

/**
 * Every end of a run, also a cancelled one, sets a queue-mode job's next due time, unless another run is still open.
 * Call it after the run has moved.
 * @param now scope time. @param delaySec the run's own answer; null: the job's interval.
 */
export async function continueQueueMode(
  tx: Transaction,
  job: number,
  now: Date,
  delaySec: number | null = null,
): Promise<void> {
  await tx.execute(sql`
    update jobs set next_due_at = ${now.toISOString()}::timestamptz
      + make_interval(secs => coalesce(${delaySec}::double precision, interval_seconds))
    where id = ${job} and reschedule_mode = 'queue' and enabled and deleted_at is null
      and coalesce(${delaySec}::double precision, interval_seconds) is not null
      and not exists (select 1 from runs where runs.job = jobs.id and runs.state in ('waiting', 'ready', 'dispatched', 'running'))`);
}
