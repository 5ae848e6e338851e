import { type JobDefinition, candleMinutes, scheduleKind } from '#domain/jobs/definition.ts';
import { type Calendar, alwaysCalendar } from '#domain/time/calendar/calendar.ts';
import { type Blocked, type Bounds, blockedAt, jumpsMax, readWindow } from './bounds.ts';
import { newestCrons, nextCron } from './cron.ts';
import { type ServiceTimes, newestServiceStarts, nextServiceSession } from './service-sessions.ts';
import { type SessionTimes, newestSessionTimes, nextSessionTime } from './session-times.ts';

/** Fires at anchor + k * seconds, k >= 1. */
export interface IntervalTimes {
  readonly kind: 'interval';
  readonly seconds: number;
  readonly anchor: Date;
}

/**
 * When a job comes due by itself; `queue` and `none` have no fires of their own. The bounds hold back what falls on a
 * closed day or outside the window.
 */
export type Schedule = (
  | { readonly kind: 'cron'; readonly expr: string; readonly zone: string }
  | IntervalTimes
  | SessionTimes
  | ServiceTimes
  | { readonly kind: 'queue' }
  | { readonly kind: 'none' }
) & { readonly bounds?: Bounds };

type ScheduleFields = Pick<
  JobDefinition,
  | 'cron_expr'
  | 'interval_seconds'
  | 'time_zone'
  | 'reschedule_mode'
  | 'calendar'
  | 'on_closed'
  | 'window'
  | 'candle'
  | 'session'
  | 'mode'
> & {
  readonly schedule_anchor: Date;
};

/** Candles of a job without a calendar: those of a market that never closes. */
const always = alwaysCalendar('CRYPTO');

/**
 * The schedule a job's fields amount to; with a cron expression and an interval, the cron wins.
 * @param calendar the job's, with its exceptions; null when it names none, or where only the words are wanted.
 */
export function scheduleOf(job: ScheduleFields, calendar: Calendar | null): Schedule {
  const kind = scheduleKind(job);
  const window = job.window === null ? null : readWindow(job.window);
  if (kind === 'service') return serviceTimes(job, calendar, window);
  const made = kind === 'candle' || kind === 'session';
  const bounds: Bounds = {
    // Sessions make candles: their fires need no look at the day, which a buffer may carry past midnight.
    calendar,
    onClosed: made ? 'run' : job.on_closed,
    window,
    zone: job.time_zone,
  };
  const bounded = window !== null || (calendar !== null && bounds.onClosed === 'skip') ? { bounds } : {};
  if (kind === 'cron' && job.cron_expr !== null)
    return { kind, expr: job.cron_expr, zone: job.time_zone, ...bounded };
  if (kind === 'candle' && job.candle !== null) {
    const { interval, buffer_sec: bufferSec } = job.candle;
    return { kind, minutes: candleMinutes[interval], bufferSec, calendar: calendar ?? always, ...bounded };
  }
  if (kind === 'session' && job.session !== null) {
    const { anchor, offset_min: offsetMin } = job.session;
    return { kind, anchor, offsetMin, calendar: calendar ?? always, ...bounded };
  }
  if (kind === 'interval' && job.interval_seconds !== null) {
    return { kind, seconds: job.interval_seconds, anchor: job.schedule_anchor, ...bounded };
  }
  return { kind: kind === 'queue' ? 'queue' : 'none', ...bounded };
}

/** A service's hours are its schedule: nothing else bounds it. Without an interval, which no saved one is, it has no times. */
function serviceTimes(
  job: ScheduleFields,
  calendar: Calendar | null,
  window: ServiceTimes['hours']['window'],
): Schedule {
  if (job.interval_seconds === null) return { kind: 'none' };
  const hours = {
    calendar,
    calendarId: job.calendar,
    onClosed: job.on_closed,
    window,
    zone: job.time_zone,
  };
  return { kind: 'service', seconds: job.interval_seconds, hours };
}

/** The number of fires of an interval at or before an instant. */
function intervalFires(schedule: IntervalTimes, until: Date): number {
  return Math.max(0, Math.floor((until.getTime() - schedule.anchor.getTime()) / (schedule.seconds * 1_000)));
}

const intervalFire = (schedule: IntervalTimes, k: number) =>
  new Date(schedule.anchor.getTime() + k * schedule.seconds * 1_000);

/** The next fire of the schedule's own times, whatever its bounds. */
function nextUnbounded(schedule: Schedule, after: Date): Date | null {
  switch (schedule.kind) {
    case 'cron':
      return nextCron(schedule.expr, schedule.zone, after);
    case 'interval':
      return intervalFire(schedule, intervalFires(schedule, after) + 1);
    case 'candle':
    case 'session':
      return nextSessionTime(schedule, after);
    case 'service':
      return nextServiceSession(schedule.hours, after)?.start ?? null;
    case 'queue':
    case 'none':
      return null;
  }
}

