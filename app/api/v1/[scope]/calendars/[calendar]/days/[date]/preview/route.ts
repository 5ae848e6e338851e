import { z } from 'zod';
import { dayChange } from '#domain/time/calendar/counts.ts';
import { calendarException } from '#domain/time/calendar/definition.ts';
import { previewException } from '#db/calendars/day.ts';
import { dayPath } from '#app/_server/api/schemas.ts';
import { route } from '#app/_server/api/route.ts';

export const POST = route({
  id: 'previewCalendarException',
  summary: 'What a change of a day would do',
  description:
    'The day as it would be, and the jobs on the calendar whose fires would move. Changes nothing.',
  tag: 'Calendars',
  permission: 'jobs.view',
  scope: true,
  params: dayPath,
  body: z.strictObject({ exception: calendarException.nullable().describe('Null: without one.') }),
  example: { exception: { closed: true, name: 'Temporary public holiday' } },
  response: { status: 200, schema: dayChange },
  handler: ({ db, scope, params: { calendar, date }, body }) =>
    previewException(db, scope, calendar, date, body.exception),
});
