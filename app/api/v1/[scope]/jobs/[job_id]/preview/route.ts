import { previewView } from '#domain/jobs/view.ts';
import { scheduleOf } from '#domain/time/schedule.ts';
import { calendarOf } from '#db/calendars/load.ts';
import { getJob } from '#db/jobs/queries.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { previewOf } from '#app/_server/api/preview.ts';
import { route } from '#app/_server/api/route.ts';
import { jobPath, previewQuery } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'previewJob',
  summary: "Preview a job's fires",
  tag: 'Jobs',
  permission: 'jobs.view',
  scope: true,
  params: jobPath,
  query: previewQuery,
  response: { status: 200, schema: previewView },
  async handler({ db, scope, params, query }) {
    const job = await getJob(db, scope, params.job_id);
    const from = query.from === undefined ? await scopeTime(db, scope) : new Date(query.from);
    const calendar = await calendarOf(db, scope, job.calendar);
    const schedule = scheduleOf({ ...job, schedule_anchor: new Date(job.schedule_anchor) }, calendar);
    return previewOf(schedule, calendar, job.time_zone, { from, count: query.count });
  },
});
