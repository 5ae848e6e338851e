import { z } from 'zod';
import { calendarView } from '#domain/time/calendar/view.ts';
import { listCalendars } from '#db/calendars/queries.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'listCalendars',
  summary: 'List calendars',
  description: "The built-in ones and the scope's own.",
  tag: 'Calendars',
  permission: 'jobs.view',
  scope: true,
  response: { status: 200, schema: z.object({ calendars: z.array(calendarView) }) },
  handler: async ({ db, scope }) => ({ calendars: await listCalendars(db, scope) }),
});