/** A fire that its bounds hold back for this long never comes. */
const horizonMs = 30 * 366 * 86_400_000;

/**
 * The first fire strictly after an instant; null when there is none.
 * @param skipped is told of each fire that the bounds hold back on the way, once per stretch of them.
 * @throws RangeError for a bad cron expression or zone.
 */
export function nextAfter(
  schedule: Schedule,
  after: Date,
  skipped?: (at: Date, blocked: Blocked) => void,
): Date | null {
  const { bounds } = schedule;
  let at = nextUnbounded(schedule, after);
  if (bounds === undefined) return at;
  const horizon = after.getTime() + horizonMs;
  for (let jumps = 0; at !== null && at.getTime() < horizon && jumps < jumpsMax; jumps += 1) {
    const blocked = blockedAt(bounds, at);
    if (blocked === null) return at;
    skipped?.(at, blocked);
    at = blocked.until === null ? null : nextUnbounded(schedule, new Date(blocked.until.getTime() - 1));
  }
  return null;
}

function newestUnbounded(schedule: Schedule, after: Date, until: Date, count: number): Date[] {
  if (until <= after || count < 1) return [];
  switch (schedule.kind) {
    case 'cron':
      return newestCrons(schedule.expr, schedule.zone, after, new Date(until.getTime() + 1), count);
    case 'interval': {
      const last = intervalFires(schedule, until);
      const first = Math.max(intervalFires(schedule, after) + 1, last - count + 1);
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
        intervalFire(schedule, first + index),
      );
    }
    case 'candle':
    case 'session':
      return newestSessionTimes(schedule, after, until, count);
    case 'service':
      return newestServiceStarts(schedule.hours, after, until, count);
    case 'queue':
    case 'none':
      return [];
  }
}

/** Where to look on from, backwards, when the newest `free` of these fires are taken and one before them is blocked. */
function takeFree(bounds: Bounds, fires: readonly Date[], found: Date[], count: number): Date | null {
  for (const at of fires.toReversed()) {
    if (found.length >= count) return null;
    const blocked = blockedAt(bounds, at);
    if (blocked !== null) return blocked.since;
    found.push(at);
  }
  const oldest = fires[0];
  return oldest === undefined ? null : new Date(oldest.getTime() - 1);
}

/** The newest fires in (after, until], at most `count`, oldest first. Costs by `count`, not by what lies between. */
export function newestFires(schedule: Schedule, after: Date, until: Date, count: number): Date[] {
  const { bounds } = schedule;
  if (bounds === undefined) return newestUnbounded(schedule, after, until, count);
  const found: Date[] = [];
  let to: Date | null = until;
  for (let jumps = 0; to !== null && to > after && found.length < count && jumps < jumpsMax; jumps += 1) {
    const before = found.length;
    to = takeFree(bounds, newestUnbounded(schedule, after, to, count - before), found, count);
    if (found.length > before) jumps = 0;
  }
  return found.toReversed();
}

/** How many fires lie in (after, until]: exact for plain intervals, else counted up to `cap` (`more`: there are further ones). */
export function countFires(
  schedule: Schedule,
  after: Date,
  until: Date,
  cap: number,
): { count: number; more: boolean } {
  if (schedule.kind === 'interval' && schedule.bounds === undefined) {
    const count = until <= after ? 0 : intervalFires(schedule, until) - intervalFires(schedule, after);
    return { count, more: false };
  }
  const { fires, more } = oldestFires(schedule, after, until, cap);
  return { count: fires.length, more };
}

function oldestFires(
  schedule: Schedule,
  after: Date,
  until: Date,
  cap: number,
): { fires: Date[]; more: boolean } {
  const fires: Date[] = [];
  for (let at = nextAfter(schedule, after); at !== null && at <= until; at = nextAfter(schedule, at)) {
    if (fires.length >= cap) return { fires, more: true };
    fires.push(at);
  }
  return { fires, more: false };
}

/**
 * The oldest fires in (afterExclusive, untilInclusive], at most `cap`; whether there are more; and the newest of
 * them all, which is found from the end, so that a year of seconds costs no more than a minute.
 */
export function firesBetween(
  schedule: Schedule,
  afterExclusive: Date,
  untilInclusive: Date,
  cap: number,
): { fires: Date[]; more: boolean; latest: Date | null } {
  const { fires, more } = oldestFires(schedule, afterExclusive, untilInclusive, cap);
  const latest = more ? newestFires(schedule, afterExclusive, untilInclusive, 1).at(-1) : fires.at(-1);
  return { fires, more, latest: latest ?? null };
}
