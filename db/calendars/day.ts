import { and, asc, count, eq, inArray } from 'drizzle-orm';
import { notFound } from '#domain/core/errors.ts';
import { type Calendar, sessionOf } from '#domain/time/calendar/calendar.ts';
import type { ChangedJob, DayChange, DayJobs, JobDay } from '#domain/time/calendar/counts.ts';
import { type DayNumber, dayNumber } from '#domain/time/calendar/day.ts';
import type { CalendarException } from '#domain/time/calendar/definition.ts';
import { dayView } from '#domain/time/calendar/view.ts';
import { plannedPerDay, tradingDayBounds } from '#domain/time/planned-days.ts';
import { firesBetween } from '#domain/time/schedule.ts';
import type { Queryable } from '#db/core/client.ts';
import type { JobRow } from '#db/jobs/rows.ts';
import { runs } from '#db/runs/schema.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { type CountFilter, jobsOf, plannedOf, scheduleOfRow, stepsPerDay } from './counts.ts';
import { loadCalendars, type ScopeCalendars } from './load.ts';
import { calendarDays } from './queries.ts';
import { dueAgain } from './reschedule.ts';

/** Planned fires of a job named one by one. */
const firesShown = 8;

function firesOf(row: JobRow, calendars: ScopeCalendars, day: DayNumber): Date[] {
  if (!row.enabled || row.nextDueAt === null) return [];
  const calendar = calendars.find(row.calendar);
  const { after, until } = tradingDayBounds(calendar, row.timeZone, day);
  const due = row.nextDueAt;
  if (due > until) return [];
  const first = due > after ? [due] : [];
  const start = due > after ? due : after;
  const { fires } = firesBetween(scheduleOfRow(row, calendar), start, until, firesShown);
  return [...first, ...fires].slice(0, firesShown);
}

/** The jobs of one trading day: their runs by state and what is planned. @throws Problem 404 for an unknown job. */
export async function dayJobs(
  q: Queryable,
  scope: string,
  filter: Omit<CountFilter, 'from' | 'to'> & { readonly date: string },
): Promise<DayJobs> {
  const { date } = filter;
  const calendars = await loadCalendars(q, scope);
  const rows = await jobsOf(q, scope, { ...filter, from: date, to: date });
  if (filter.jobId !== undefined && rows.length === 0) throw notFound('job', filter.jobId);
  const all = filter.jobId === undefined && filter.of === 'all';
  const ids = rows.map(({ id }) => id);
  const found = await q
    .select({ job: runs.job, jobId: runs.jobId, state: runs.state, count: count() })
    .from(runs)
    .where(
      and(eq(runs.scope, scope), eq(runs.tradingDay, date), all ? undefined : inArray(runs.job, [0, ...ids])),
    )
    .groupBy(runs.job, runs.jobId, runs.state)
    .orderBy(asc(runs.jobId));
  const day = dayNumber(date);
  const listed = new Map<number, JobDay>(
    rows.map((row) => [
      row.id,
      {
        job_id: row.jobId,
        description: row.description,
        runs: {},
        planned: plannedOf(row, calendars, [day])[0] ?? { count: 0, more: false },
        fires: firesOf(row, calendars, day).map((at) => at.toISOString()),
      },
    ]),
  );
  for (const row of found) {
    const job = listed.get(row.job) ?? {
      job_id: row.jobId,
      description: '',
      runs: {},
      planned: { count: 0, more: false },
      fires: [],
    };
    listed.set(row.job, { ...job, runs: { ...job.runs, [row.state]: row.count } });
  }
  const jobs = [...listed.values()].filter(
    (job) => job.planned.count > 0 || Object.keys(job.runs).length > 0,
  );
  return { date, jobs: jobs.sort((a, b) => a.job_id.localeCompare(b.job_id)) };
}

function changeOf(
  row: JobRow,
  [before, after]: readonly [Calendar, Calendar],
  day: DayNumber,
  now: Date,
): ChangedJob | null {
  const firesOf = (calendar: Calendar, due: Date | null) => {
    const bounds = tradingDayBounds(calendar, row.timeZone, day);
    return (
      plannedPerDay(scheduleOfRow(row, calendar), due, [bounds], stepsPerDay)[0] ?? { count: 0, more: false }
    );
  };
  const next = row.enabled ? dueAgain(row, after, now) : null;
  const [old, made] = [firesOf(before, row.enabled ? row.nextDueAt : null), firesOf(after, next)];
  const same =
    next?.getTime() === row.nextDueAt?.getTime() && old.count === made.count && old.more === made.more;
  if (same) return null;
  return {
    job_id: row.jobId,
    description: row.description,
    enabled: row.enabled,
    next_before: row.nextDueAt?.toISOString() ?? null,
    next_after: next?.toISOString() ?? null,
    fires_before: old,
    fires_after: made,
  };
}

/**
 * What an exception (null: none) would make of a day, and of the jobs on the calendar; nothing is changed.
 * @throws Problem 404 for an unknown calendar.
 */
export async function previewException(
  q: Queryable,
  scope: string,
  calendarId: string,
  date: string,
  exception: CalendarException | null,
): Promise<DayChange> {
  const calendars = await loadCalendars(q, scope);
  const calendar = calendars.find(calendarId);
  const changed = calendars.findWith(calendarId, date, exception);
  if (calendar === null || changed === null) throw notFound('calendar', calendarId);
  const [now, rows, [before]] = await Promise.all([
    scopeTime(q, scope),
    jobsOf(q, scope, { from: date, to: date, calendar: calendarId, of: 'calendar' }),
    calendarDays(q, scope, calendarId, { from: date, to: date }),
  ]);
  if (before === undefined) throw new Error('A date has no day.');
  const moved = rows.flatMap((row) => changeOf(row, [calendar, changed], dayNumber(date), now) ?? []);
  return {
    before,
    after: dayView(sessionOf(changed, date), exception, null),
    changed: moved.sort((a, b) => a.job_id.localeCompare(b.job_id)),
    unchanged: rows.length - moved.length,
  };
}
