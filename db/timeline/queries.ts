import { and, asc, between, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import { type RunState, openStates } from '#domain/runs/run.ts';
import { calendarDay } from '#domain/time/calendar/calendar.ts';
import { dateText, dayMs, dayNumber } from '#domain/time/calendar/day.ts';
import { scheduleOf } from '#domain/time/schedule.ts';
import { formatInZone } from '#domain/time/zone.ts';
import { plannedBetween, plannedMax } from '#domain/timeline/planned.ts';
import {
  type TimelineJob,
  type TimelinePlan,
  type TimelineRun,
  type TimelineView,
  timelineRunsMax,
} from '#domain/timeline/view.ts';
import { loadCalendars, type ScopeCalendars } from '#db/calendars/load.ts';
import { calendarDays, getCalendar } from '#db/calendars/queries.ts';
import type { Queryable } from '#db/core/client.ts';
import { definitionOf, type JobRow } from '#db/jobs/rows.ts';
import { jobs } from '#db/jobs/schema.ts';
import { runs } from '#db/runs/schema.ts';
import { scopeTime } from '#db/scopes/clock.ts';

export interface TimelineRange {
  readonly from: Date;
  readonly to: Date;
  /** Whose sessions are shown. */
  readonly calendar: string;
}

/** Runs looked for by trading day, which lies within a day of the nominal time in every zone; open ones by state. */
function candidates(from: Date, to: Date) {
  const days = [new Date(from.getTime() - dayMs), new Date(to.getTime() + dayMs)] as const;
  return or(
    between(runs.tradingDay, formatInZone(days[0], 'UTC', 'date'), formatInZone(days[1], 'UTC', 'date')),
    inArray(runs.state, [...openStates] satisfies RunState[]),
  );
}

async function runsBetween(q: Queryable, scope: string, { from, to }: TimelineRange) {
  return q
    .select({
      run_id: runs.id,
      job: runs.job,
      job_id: runs.jobId,
      resource_group: runs.resourceGroup,
      state: runs.state,
      reason: runs.reason,
      attempt: runs.attempt,
      failures: runs.failures,
      trigger_source: runs.triggerSource,
      scheduled_for: runs.scheduledFor,
      queued_at: runs.queuedAt,
      started_at: runs.startedAt,
      finished_at: runs.finishedAt,
    })
    .from(runs)
    .where(
      and(
        eq(runs.scope, scope),
        candidates(from, to),
        sql`least(${runs.scheduledFor}, ${runs.queuedAt}) < ${to.toISOString()}`,
        // An open run reaches up to now.
        sql`coalesce(${runs.finishedAt}, scope_now(${scope})) >= ${from.toISOString()}`,
      ),
    )
    .orderBy(sql`${runs.queuedAt} desc`)
    .limit(timelineRunsMax + 1);
}
type FoundRun = Awaited<ReturnType<typeof runsBetween>>[number];

function jobOf(row: JobRow): TimelineJob {
  return {
    job_id: row.jobId,
    description: row.description,
    resource_group: row.resourceGroup,
    calendar: row.calendar,
    time_zone: row.timeZone,
    enabled: row.enabled,
    deleted: false,
  };
}

function goneJob(run: FoundRun): TimelineJob {
  return {
    job_id: run.job_id,
    description: '',
    resource_group: run.resource_group,
    calendar: null,
    time_zone: 'Asia/Seoul',
    enabled: false,
    deleted: true,
  };
}

function runOf(run: FoundRun, job: number): TimelineRun {
  return {
    run_id: run.run_id,
    job,
    state: run.state,
    reason: run.reason,
    attempt: run.attempt,
    failures: run.failures,
    trigger_source: run.trigger_source,
    scheduled_for: run.scheduled_for.toISOString(),
    queued_at: run.queued_at.toISOString(),
    started_at: run.started_at?.toISOString() ?? null,
    finished_at: run.finished_at?.toISOString() ?? null,
  };
}

function planOf(row: JobRow, job: number, calendars: ScopeCalendars, range: TimelineRange): TimelinePlan[] {
  if (!row.enabled || row.nextDueAt === null) return [];
  const schedule = scheduleOf(
    { ...definitionOf(row), schedule_anchor: row.scheduleAnchor },
    calendars.find(row.calendar),
  );
  const { fires, bands } = plannedBetween(schedule, row.nextDueAt, { ...range, zone: row.timeZone });
  if (fires.length === 0 && bands.length === 0) return [];
  return [
    {
      job,
      fires: fires.map((at) => at.toISOString()),
      bands: bands.map(({ from, to, count, more, everySec }) => ({
        from: from.toISOString(),
        to: to.toISOString(),
        count,
        more,
        every_sec: everySec,
      })),
    },
  ];
}

/**
 * What ran and what is planned in a range of time: every job of the scope, the runs that touch the range (the newest
 * 10,000), what the schedules bring, and the sessions of a calendar. @throws Problem 404 for an unknown calendar.
 */
export async function timeline(q: Queryable, scope: string, range: TimelineRange): Promise<TimelineView> {
  const calendar = await getCalendar(q, scope, range.calendar);
  const dates = {
    from: dateText(dayNumber(calendarDay(calendar, range.from)) - 1),
    to: calendarDay(calendar, range.to),
  };
  const [now, rows, calendars, found, days] = await Promise.all([
    scopeTime(q, scope),
    q
      .select()
      .from(jobs)
      .where(and(eq(jobs.scope, scope), isNull(jobs.deletedAt)))
      .orderBy(asc(jobs.jobId)),
    loadCalendars(q, scope),
    runsBetween(q, scope, range),
    calendarDays(q, scope, range.calendar, dates),
  ]);
  const listed = rows.map(jobOf);
  const places = new Map(rows.map((row, index) => [row.id, index]));
  const shown = found.slice(0, timelineRunsMax).toReversed();
  const placed = shown.map((run) => {
    let place = places.get(run.job);
    if (place === undefined) {
      place = listed.push(goneJob(run)) - 1;
      places.set(run.job, place);
    }
    return runOf(run, place);
  });
  return {
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    now: now.toISOString(),
    jobs: listed,
    runs: placed,
    runs_capped:
      found.length > timelineRunsMax
        ? { limit: timelineRunsMax, since: placed[0]?.queued_at ?? range.from.toISOString() }
        : null,
    planned: rows.flatMap((row, index) => planOf(row, index, calendars, range)),
    planned_max: plannedMax,
    calendar: range.calendar,
    days,
  };
}
