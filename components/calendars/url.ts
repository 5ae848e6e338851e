import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { inferParserType } from 'nuqs/server';
import { dateText, dayNumber, weekdayOf } from '#domain/time/calendar/day.ts';

export const countedJobs = ['all', 'calendar'] as const;

/** The page's whole state, in the URL: `month` YYYY-MM and `day` YYYY-MM-DD, this month and today when left out. */
export const calendarParsers = {
  calendar: parseAsString.withDefault('XKRX'),
  month: parseAsString,
  day: parseAsString,
  of: parseAsStringLiteral(countedJobs).withDefault('all'),
  job: parseAsString,
};
export type CalendarUrl = inferParserType<typeof calendarParsers>;

/** Years that can be chosen: the table's, and those that follow by rule. */
export const years = Array.from({ length: 26 }, (_, index) => 2015 + index);
const [firstYear = 2015] = years;
const lastYear = years.at(-1) ?? firstYear;

const isDate = (text: string) => !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

/** The month (YYYY-MM) and day (YYYY-MM-DD) that are shown; what the URL has wrong is passed over. */
export function shownOf(
  url: Pick<CalendarUrl, 'month' | 'day'>,
  today: string,
): { month: string; day: string } {
  const given = url.day !== null && /^\d{4}-\d\d-\d\d$/.test(url.day) && isDate(url.day) ? url.day : null;
  const month =
    url.month !== null && /^\d{4}-\d\d$/.test(url.month) && isDate(`${url.month}-01`) ? url.month : null;
  const day = given ?? (month === null || today.startsWith(month) ? today : `${month}-01`);
  const year = Number(day.slice(0, 4));
  if (year < firstYear || year > lastYear) return { month: today.slice(0, 7), day: today };
  return { month: day.slice(0, 7), day };
}

/** First and last date of a month. */
export function rangeOf(month: string): { from: string; to: string } {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return { from: `${month}-01`, to: dateText(Date.UTC(year, number, 0) / 86_400_000) };
}

/** The same day so many months on, or the last of a shorter month; within the years that can be chosen. */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return withinYears(
    new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(date, last)))
      .toISOString()
      .slice(0, 10),
  );
}

export const addDays = (day: string, days: number) => withinYears(dateText(dayNumber(day) + days));

function withinYears(day: string): string {
  if (day < `${firstYear}-01-01`) return `${firstYear}-01-01`;
  return day > `${lastYear}-12-31` ? `${lastYear}-12-31` : day;
}

/** A month's days in weeks from Monday; null where a week belongs to another month. */
export function weeksOf(month: string): (string | null)[][] {
  const { from, to } = rangeOf(month);
  const before = (weekdayOf(dayNumber(from)) + 6) % 7;
  const days = Array.from({ length: dayNumber(to) - dayNumber(from) + 1 }, (_, index) =>
    dateText(dayNumber(from) + index),
  );
  const cells = [...Array.from({ length: before }, () => null), ...days];
  return Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) =>
    Array.from({ length: 7 }, (__, day) => cells[week * 7 + day] ?? null),
  );
}
