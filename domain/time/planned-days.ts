import { type Calendar, dayOf, instantAt } from './calendar/calendar.ts';
import type { DayNumber } from './calendar/day.ts';
import { type FireCount, countWithin } from './count.ts';
import { type Schedule, nextAfter } from './schedule.ts';

/** The instants of a trading day: later than `after`, not later than `until`. */
export interface DayBounds {
  readonly after: Date;
  readonly until: Date;
}

/** Where a calendar's trading day ends: at midnight, or with its session past it. */
function endOf(calendar: Calendar, day: DayNumber): number {
  const midnight = instantAt(day + 1, 0, calendar.zone).getTime();
  const session = dayOf(calendar, day);
  return session.kind === 'open' ? Math.max(midnight, session.close.getTime()) : midnight;
}

/** @param zone whose midnights bound the days of a job without a calendar. */
export function tradingDayBounds(calendar: Calendar | null, zone: string, day: DayNumber): DayBounds {
  const end = (number: DayNumber) =>
    calendar === null ? instantAt(number + 1, 0, zone).getTime() : endOf(calendar, number);
  return { after: new Date(end(day - 1) - 1), until: new Date(end(day) - 1) };
}

/**
 * How many fires a job has on each of some days in order, given where its schedule stands.
 * @param nextDueAt the stored due time: a fire, and none comes before it; null: nothing is planned.
 * @param steps of counting, for each day.
 */
export function plannedPerDay(
  schedule: Schedule,
  nextDueAt: Date | null,
  days: readonly DayBounds[],
  steps: number,
): FireCount[] {
  let next = nextDueAt;
  return days.map(({ after, until }) => {
    if (next !== null && next <= after) next = nextAfter(schedule, after);
    if (next === null || next > until) return { count: 0, more: false };
    const rest = countWithin(schedule, next, until, steps);
    next = nextAfter(schedule, until);
    return { count: rest.count + 1, more: rest.more };
  });
}
