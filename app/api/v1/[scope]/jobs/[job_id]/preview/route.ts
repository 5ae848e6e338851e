import { previewView } from '#domain/jobs/view.ts';
import { scheduleOf } from '#domain/time/schedule.ts';
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
    return previewOf(
      scheduleOf({ ...job, schedule_anchor: new Date(job.schedule_anchor) }),
      job.time_zone,
      from,
      query.count,
    );
  },
});
