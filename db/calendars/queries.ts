import { and, asc, between, eq } from 'drizzle-orm';
import { notFound } from '#domain/core/errors.ts';
import { type Calendar, daysBetween } from '#domain/time/calendar/calendar.ts';
import { builtinCalendars, calendarDefinition, calendarException } from '#domain/time/calendar/definition.ts';
import { type CalendarDayView, type CalendarView, dayView } from '#domain/time/calendar/view.ts';
import type { Queryable } from '#db/core/client.ts';
import { loadCalendars } from './load.ts';
import { calendarExceptions, calendars } from './schema.ts';

/** @throws Problem 404. */
export async function getCalendar(q: Queryable, scope: string, id: string): Promise<Calendar> {
  const calendar = (await loadCalendars(q, scope)).find(id);
  if (calendar === null) throw notFound('calendar', id);
  return calendar;
}

/** The built-in calendars and the scope's own. */
export async function listCalendars(q: Queryable, scope: string): Promise<CalendarView[]> {
  const loaded = await loadCalendars(q, scope);
  const rows = await q.select().from(calendars).where(eq(calendars.scope, scope)).orderBy(asc(calendars.id));
  return [
    ...builtinCalendars.map((id) => ({
      id,
      time_zone: loaded.find(id)?.zone ?? 'UTC',
      builtin: true,
      version: null,
      definition: null,
    })),
    ...rows.map((row) => {
      const definition = calendarDefinition.parse(row.definition);
      return {
        id: row.id,
        time_zone: definition.time_zone,
        builtin: false,
        version: row.version,
        definition,
      };
    }),
  ];
}

/** The days from one date to another, both included, each with its exception. @throws Problem 404. */
export async function calendarDays(
  q: Queryable,
  scope: string,
  id: string,
  range: { readonly from: string; readonly to: string },
): Promise<CalendarDayView[]> {
  const calendar = await getCalendar(q, scope, id);
  const rows = await q
    .select({
      date: calendarExceptions.date,
      exception: calendarExceptions.exception,
      by: calendarExceptions.authorName,
      at: calendarExceptions.updatedAt,
    })
    .from(calendarExceptions)
    .where(
      and(
        eq(calendarExceptions.scope, scope),
        eq(calendarExceptions.calendar, id),
        between(calendarExceptions.date, range.from, range.to),
      ),
    );
  const entered = new Map(rows.map((row) => [row.date, row]));
  return daysBetween(calendar, range.from, range.to).map((day) => {
    const row = entered.get(day.date);
    return row === undefined
      ? dayView(day, null, null)
      : dayView(day, calendarException.parse(row.exception), { by: row.by, at: row.at.toISOString() });
  });
}
