import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { Calendar } from '#domain/time/calendar/calendar.ts';
import { firstFree } from '#domain/time/bounds.ts';
import { nextAfter, scheduleOf } from '#domain/time/schedule.ts';
import { wake } from '#db/core/changes.ts';
import type { Transaction } from '#db/core/client.ts';
import type { ScopedContext } from '#db/core/operation.ts';
import { definitionOf, type JobRow } from '#db/jobs/rows.ts';
import { jobs } from '#db/jobs/schema.ts';
import { moveSessions } from '#db/jobs/services.ts';
import { scopes } from '#db/scopes/schema.ts';
import { loadCalendars } from './load.ts';

async function lockJobs(tx: Transaction, scope: string, calendar: string): Promise<JobRow[]> {
  return tx
    .select()
    .from(jobs)
    .where(and(eq(jobs.scope, scope), eq(jobs.calendar, calendar), isNull(jobs.deletedAt)))
    .orderBy(asc(jobs.id))
    .for('no key update');
}

/** Where a job stands on a changed calendar; what is due already stays due. */
export function dueAgain(job: JobRow, calendar: Calendar | null, now: Date): Date | null {
  const due = job.nextDueAt;
  if (due !== null && due <= now) return due;
  const schedule = scheduleOf({ ...definitionOf(job), schedule_anchor: job.scheduleAnchor }, calendar);
  if (schedule.kind !== 'queue') return nextAfter(schedule, now);
  if (due === null) return null;
  // Later than its interval: a closed day had put it off.
  const usual = new Date(now.getTime() + (job.intervalSeconds ?? 0) * 1_000);
  return firstFree(schedule.bounds, usual < due ? usual : due);
}

/**
 * Changes a calendar by `edit` and brings the due times of the jobs on it after. The jobs are locked before the token and
 * looked up again after it: a job that joins the calendar meanwhile holds the token until it has committed.
 */
export async function changeCalendar<T>(
  { tx, scope, now, change }: ScopedContext,
  calendar: string,
  edit: () => Promise<T>,
): Promise<T> {
  await lockJobs(tx, scope.name, calendar);
  await tx
    .update(scopes)
    .set({ calendarsToken: sql`gen_random_uuid()` })
    .where(eq(scopes.name, scope.name));
  const output = await edit();
  const found = (await loadCalendars(tx, scope.name)).find(calendar);
  const after = await lockJobs(tx, scope.name, calendar);
  for (const job of after) await moveSessions(tx, job, found, now);
  const moved = after.flatMap((job) => {
    if (!job.enabled) return [];
    const due = dueAgain(job, found, now);
    return due?.getTime() === job.nextDueAt?.getTime()
      ? []
      : [{ id: job.id, due: due?.toISOString() ?? null }];
  });
  if (moved.length > 0) {
    await tx.execute(sql`update jobs set next_due_at = v.due
      from json_to_recordset(${JSON.stringify(moved)}::json) as v(id bigint, due timestamptz) where jobs.id = v.id`);
    change('jobs', '*');
    await wake(tx);
  }
  change('calendars', calendar);
  return output;
}
