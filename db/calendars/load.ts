import { eq } from 'drizzle-orm';
import { invalidField, notFound } from '#domain/core/errors.ts';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import {
  type Calendar,
  type Exceptions,
  calendarDay,
  weeklyCalendar,
} from '#domain/time/calendar/calendar.ts';
import {
  type CalendarDefinition,
  type CalendarException,
  calendarDefinition,
  calendarException,
  isBuiltinCalendar,
} from '#domain/time/calendar/definition.ts';
import { tradingDay } from '#domain/time/zone.ts';
import type { Queryable } from '#db/core/client.ts';
import { scopes } from '#db/scopes/schema.ts';
import { calendarExceptions, calendars } from './schema.ts';

/** The calendars of a scope as they stood at one moment. */
export interface ScopeCalendars {
  /** The calendar with its exceptions; null for null and for one that does not exist. */
  find(id: string | null): Calendar | null;
  /** The calendar as it would be with another exception on a date (null: with none); null for one that does not exist. */
  findWith(id: string, date: string, exception: CalendarException | null): Calendar | null;
  readonly own: ReadonlyMap<string, CalendarDefinition>;
}

/** A token is new at every edit and unique in the world, so it names the contents in any database. */
const cache = new Map<string, ScopeCalendars>();
const cacheSize = 64;

function made(
  own: ReadonlyMap<string, CalendarDefinition>,
  exceptions: ReadonlyMap<string, Exceptions>,
): ScopeCalendars {
  const calendarsById = new Map<string, Calendar>();
  const make = (id: string, given = exceptions.get(id)): Calendar | null => {
    if (isBuiltinCalendar(id)) return builtinCalendar(id, given);
    const definition = own.get(id);
    return definition === undefined ? null : weeklyCalendar(id, definition, given);
  };
  return {
    own,
    findWith(id, date, exception) {
      const others = new Map(exceptions.get(id));
      others.delete(date);
      return make(id, exception === null ? others : others.set(date, exception));
    },
    find(id) {
      if (id === null) return null;
      const known = calendarsById.get(id);
      if (known !== undefined) return known;
      const calendar = make(id);
      if (calendar !== null) calendarsById.set(id, calendar);
      return calendar;
    },
  };
}

async function read(q: Queryable, scope: string): Promise<ScopeCalendars> {
  const own = await q
    .select({ id: calendars.id, definition: calendars.definition })
    .from(calendars)
    .where(eq(calendars.scope, scope));
  const rows = await q
    .select({
      calendar: calendarExceptions.calendar,
      date: calendarExceptions.date,
      exception: calendarExceptions.exception,
    })
    .from(calendarExceptions)
    .where(eq(calendarExceptions.scope, scope));
  const exceptions = new Map<string, Map<string, CalendarException>>();
  for (const { calendar, date, exception } of rows) {
    const dates = exceptions.get(calendar) ?? new Map<string, CalendarException>();
    exceptions.set(calendar, dates.set(date, calendarException.parse(exception)));
  }
  return made(
    new Map(own.map(({ id, definition }) => [id, calendarDefinition.parse(definition)])),
    exceptions,
  );
}

/**
 * The calendars of a scope; read again only after an edit.
 * @param held `share`: no edit of them commits before this transaction ends, so that what is worked out stays right.
 * @throws Problem 404 for an unknown scope.
 */
export async function loadCalendars(q: Queryable, scope: string, held?: 'share'): Promise<ScopeCalendars> {
  const query = q.select({ token: scopes.calendarsToken }).from(scopes).where(eq(scopes.name, scope));
  const [row] = await (held === undefined ? query : query.for(held));
  if (row === undefined) throw notFound('scope', scope);
  const known = cache.get(row.token);
  if (known !== undefined) return known;
  const loaded = await read(q, scope);
  const oldest = cache.size >= cacheSize ? cache.keys().next() : undefined;
  if (oldest?.done === false) cache.delete(oldest.value);
  cache.set(row.token, loaded);
  return loaded;
}

/** The calendar of one job; no query for a job without. */
export async function calendarOf(
  q: Queryable,
  scope: string,
  id: string | null,
  held?: 'share',
): Promise<Calendar | null> {
  return id === null ? null : (await loadCalendars(q, scope, held)).find(id);
}

/** The calendar a field names. @throws Problem 400 under `calendar` when there is none. */
export async function requireCalendar(
  q: Queryable,
  scope: string,
  id: string | null,
): Promise<Calendar | null> {
  const calendar = await calendarOf(q, scope, id);
  if (id !== null && calendar === null)
    throw invalidField('calendar', 'calendar_unknown', `there is no calendar "${id}"`, { calendar: id });
  return calendar;
}

/** The calendars of the scopes of these jobs, by scope; only scopes with a job on a calendar are read. */
export async function calendarsOf(
  q: Queryable,
  jobs: readonly { readonly scope: string; readonly calendar: string | null }[],
): Promise<ReadonlyMap<string, ScopeCalendars>> {
  const found = new Map<string, ScopeCalendars>();
  for (const scope of new Set(jobs.filter((job) => job.calendar !== null).map((job) => job.scope)))
    found.set(scope, await loadCalendars(q, scope));
  return found;
}

/** The trading day of an instant: by the job's calendar, else its date in the job's zone. */
export function tradingDayOf(calendar: Calendar | null, at: Date, zone: string): string {
  return calendar === null ? tradingDay(at, zone) : calendarDay(calendar, at);
}
