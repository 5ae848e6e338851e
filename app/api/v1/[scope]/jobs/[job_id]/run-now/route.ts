import { runNowRequest } from '#domain/jobs/view.ts';
import { runView } from '#domain/runs/view.ts';
import { runNow } from '#db/runs/run-now.ts';
import { route } from '#app/_server/api/route.ts';
import { jobPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'runJobNow',
  summary: 'Run a job now',
  description: "Works on a paused job too. `params`, where given, replace the job's for this run.",
  tag: 'Jobs',
  permission: 'jobs.run',
  scope: true,
  params: jobPath,
  body: runNowRequest,
  example: { params: { argv: ['python3', 'crawl.py', '--full'] } },
  response: { status: 202, schema: runView },
  async handler({ scope, params, body, headers, perform }) {
    const run = await perform(runNow, { ...body, job_id: params.job_id });
    headers.set('location', `/api/v1/${scope}/runs/${run.run_id}`);
    return run;
  },
});
