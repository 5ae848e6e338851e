import { notFound } from '#domain/core/errors.ts';
import { calendarException } from '#domain/time/calendar/definition.ts';
import { calendarDayView } from '#domain/time/calendar/view.ts';
import { removeException, setException } from '#db/calendars/edit.ts';
import { calendarDays } from '#db/calendars/queries.ts';
import { dayPath } from '#app/_server/api/schemas.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'getCalendarDay',
  summary: 'Read a day of a calendar',
  description: 'Its session with the phases, or why it is closed, and where that comes from.',
  tag: 'Calendars',
  permission: 'jobs.view',
  scope: true,
  params: dayPath,
  response: { status: 200, schema: calendarDayView },
  async handler({ db, scope, params: { calendar, date } }) {
    const [day] = await calendarDays(db, scope, calendar, { from: date, to: date });
    if (day === undefined) throw notFound('calendar_day', date);
    return day;
  },
});

export const PUT = route({
  id: 'setCalendarException',
  summary: 'Change a day of a calendar',
  description: 'Close it, open it, or give it other hours. The jobs on the calendar are due by it at once.',
  tag: 'Calendars',
  permission: 'calendars.edit',
  scope: true,
  params: dayPath,
  rawBody: calendarException,
  example: { closed: true, name: 'Temporary public holiday' },
  response: { status: 200, schema: calendarDayView },
  handler: ({ params, body, perform }) =>
    perform(setException, { ...params, exception: body }, { under: 'exception' }),
});

export const DELETE = route({
  id: 'removeCalendarException',
  summary: 'Take back a change of a day',
  tag: 'Calendars',
  permission: 'calendars.edit',
  scope: true,
  params: dayPath,
  response: { status: 200, schema: calendarDayView },
  handler: ({ params, perform }) => perform(removeException, params),
});
