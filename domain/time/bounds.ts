import {
  type Calendar,
  dayOf,
  instantAt,
  startOfDay,
  tradingDayNumber,
} from '#domain/time/calendar/calendar.ts';
import { type DayNumber, dateText, dayMs, minutesOf } from '#domain/time/calendar/day.ts';
import type { DayName } from '#domain/time/calendar/names.ts';
import { fixedOffset, instantsOf, offsetMs, wallOf } from './zone.ts';

/** The hours a schedule keeps to: the calendar's session, or minutes of the day (`from` later than `to`: past midnight). */
export type TimeWindow = 'session' | { readonly from: number; readonly to: number };

/** What bounds a schedule beside its own times. Both ends of a window belong to it. */
export interface Bounds {
  readonly calendar: Calendar | null;
  /** Whether it fires on days the calendar is closed. */
  readonly onClosed: 'skip' | 'run';
  readonly window: TimeWindow | null;
  /** Of an `HH:MM-HH:MM` window. */
  readonly zone: string;
}

/** Why nothing fires at an instant, and how far that reaches on both sides. */
export interface Blocked {
  readonly reason: 'calendar_closed' | 'outside_window';
  /** The day it is, in the calendar's or the window's zone. */
  readonly date: string;
  /** The closed day's name. */
  readonly name: DayName | null;
  /** The day is closed every week. */
  readonly weekly: boolean;
  /** The first later instant that may be free; null: none within reach. */
  readonly until: Date | null;
  /** The last earlier instant that may be free; null: none within reach. */
  readonly since: Date | null;
}

/** A calendar closed for longer than this is taken as closed for good. */
export const reachDays = 400;

/** `session` or `HH:MM-HH:MM`; null for anything else. */
export function readWindow(text: string): TimeWindow | null {
  if (text === 'session') return 'session';
  const [from, to, ...more] = text.split('-').map((part) => minutesOf(part));
  if (from === undefined || from === null || to === undefined || to === null || more.length > 0) return null;
  return from === to || from === 1_440 ? null : { from, to };
}

/** The nearest open day after or before a day. */
export function openDay(calendar: Calendar, day: DayNumber, step: 1 | -1): DayNumber | null {
  for (let near = day + step; Math.abs(near - day) <= reachDays; near += step)
    if (dayOf(calendar, near).kind === 'open') return near;
  return null;
}

function closedDay(calendar: Calendar, at: Date): Blocked | null {
  const number = tradingDayNumber(calendar, at);
  const day = dayOf(calendar, number);
  if (day.kind === 'open') return null;
  const next = openDay(calendar, number, 1);
  const previous = openDay(calendar, number, -1);
  return {
    reason: 'calendar_closed',
    date: day.date,
    name: day.name,
    weekly: day.weekly,
    until: next === null ? null : startOfDay(calendar, next),
    since: previous === null ? null : endOfTradingDay(calendar, previous),
  };
}

/** The last instant of an open trading day: midnight, or its session's end past it. */
export function endOfTradingDay(calendar: Calendar, day: DayNumber): Date {
  const midnight = startOfDay(calendar, day + 1);
  const session = dayOf(calendar, day);
  const end = session.kind === 'open' && session.close > midnight ? session.close : midnight;
  return new Date(end.getTime() - 1);
}

function outsideSession(calendar: Calendar, at: Date): Blocked | null {
  const number = tradingDayNumber(calendar, at);
  const day = dayOf(calendar, number);
  const before = openDay(calendar, number, -1);
  const last = before === null ? null : dayOf(calendar, before);
  const lastClose = last?.kind === 'open' ? last.close : null;
  if (lastClose !== null && at <= lastClose) return null;
  if (day.kind === 'open' && at >= day.open && at <= day.close) return null;
  const nextDay = openDay(calendar, number, 1);
  const next = nextDay === null ? null : dayOf(calendar, nextDay);
  const nextOpen = next?.kind === 'open' ? next.open : null;
  const base = { reason: 'outside_window', date: day.date, name: null, weekly: false } as const;
  if (day.kind === 'closed') return { ...base, until: nextOpen, since: lastClose };
  return at < day.open
    ? { ...base, until: day.open, since: lastClose }
    : { ...base, until: nextOpen, since: day.close };
}

