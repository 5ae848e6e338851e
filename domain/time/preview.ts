import type { ErrorParams } from '#domain/core/errors.ts';
import {
  type Calendar,
  calendarDay,
  dayOf,
  sessionOf,
  startOfDay,
  tradingDayNumber,
} from '#domain/time/calendar/calendar.ts';
import { dayMs, minutesText } from '#domain/time/calendar/day.ts';
import { type Blocked, type Bounds, reachDays } from './bounds.ts';
import { hasFixedTimes } from './cron.ts';
import { type Schedule, newestFires, nextAfter } from './schedule.ts';
import { serviceSessionAt } from './service-sessions.ts';
import { type ClockChange, clockChanges, formatInZone, tradingDay } from './zone.ts';

export const previewMax = 200;
/** Clock changes are looked for this far ahead; beyond, a zone's rules are guesses. */
const clockHorizonMs = 10 * 366 * 86_400_000;

/** Dates named at most. */
const skipsMax = 200;

export interface PreviewSkip {
  /** The date in the schedule's or the calendar's zone, YYYY-MM-DD. */
  readonly date: string;
  /**
   * `calendar_closed`: the calendar is closed that day, and why; `outside_window`: times of that day fall outside it.
   * `dst_missing`: the time does not exist that day and nothing fires; `dst_moved`: it does not exist and fires at the
   * jump; `dst_once`: it occurs twice and fires the first time only.
   */
  readonly reason: {
    readonly code: 'calendar_closed' | 'outside_window' | 'dst_missing' | 'dst_moved' | 'dst_once';
    readonly params: ErrorParams;
  };
}

export interface PreviewFire {
  readonly at: Date;
  readonly trading_day: string;
  /** The end of a service's session; null of every other fire. */
  readonly until: Date | null;
}

export interface Preview {
  readonly fires: readonly PreviewFire[];
  readonly skipped: readonly PreviewSkip[];
}

/** The nominal wall times the clock jumped over or repeated: what the expression would fire in a zone without changes. */
function affectedTimes(expr: string, change: ClockChange): string[] {
  const wallBefore = change.at.getTime() + change.before;
  const wallAfter = change.at.getTime() + change.after;
  const from = new Date(Math.min(wallBefore, wallAfter) - 1);
  const until = new Date(Math.max(wallBefore, wallAfter) - 1);
  return newestFires({ kind: 'cron', expr, zone: 'UTC' }, from, until, 5).map((wall) =>
    formatInZone(wall, 'UTC', 'time'),
  );
}

const short = (time: string) => time.replace(/:00$/, '');

function skipOf(schedule: Extract<Schedule, { kind: 'cron' }>, change: ClockChange): PreviewSkip | null {
  const times = affectedTimes(schedule.expr, change);
  if (times.length === 0) return null;
  const date = tradingDay(change.at, schedule.zone);
  const params: ErrorParams = { times: times.map(short).join(', '), zone: schedule.zone };
  const at = short(formatInZone(change.at, schedule.zone, 'time'));
  if (hasFixedTimes(schedule.expr)) {
    const code = change.after > change.before ? 'dst_moved' : 'dst_once';
    return { date, reason: { code, params: { ...params, at } } };
  }
  if (change.after < change.before) return null;
  const day = 86_400_000;
  const around = newestFires(
    { kind: 'cron', expr: schedule.expr, zone: schedule.zone },
    new Date(change.at.getTime() - day),
    new Date(change.at.getTime() + day),
    2_000,
  );
  if (around.some((fire) => tradingDay(fire, schedule.zone) === date)) return null;
  return { date, reason: { code: 'dst_missing', params } };
}

function outsideWindow(bounds: Bounds, at: Date, blocked: Blocked): PreviewSkip {
  const { calendar, window, zone } = bounds;
  const inSession = window === 'session' && calendar !== null;
  const day = inSession ? sessionOf(calendar, blocked.date) : null;
  const time = (instant: Date) => short(formatInZone(instant, inSession ? calendar.zone : zone, 'time'));
  const hours =
    window !== 'session' && window !== null
      ? `${minutesText(window.from)}–${minutesText(window.to)}`
      : day?.kind === 'open'
        ? `${time(day.open)}–${time(day.close)}`
        : '–';
  return {
    date: blocked.date,
    reason: { code: 'outside_window', params: { time: time(at), window: hours } },
  };
}

