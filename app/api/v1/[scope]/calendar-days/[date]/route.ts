import { z } from 'zod';
import { dayJobs } from '#domain/time/calendar/counts.ts';
import { dayJobs as jobsOfDay } from '#db/calendars/day.ts';
import { countedQuery } from '#app/_server/api/schemas.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'getCalendarDayJobs',
  summary: 'Jobs of a trading day',
  description: 'Runs of each job by state, how many fires its schedule still brings, and the first of them.',
  tag: 'Calendars',
  permission: 'jobs.view',
  scope: true,
  params: z.object({ date: z.iso.date() }),
  query: countedQuery,
  response: { status: 200, schema: dayJobs },
  handler: ({ db, scope, params, query: { job_id: jobId, ...query } }) =>
    jobsOfDay(db, scope, { ...params, ...query, jobId }),
});
