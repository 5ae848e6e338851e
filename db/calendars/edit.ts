import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { conflict, invalidField, notFound } from '#domain/core/errors.ts';
import {
  calendarDefinition,
  calendarException,
  calendarId,
  isBuiltinCalendar,
} from '#domain/time/calendar/definition.ts';
import type { CalendarView } from '#domain/time/calendar/view.ts';
import { scopedOperation } from '#db/core/operation.ts';
import { jobs } from '#db/jobs/schema.ts';
import { calendarDays, getCalendar } from './queries.ts';
import { changeCalendar } from './reschedule.ts';
import { calendarExceptions, calendars } from './schema.ts';

const day = z.object({ calendar: calendarId, date: z.iso.date() });

/** Enters or replaces a day's exception; the jobs on the calendar are due by it at once. @throws Problem 404. */
export const setException = scopedOperation({
  name: 'set_calendar_exception',
  permission: 'calendars.edit',
  input: day.extend({ exception: calendarException }),
  async run(context, { calendar, date, exception }) {
    const { tx, scope, actor, now, audit } = context;
    await getCalendar(tx, scope.name, calendar);
    return changeCalendar(context, calendar, async () => {
      const mine = { scope: scope.name, calendar, date };
      const [before] = await tx.select().from(calendarExceptions).where(at(mine)).for('update');
      const values = { exception, authorName: actor.name, updatedAt: now };
      await tx
        .insert(calendarExceptions)
        .values({ ...mine, ...values })
        .onConflictDoUpdate({
          target: [calendarExceptions.scope, calendarExceptions.calendar, calendarExceptions.date],
          set: { ...values, version: sql`${calendarExceptions.version} + 1` },
        });
      audit({
        entityType: 'calendar_day',
        entityId: `${scope.name}/${calendar}/${date}`,
        before: before?.exception ?? null,
        after: exception,
      });
      return dayAfter(tx, mine);
    });
  },
});

/** Takes a day's exception away. @throws Problem 404 when it has none. */
export const removeException = scopedOperation({
  name: 'remove_calendar_exception',
  permission: 'calendars.edit',
  input: day,
  async run(context, { calendar, date }) {
    const { tx, scope, audit } = context;
    await getCalendar(tx, scope.name, calendar);
    return changeCalendar(context, calendar, async () => {
      const mine = { scope: scope.name, calendar, date };
      const [before] = await tx.delete(calendarExceptions).where(at(mine)).returning();
      if (before === undefined) throw notFound('calendar_exception', `${calendar} ${date}`);
      audit({
        entityType: 'calendar_day',
        entityId: `${scope.name}/${calendar}/${date}`,
        before: before.exception,
        after: null,
      });
      return dayAfter(tx, mine);
    });
  },
});

interface DayKey {
  readonly scope: string;
  readonly calendar: string;
  readonly date: string;
}

function at({ scope, calendar, date }: DayKey) {
  return and(
    eq(calendarExceptions.scope, scope),
    eq(calendarExceptions.calendar, calendar),
    eq(calendarExceptions.date, date),
  );
}

async function dayAfter(tx: Parameters<typeof calendarDays>[0], { scope, calendar, date }: DayKey) {
  const [after] = await calendarDays(tx, scope, calendar, { from: date, to: date });
  if (after === undefined) throw new Error('A date has no day.');
  return after;
}

/** Makes or replaces a calendar of the scope's own. @throws Problem 400 for the id of a built-in one. */
export const setCalendar = scopedOperation({
  name: 'set_calendar',
  permission: 'calendars.edit',
  input: z.object({ calendar: calendarId, definition: calendarDefinition }),
  async run(context, { calendar, definition }): Promise<CalendarView> {
    const { tx, scope, now, audit } = context;
    if (isBuiltinCalendar(calendar))
      throw invalidField('calendar', 'calendar_builtin', `${calendar} is built in: give exceptions to it`, {
        calendar,
      });
    return changeCalendar(context, calendar, async () => {
      const mine = and(eq(calendars.scope, scope.name), eq(calendars.id, calendar));
      const [before] = await tx.select().from(calendars).where(mine).for('update');
      const [row] = await tx
        .insert(calendars)
        .values({ scope: scope.name, id: calendar, definition, updatedAt: now })
        .onConflictDoUpdate({
          target: [calendars.scope, calendars.id],
          set: { definition, updatedAt: now, version: sql`${calendars.version} + 1` },
        })
        .returning();
      audit({
        entityType: 'calendar',
        entityId: `${scope.name}/${calendar}`,
        before: before?.definition ?? null,
        after: definition,
      });
      return {
        id: calendar,
        time_zone: definition.time_zone,
        builtin: false,
        version: row?.version ?? 1,
        definition,
      };
    });
  },
});

/** Removes a calendar of the scope's own with its exceptions. @throws Problem 404, or 409 while jobs are on it. */
export const removeCalendar = scopedOperation({
  name: 'remove_calendar',
  permission: 'calendars.edit',
  input: z.object({ calendar: calendarId }),
  async run(context, { calendar }) {
    const { tx, scope, audit } = context;
    return changeCalendar(context, calendar, async () => {
      const on = await tx
        .select({ jobId: jobs.jobId })
        .from(jobs)
        .where(and(eq(jobs.scope, scope.name), eq(jobs.calendar, calendar), isNull(jobs.deletedAt)));
      const [before] = await tx
        .delete(calendars)
        .where(and(eq(calendars.scope, scope.name), eq(calendars.id, calendar)))
        .returning();
      if (before === undefined) throw notFound('calendar', calendar);
      if (on.length > 0) {
        const ids = on.map(({ jobId }) => jobId);
        throw conflict('calendar_in_use', `Jobs are on ${calendar}: ${ids.join(', ')}.`, {
          calendar,
          jobs: ids,
        });
      }
      await tx
        .delete(calendarExceptions)
        .where(and(eq(calendarExceptions.scope, scope.name), eq(calendarExceptions.calendar, calendar)));
      audit({
        entityType: 'calendar',
        entityId: `${scope.name}/${calendar}`,
        before: before.definition,
        after: null,
      });
      return { calendar };
    });
  },
});