function closedSkip(calendar: Calendar, date: string, name: { en: string; ko: string }): PreviewSkip {
  const params = { calendar: calendar.id, name: name.en, name_ko: name.ko };
  return { date, reason: { code: 'calendar_closed', params } };
}

/** Whether the calendar's days make the fires, so that a closed day has none by itself. */
function madeByDays(schedule: Schedule): boolean {
  if (schedule.kind === 'service')
    return (
      schedule.hours.onClosed === 'skip' ||
      schedule.hours.window === null ||
      schedule.hours.window === 'session'
    );
  return schedule.kind === 'candle' || schedule.kind === 'session';
}

/**
 * The closed days in [from, to] on which the schedule would fire if they were open. A schedule made by sessions would
 * on all of them: of those, the days that are closed every week are left out.
 */
function closedDays(schedule: Schedule, calendar: Calendar, from: Date, to: Date): PreviewSkip[] {
  const { bounds, ...times } = schedule;
  const bySession = madeByDays(schedule);
  const window = bounds?.window ?? null;
  const free: Schedule =
    bounds === undefined || window === null || window === 'session'
      ? times
      : { ...times, bounds: { ...bounds, calendar: null } };
  const found: PreviewSkip[] = [];
  const last = tradingDayNumber(calendar, to);
  for (let number = tradingDayNumber(calendar, from); number <= last && found.length < skipsMax;) {
    const day = dayOf(calendar, number);
    let next = number + 1;
    if (day.kind === 'closed' && bySession) {
      if (!day.weekly) found.push(closedSkip(calendar, day.date, day.name));
    } else if (day.kind === 'closed') {
      const start = startOfDay(calendar, number).getTime() - 1;
      const fire = nextAfter(free, new Date(Math.max(start, from.getTime())));
      if (fire === null) break;
      const fires = tradingDayNumber(calendar, fire);
      if (fires === number) found.push(closedSkip(calendar, day.date, day.name));
      else next = Math.max(next, fires);
    }
    number = next;
  }
  return found;
}

export interface PreviewOptions {
  readonly from: Date;
  readonly count: number;
  /** Gives each fire its trading day where there is no calendar. */
  readonly zone: string;
  readonly calendar?: Calendar | null;
}

/**
 * The next fires strictly after `from`, at most 200, and the days on which the calendar, the window or a change of the
 * clock bends them, with the reason.
 */
export function previewFires(
  schedule: Schedule,
  { from, count, zone, calendar = null }: PreviewOptions,
): Preview {
  const fires: PreviewFire[] = [];
  const outside = new Map<string, PreviewSkip>();
  const note = (at: Date, blocked: Blocked) => {
    const { bounds } = schedule;
    if (bounds === undefined || blocked.reason !== 'outside_window' || outside.size >= skipsMax) return;
    if (!outside.has(blocked.date)) outside.set(blocked.date, outsideWindow(bounds, at, blocked));
  };
  const wanted = Math.min(previewMax, Math.max(0, count));
  let at = wanted > 0 ? nextAfter(schedule, from, note) : null;
  while (at !== null) {
    const session = schedule.kind === 'service' ? serviceSessionAt(schedule.hours, at) : null;
    const day = calendar === null ? tradingDay(at, zone) : calendarDay(calendar, at);
    fires.push({ at, trading_day: session?.tradingDay ?? day, until: session?.end ?? null });
    at = fires.length < wanted ? nextAfter(schedule, at, note) : null;
  }
  const last = fires.at(-1)?.at ?? null;
  const closes = calendar !== null && (madeByDays(schedule) || schedule.bounds?.onClosed === 'skip');
  const closed = closes
    ? closedDays(schedule, calendar, from, last ?? new Date(from.getTime() + reachDays * dayMs))
    : [];
  const bent = last === null || schedule.kind !== 'cron' ? [] : clockSkips(schedule, from, last);
  const skipped = [...closed, ...outside.values(), ...bent].sort((a, b) => a.date.localeCompare(b.date));
  return { fires, skipped };
}

function clockSkips(schedule: Extract<Schedule, { kind: 'cron' }>, from: Date, last: Date): PreviewSkip[] {
  const horizon = new Date(Math.min(last.getTime(), from.getTime() + clockHorizonMs));
  return clockChanges(schedule.zone, from, horizon).flatMap((change) => skipOf(schedule, change) ?? []);
}