/** The instants at which the zone's clock shows these minutes on the days around one, oldest first. */
function instantsAround(day: DayNumber, minutes: number, zone: string): Date[] {
  if (fixedOffset(zone) !== null) return [-1, 0, 1].map((near) => instantAt(day + near, minutes, zone));
  return [-1, 0, 1].flatMap((near) => {
    const asUtc = new Date((day + near) * dayMs + minutes * 60_000);
    const exact = instantsOf(wallOf(asUtc, 'UTC'), zone);
    return exact.length > 0 ? exact : [instantAt(day + near, minutes, zone)];
  });
}

function outsideHours(window: Exclude<TimeWindow, 'session'>, zone: string, at: Date): Blocked | null {
  const wall = at.getTime() + (fixedOffset(zone) ?? offsetMs(at, zone));
  const day = Math.floor(wall / dayMs);
  const ofDay = wall - day * dayMs;
  const [from, to] = [window.from * 60_000, window.to * 60_000];
  const inside = from <= to ? ofDay >= from && ofDay <= to : ofDay >= from || ofDay <= to;
  if (inside) return null;
  return {
    reason: 'outside_window',
    date: dateText(day),
    name: null,
    weekly: false,
    until: instantsAround(day, window.from, zone).find((start) => start > at) ?? null,
    since: instantsAround(day, window.to, zone).findLast((end) => end < at) ?? null,
  };
}

/** Why the bounds hold back a fire at this instant; null when they do not. */
export function blockedAt({ calendar, onClosed, window, zone }: Bounds, at: Date): Blocked | null {
  const closed = calendar !== null && onClosed === 'skip' ? closedDay(calendar, at) : null;
  if (closed !== null || window === null) return closed;
  if (window !== 'session') return outsideHours(window, zone, at);
  return calendar === null ? null : outsideSession(calendar, at);
}

/** Further changes of day or window than this on the way to a fire: there is none. */
export const jumpsMax = 400;

/** The first instant at or after this one that the bounds leave free; null when there is none within reach. */
export function firstFree(bounds: Bounds | undefined, at: Date): Date | null {
  if (bounds === undefined) return at;
  let free: Date | null = at;
  for (let jumps = 0; free !== null && jumps < jumpsMax; jumps += 1) {
    const blocked = blockedAt(bounds, free);
    if (blocked === null) return free;
    free = blocked.until;
  }
  return null;
}

/** Up to when the calendar's session around a free instant goes. */
function sessionEnd(calendar: Calendar, at: Date): Date {
  const number = tradingDayNumber(calendar, at);
  const before = openDay(calendar, number, -1);
  const last = before === null ? null : dayOf(calendar, before);
  if (last?.kind === 'open' && at <= last.close) return last.close;
  const day = dayOf(calendar, number);
  return day.kind === 'open' ? day.close : at;
}

/** An instant up to which nothing is blocked, seen from one that is free; null: for good. Others may follow it. */
export function freeUntil({ calendar, onClosed, window, zone }: Bounds, at: Date): Date | null {
  const ends = [
    calendar !== null && onClosed === 'skip'
      ? endOfTradingDay(calendar, tradingDayNumber(calendar, at))
      : null,
    window === 'session' && calendar !== null ? sessionEnd(calendar, at) : null,
    window !== 'session' && window !== null ? hoursEnd(window, zone, at) : null,
  ].filter((end) => end !== null);
  return ends.length === 0 ? null : new Date(Math.min(...ends.map((end) => end.getTime())));
}

/** A window's end on the day of a clock change is not relied on: the free stretch is then the instant alone. */
function hoursEnd(window: Exclude<TimeWindow, 'session'>, zone: string, at: Date): Date {
  const day = Math.floor((at.getTime() + (fixedOffset(zone) ?? offsetMs(at, zone))) / dayMs);
  const end = instantsAround(day, window.to, zone).find((to) => to >= at) ?? at;
  const same = fixedOffset(zone) !== null || offsetMs(at, zone) === offsetMs(end, zone);
  return same ? end : at;
}
