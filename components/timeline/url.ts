import { parseAsBoolean, parseAsIsoDateTime, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { inferParserType } from 'nuqs/server';
import { dayMs } from '#domain/time/calendar/day.ts';
import { outcomes, sorts } from '#domain/timeline/rows.ts';
import type { Span } from '#domain/timeline/scale.ts';
import { timelineDaysMax } from '#domain/timeline/view.ts';

export const timelineViews = ['chart', 'table'] as const;

/** The page's whole state, in the URL. Without `from` and `to` it shows today. `group=-`: jobs without a group. */
export const timelineParsers = {
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
  q: parseAsString.withDefault(''),
  group: parseAsString,
  status: parseAsStringLiteral(outcomes),
  sort: parseAsStringLiteral(sorts).withDefault('group'),
  gaps: parseAsBoolean.withDefault(true),
  idle: parseAsBoolean.withDefault(false),
  view: parseAsStringLiteral(timelineViews).withDefault('chart'),
};
export type TimelineUrl = inferParserType<typeof timelineParsers>;

/** The console's wall: trading days of KRX are Seoul dates. */
export const zone = 'Asia/Seoul';
export const zoneOffset = 9 * 3_600_000;
const hour = 3_600_000;
const longest = (timelineDaysMax - 1) * dayMs;
const shortest = 60_000;

/** Midnight in Seoul at or before an instant. */
export const startOfDay = (at: number) => Math.floor((at + zoneOffset) / dayMs) * dayMs - zoneOffset;

/** Today until a few hours from now, on the half hour, so that it stands still between. */
export function todayView(now: number): Span {
  const from = startOfDay(now);
  const ahead = Math.ceil((now + 4 * hour) / (hour / 2)) * (hour / 2);
  return { from, to: Math.max(ahead, from + 10 * hour) };
}

/** A view within what can be shown at once. */
export function bounded({ from, to }: Span): Span {
  const length = Math.min(longest, Math.max(shortest, to - from));
  const middle = (from + to) / 2;
  return to - from === length ? { from, to } : { from: middle - length / 2, to: middle + length / 2 };
}

export function viewOf(url: Pick<TimelineUrl, 'from' | 'to'>, now: number): Span {
  if (url.from === null || url.to === null || url.to <= url.from) return todayView(now);
  return bounded({ from: url.from.getTime(), to: url.to.getTime() });
}

/** The days of Seoul that a view touches: what is read, so that moving within a day reads nothing. */
export function daysOf({ from, to }: Span): Span {
  const end = startOfDay(to);
  return { from: startOfDay(from), to: end === to ? end : end + dayMs };
}
