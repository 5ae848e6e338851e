import { and, eq, sql } from 'drizzle-orm';
import { firstFree } from '#domain/time/bounds.ts';
import { scheduleOf } from '#domain/time/schedule.ts';
import { calendarOf } from '#db/calendars/load.ts';
import type { Transaction } from '#db/core/client.ts';
import { definitionOf } from './rows.ts';
import { jobs } from './schema.ts';

/** A job in queue mode has no due time while one of its runs is open. */
export async function holdQueueMode(tx: Transaction, job: number): Promise<void> {
  await tx
    .update(jobs)
    .set({ nextDueAt: null })
    .where(and(eq(jobs.id, job), eq(jobs.rescheduleMode, 'queue')));
}

/**
 * Every end of a run, also a cancelled one, sets a queue-mode job's next due time, unless another run is still open; the job's
 * calendar and window may put it off.
 * Call it after the run has moved.
 * @param now scope time. @param delaySec the run's own answer; null: the job's interval.
 */
export async function continueQueueMode(
  tx: Transaction,
  job: number,
  now: Date,
  delaySec: number | null = null,
): Promise<void> {
  const [bounded] = await tx.execute<{ due: string; held: boolean }>(sql`
    update jobs set next_due_at = ${now.toISOString()}::timestamptz
      + make_interval(secs => coalesce(${delaySec}::double precision, interval_seconds))
    where id = ${job} and reschedule_mode = 'queue' and enabled and deleted_at is null
      and coalesce(${delaySec}::double precision, interval_seconds) is not null
      and not exists (select 1 from runs where runs.job = jobs.id and runs.state in ('waiting', 'ready', 'dispatched', 'running'))
    returning next_due_at as due, (calendar is not null or time_window is not null) as held`);
  if (bounded?.held === true) await putOff(tx, job, new Date(bounded.due));
}

/** A due time outside the job's calendar or window waits for the next instant inside. */
async function putOff(tx: Transaction, id: number, due: Date): Promise<void> {
  const [job] = await tx.select().from(jobs).where(eq(jobs.id, id));
  if (job === undefined) return;
  const calendar = await calendarOf(tx, job.scope, job.calendar);
  const { bounds } = scheduleOf({ ...definitionOf(job), schedule_anchor: job.scheduleAnchor }, calendar);
  await tx
    .update(jobs)
    .set({ nextDueAt: firstFree(bounds, due) })
    .where(eq(jobs.id, id));
}
