import { z } from 'zod';
import { Problem } from '#domain/core/errors.ts';
import { dayNumber } from '#domain/time/calendar/day.ts';
import { calendarDayView } from '#domain/time/calendar/view.ts';
import { calendarDays } from '#db/calendars/queries.ts';
import { calendarPath, daysMax, daysQuery } from '#app/_server/api/schemas.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'listCalendarDays',
  summary: 'List days of a calendar',
  description: `Sessions with their phases and closed days with their names, from one date to another, both included; at most ${daysMax}.`,
  tag: 'Calendars',
  permission: 'jobs.view',
  scope: true,
  params: calendarPath,
  query: daysQuery,
  response: { status: 200, schema: z.object({ items: z.array(calendarDayView) }) },
  async handler({ db, scope, params, query }) {
    const days = dayNumber(query.to) - dayNumber(query.from) + 1;
    if (days < 1 || days > daysMax)
      throw new Problem('invalid', 'invalid', `to: 1 to ${daysMax} days from \`from\``, {}, [
        {
          path: ['to'],
          code: 'days_range',
          message: `1 to ${daysMax} days from \`from\``,
          params: { max: daysMax },
        },
      ]);
    return { items: await calendarDays(db, scope, params.calendar, query) };
  },
});
