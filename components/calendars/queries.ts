import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import {
  type CalendarCounts,
  type DayJobs,
  calendarCounts,
  dayChange,
  dayJobs,
} from '#domain/time/calendar/counts.ts';
import type { CalendarDefinition, CalendarException } from '#domain/time/calendar/definition.ts';
import { calendarDayView, calendarView } from '#domain/time/calendar/view.ts';
import { api, queryString } from '#components/query/api.ts';
import { pacedReader } from '#components/query/paced.ts';
import { rangeOf } from './url.ts';

/** Changes of runs are counted anew at most this often. */
const everyMs = 3_000;
const readCounts = pacedReader<CalendarCounts>(everyMs);
const readJobs = pacedReader<DayJobs>(everyMs);

const root = (scope: string) => `/api/v1/${encodeURIComponent(scope)}`;
const calendarPath = (scope: string, id: string) => `${root(scope)}/calendars/${encodeURIComponent(id)}`;
export const dayPath = (scope: string, id: string, date: string) => `${calendarPath(scope, id)}/days/${date}`;

/** Whose runs and fires are counted. */
export interface Counted {
  readonly calendar: string;
  readonly of: 'all' | 'calendar';
  readonly job: string | null;
}

const countedQuery = ({ calendar, of, job }: Counted) => ({ calendar, of, job_id: job });

export const calendarKeys = {
  list: (scope: string) => [scope, 'calendars', 'list'] as const,
  year: (scope: string, id: string, year: string) => [scope, 'calendars', 'year', id, year] as const,
  counts: (scope: string, month: string, counted: Counted) =>
    [scope, 'runs', 'calendar-days', month, counted.calendar, counted.of, counted.job] as const,
};

const calendarList = z.object({ calendars: z.array(calendarView) });
/** The calendars of the scope. */
export function calendarsQuery(scope: string) {
  return queryOptions({
    queryKey: calendarKeys.list(scope),
    queryFn: ({ signal }) => api('GET', `${root(scope)}/calendars`, { schema: calendarList, signal }),
  });
}

const days = z.object({ items: z.array(calendarDayView) });
/** The days of a year of a calendar. */
export function yearQuery(scope: string, id: string, year: string) {
  return queryOptions({
    queryKey: calendarKeys.year(scope, id, year),
    queryFn: ({ signal }) =>
      api('GET', `${calendarPath(scope, id)}/days?from=${year}-01-01&to=${year}-12-31`, {
        schema: days,
        signal,
      }),
    staleTime: 5 * 60_000,
  });
}

/** Runs and planned fires of each day of a month. */
export function countsQuery(scope: string, month: string, counted: Counted) {
  const queryKey = calendarKeys.counts(scope, month, counted);
  const query = queryString({ ...rangeOf(month), ...countedQuery(counted) });
  const read = () => api('GET', `${root(scope)}/calendar-days${query}`, { schema: calendarCounts });
  return queryOptions({ queryKey, queryFn: ({ client }) => readCounts(client, queryKey, read) });
}

/** The jobs of one day. */
export function dayJobsQuery(scope: string, date: string, counted: Counted) {
  const queryKey = [scope, 'runs', 'calendar-day', date, counted.calendar, counted.of, counted.job] as const;
  const query = queryString(countedQuery(counted));
  const read = () => api('GET', `${root(scope)}/calendar-days/${date}${query}`, { schema: dayJobs });
  return queryOptions({ queryKey, queryFn: ({ client }) => readJobs(client, queryKey, read) });
}

/** What an exception (null: none) would do, before it is made. */
export function changeQuery(scope: string, id: string, date: string, exception: CalendarException | null) {
  return queryOptions({
    queryKey: [scope, 'calendars', 'change', id, date, exception],
    queryFn: ({ signal }) =>
      api('POST', `${dayPath(scope, id, date)}/preview`, { schema: dayChange, body: { exception }, signal }),
  });
}

export function saveException(scope: string, id: string, date: string, exception: CalendarException) {
  return api('PUT', dayPath(scope, id, date), { schema: calendarDayView, body: exception });
}
export function removeException(scope: string, id: string, date: string) {
  return api('DELETE', dayPath(scope, id, date), { schema: calendarDayView });
}
export function saveCalendar(scope: string, id: string, definition: CalendarDefinition) {
  return api('PUT', calendarPath(scope, id), { schema: calendarView, body: definition });
}
export function removeCalendar(scope: string, id: string) {
  return api('DELETE', calendarPath(scope, id), { schema: z.object({ calendar: z.string() }) });
}
