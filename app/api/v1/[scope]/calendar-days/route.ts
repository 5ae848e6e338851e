import { invalidField } from '#domain/core/errors.ts';
import { calendarCounts, countedDaysMax } from '#domain/time/calendar/counts.ts';
import { dayNumber } from '#domain/time/calendar/day.ts';
import { calendarCounts as countDays } from '#db/calendars/counts.ts';
import { countedQuery, daysQuery } from '#app/_server/api/schemas.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'countCalendarDays',
  summary: 'Runs and planned fires of each day',
  description: `Runs by trading day and state, and how many fires the schedules bring; at most ${countedDaysMax} days.`,
  tag: 'Calendars',
  permission: 'jobs.view',
  scope: true,
  query: daysQuery.extend(countedQuery.shape),
  response: { status: 200, schema: calendarCounts },
  async handler({ db, scope, query: { job_id: jobId, ...query } }) {
    const days = dayNumber(query.to) - dayNumber(query.from) + 1;
    if (days < 1 || days > countedDaysMax)
      throw invalidField('to', 'days_range', `1 to ${countedDaysMax} days from \`from\``, {
        max: countedDaysMax,
      });
    return countDays(db, scope, { ...query, jobId });
  },
});
