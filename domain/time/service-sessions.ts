import { type Calendar, calendarDay, dayOf, instantAt, tradingDayNumber } from './calendar/calendar.ts';
import { type DayNumber, dayMs } from './calendar/day.ts';
import { type TimeWindow, openDay, reachDays } from './bounds.ts';
import { tradingDay, wallAsUtc, wallOf } from './zone.ts';

/** The hours of a service, one session a day. */
export interface ServiceHours {
  /** Null for none, and where only the words are wanted. */
  readonly calendar: Calendar | null;
  /** What the job names, for the words. */
  readonly calendarId: string | null;
  /** With an `HH:MM-HH:MM` window: whether there is a session on days the calendar is closed. */
  readonly onClosed: 'skip' | 'run';
  readonly window: TimeWindow | null;
  readonly zone: string;
}

/** Starts of sessions as fires; inside, a tick at start + k * seconds, k >= 0. */
export interface ServiceTimes {
  readonly kind: 'service';
  readonly seconds: number;
  readonly hours: ServiceHours;
}

/** From `start` on, and before `end`. */
export interface ServiceSession {
  readonly start: Date;
  readonly end: Date;
  /** YYYY-MM-DD. */
  readonly tradingDay: string;
}

const dayMinutes = 1_440;
const wholeDay = { from: 0, to: dayMinutes } as const;

function dayIn(zone: string, at: Date): DayNumber {
  return Math.floor(wallAsUtc(wallOf(at, zone)).getTime() / dayMs);
}

/** The session that belongs to a day of the hours; null when there is none. */
function sessionOfDay(hours: ServiceHours, day: DayNumber): ServiceSession | null {
  const { calendar, window, zone } = hours;
  if (calendar !== null && (window === null || window === 'session')) {
    const open = dayOf(calendar, day);
    return open.kind === 'open' ? { start: open.open, end: open.close, tradingDay: open.date } : null;
  }
  const { from, to } = window === null || window === 'session' ? wholeDay : window;
  const start = instantAt(day, from, zone);
  const end = instantAt(day, to > from ? to : to + dayMinutes, zone);
  if (end <= start) return null;
  if (calendar === null) return { start, end, tradingDay: tradingDay(start, zone) };
  const opens = dayOf(calendar, tradingDayNumber(calendar, start)).kind === 'open';
  return opens || hours.onClosed === 'run' ? { start, end, tradingDay: calendarDay(calendar, start) } : null;
}

function byCalendarDay({ calendar, window }: ServiceHours): Calendar | null {
  return window === null || window === 'session' ? calendar : null;
}

/** The day whose session an instant may fall into; its neighbours are to be looked at too. */
function dayNear(hours: ServiceHours, at: Date): DayNumber {
  const calendar = byCalendarDay(hours);
  return calendar === null ? dayIn(hours.zone, at) : tradingDayNumber(calendar, at);
}

/** The session that is on at an instant; where two overlap for a clock change's sake, the later one. */
export function serviceSessionAt(hours: ServiceHours, at: Date): ServiceSession | null {
  const near = dayNear(hours, at);
  for (const day of [near + 1, near, near - 1]) {
    const session = sessionOfDay(hours, day);
    if (session !== null && session.start <= at && at < session.end) return session;
  }
  return null;
}

function nearby(hours: ServiceHours, from: DayNumber, step: 1 | -1): DayNumber | null {
  const calendar = byCalendarDay(hours);
  return calendar === null ? from + step : openDay(calendar, from, step);
}

/** The first session that starts strictly after an instant; null when there is none within reach. */
export function nextServiceSession(hours: ServiceHours, after: Date): ServiceSession | null {
  const near = dayNear(hours, after) - 2;
  for (let day: DayNumber | null = near; day !== null && day - near < reachDays + 2;) {
    const session = sessionOfDay(hours, day);
    if (session !== null && session.start > after) return session;
    day = nearby(hours, day, 1);
  }
  return null;
}

