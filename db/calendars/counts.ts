import { and, between, count, eq, inArray, isNull } from 'drizzle-orm';
import { notFound } from '#domain/core/errors.ts';
import { type Calendar, calendarDay } from '#domain/time/calendar/calendar.ts';
import type { CalendarCounts } from '#domain/time/calendar/counts.ts';
import { type DayNumber, dateText, dayNumber } from '#domain/time/calendar/day.ts';
import type { FireCount } from '#domain/time/count.ts';
import { plannedPerDay, tradingDayBounds } from '#domain/time/planned-days.ts';
import { type Schedule, scheduleOf } from '#domain/time/schedule.ts';
import type { Queryable } from '#db/core/client.ts';
import { definitionOf, type JobRow } from '#db/jobs/rows.ts';
import { jobs } from '#db/jobs/schema.ts';
import { runs } from '#db/runs/schema.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { loadCalendars, type ScopeCalendars } from './load.ts';

/** Steps of counting one job's day: fires of intervals and crons take none. */
export const stepsPerDay = 1_500;

export interface CountFilter {
  readonly from: string;
  readonly to: string;
  readonly calendar: string;
  /** Only this job. */
  readonly jobId?: string | undefined;
  /** All jobs of the scope, or those on the calendar. */
  readonly of: 'all' | 'calendar';
}

export async function jobsOf(
  q: Queryable,
  scope: string,
  { calendar, jobId, of }: CountFilter,
): Promise<JobRow[]> {
  return q
    .select()
    .from(jobs)
    .where(
      and(
        eq(jobs.scope, scope),
        isNull(jobs.deletedAt),
        jobId === undefined ? undefined : eq(jobs.jobId, jobId as JobRow['jobId']),
        jobId === undefined && of === 'calendar' ? eq(jobs.calendar, calendar) : undefined,
      ),
    );
}

/** Runs by trading day and state; of all jobs also those that are deleted. */
async function runsByDay(q: Queryable, scope: string, filter: CountFilter, ids: readonly number[]) {
  const all = filter.jobId === undefined && filter.of === 'all';
  if (!all && ids.length === 0) return [];
  return q
    .select({ date: runs.tradingDay, state: runs.state, count: count() })
    .from(runs)
    .where(
      and(
        eq(runs.scope, scope),
        between(runs.tradingDay, filter.from, filter.to),
        all ? undefined : inArray(runs.job, [...ids]),
      ),
    )
    .groupBy(runs.tradingDay, runs.state);
}

export function scheduleOfRow(row: JobRow, calendar: Calendar | null): Schedule {
  return scheduleOf({ ...definitionOf(row), schedule_anchor: row.scheduleAnchor }, calendar);
}

/** What the job's schedule brings on each of the days. */
export function plannedOf(row: JobRow, calendars: ScopeCalendars, days: readonly DayNumber[]): FireCount[] {
  const calendar = calendars.find(row.calendar);
  if (!row.enabled || row.nextDueAt === null) return days.map(() => ({ count: 0, more: false }));
  const bounds = days.map((day) => tradingDayBounds(calendar, row.timeZone, day));
  return plannedPerDay(scheduleOfRow(row, calendar), row.nextDueAt, bounds, stepsPerDay);
}

/**
 * Runs and planned fires of each day. A run counts to its own trading day, a fire to that of its job's calendar.
 * @throws Problem 404 for an unknown calendar or job.
 */
export async function calendarCounts(
  q: Queryable,
  scope: string,
  filter: CountFilter,
): Promise<CalendarCounts> {
  const calendars = await loadCalendars(q, scope);
  const calendar = calendars.find(filter.calendar);
  if (calendar === null) throw notFound('calendar', filter.calendar);
  const rows = await jobsOf(q, scope, filter);
  if (filter.jobId !== undefined && rows.length === 0) throw notFound('job', filter.jobId);
  const [now, found] = await Promise.all([
    scopeTime(q, scope),
    runsByDay(
      q,
      scope,
      filter,
      rows.map(({ id }) => id),
    ),
  ]);
  const first = dayNumber(filter.from);
  const days = Array.from({ length: dayNumber(filter.to) - first + 1 }, (_, index) => first + index);
  const planned = rows.map((row) => plannedOf(row, calendars, days));
  const items = days.map((day, index) => {
    const date = dateText(day);
    const states = found.filter((row) => row.date === date);
    const fires = planned.map((counts) => counts[index] ?? { count: 0, more: false });
    return {
      date,
      runs: Object.fromEntries(states.map((row) => [row.state, row.count])),
      total: states.reduce((sum, row) => sum + row.count, 0),
      planned: {
        count: fires.reduce((sum, fire) => sum + fire.count, 0),
        more: fires.some((fire) => fire.more),
      },
    };
  });
  return { now: now.toISOString(), today: calendarDay(calendar, now), jobs: rows.length, items };
}
