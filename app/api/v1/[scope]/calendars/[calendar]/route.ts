import { z } from 'zod';
import { calendarDefinition } from '#domain/time/calendar/definition.ts';
import { calendarView } from '#domain/time/calendar/view.ts';
import { removeCalendar, setCalendar } from '#db/calendars/edit.ts';
import { calendarPath } from '#app/_server/api/schemas.ts';
import { route } from '#app/_server/api/route.ts';

export const PUT = route({
  id: 'setCalendar',
  summary: 'Make or replace a calendar',
  description:
    'The same hours each week; days that differ are its exceptions. Built-in calendars take exceptions only.',
  tag: 'Calendars',
  permission: 'calendars.edit',
  scope: true,
  params: calendarPath,
  rawBody: calendarDefinition,
  example: {
    time_zone: 'America/New_York',
    sessions: { mon: { open: '09:30', close: '16:00' }, tue: { open: '09:30', close: '16:00' } },
  },
  response: { status: 200, schema: calendarView },
  handler: ({ params, body, perform }) =>
    perform(setCalendar, { ...params, definition: body }, { under: 'definition' }),
});

export const DELETE = route({
  id: 'removeCalendar',
  summary: 'Remove a calendar',
  description: 'With its exceptions. Answers 409 while jobs are on it.',
  tag: 'Calendars',
  permission: 'calendars.edit',
  scope: true,
  params: calendarPath,
  response: { status: 200, schema: z.object({ calendar: z.string() }) },
  handler: ({ params, perform }) => perform(removeCalendar, params),
});