/** The newest starts in (after, until], at most `count`, oldest first. */
export function newestServiceStarts(hours: ServiceHours, after: Date, until: Date, count: number): Date[] {
  const near = dayNear(hours, until) + 2;
  const found: Date[] = [];
  let barren = near;
  for (
    let day: DayNumber | null = near;
    day !== null && barren - day < reachDays + 4 && found.length < count;
  ) {
    const session = sessionOfDay(hours, day);
    if (session !== null && session.start <= after) break;
    if (session !== null && session.start <= until) {
      found.push(session.start);
      barren = day;
    }
    day = nearby(hours, day, -1);
  }
  return found.toReversed();
}

/** The newest tick point at or before an instant that is not before the start. */
export function tickPoint(start: Date, seconds: number, at: Date): Date {
  const step = seconds * 1_000;
  return new Date(start.getTime() + Math.max(0, Math.floor((at.getTime() - start.getTime()) / step)) * step);
}

export interface NextTick {
  /** A point of the grid: start + k * seconds. */
  readonly point: Date;
  /** Points that passed since the last tick's own while nobody could tick. */
  readonly skipped: number;
}

/**
 * Which point to tick next: the newest one that has come, if no tick was made for it, else the one after. Points that
 * were missed are not made up.
 * @param start any point of the grid. @param last when the last tick began; null: there was none.
 * @returns null when the session ends before it.
 */
export function nextTick(
  grid: { readonly start: Date; readonly seconds: number },
  last: Date | null,
  now: Date,
  until: Date,
): NextTick | null {
  const step = grid.seconds * 1_000;
  const current = tickPoint(grid.start, grid.seconds, now);
  const done = last === null ? null : tickPoint(grid.start, grid.seconds, last);
  const point = done === null || done < current ? current : new Date(done.getTime() + step);
  if (point >= until || now >= until) return null;
  const skipped = done === null ? 0 : Math.max(0, Math.round((point.getTime() - done.getTime()) / step) - 1);
  return { point, skipped };
}

/** What becomes of a service that is due. */
export interface ServiceDue {
  /** To be started for what is left of its session. */
  readonly start: {
    /** The due time it stands for: no two runs have the same. */
    readonly nominal: Date;
    /** The tick point from which its grid counts. */
    readonly from: Date;
    readonly session: ServiceSession;
  } | null;
  /** Sessions that went by without it, from the first start to the last. */
  readonly missed: {
    readonly from: Date;
    readonly to: Date;
    readonly count: number;
    readonly more: boolean;
  } | null;
  /** The next session's start. */
  readonly nextDueAt: Date | null;
}

/** Missed sessions are counted up to here. */
const missedCap = 1_000;

function missedSessions(hours: ServiceHours, due: Date, before: Date): ServiceDue['missed'] {
  const from = serviceSessionAt(hours, due)?.start ?? nextServiceSession(hours, due)?.start;
  if (from === undefined || from >= before) return null;
  const starts = newestServiceStarts(
    hours,
    new Date(from.getTime() - 1),
    new Date(before.getTime() - 1),
    missedCap + 1,
  );
  const to = starts.at(-1);
  if (to === undefined) return null;
  return { from, to, count: Math.min(starts.length, missedCap), more: starts.length > missedCap };
}

/**
 * Decides for a service that came due: it starts for the rest of the session that is on, however late that is, unless it
 * is running; sessions that are over were missed.
 * @param due the stored due time, not after `now`.
 */
export function serviceDue(schedule: ServiceTimes, due: Date, now: Date, running: boolean): ServiceDue {
  const { hours, seconds } = schedule;
  const session = serviceSessionAt(hours, now);
  const nextDueAt = nextServiceSession(hours, now)?.start ?? null;
  const missed = missedSessions(hours, due, session?.start ?? now);
  if (session === null || running) return { start: null, missed, nextDueAt };
  const nominal = due > session.start ? due : session.start;
  return { start: { nominal, from: tickPoint(session.start, seconds, nominal), session }, missed, nextDueAt };
}
