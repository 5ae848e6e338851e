import { lastRunRequest, lastRunView } from '#domain/external/view.ts';
import { lastRun } from '#db/external/last-run.ts';
import { route } from '#app/_server/api/route.ts';
import { jobPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'markLastRun',
  summary: "Say how a job's run went",
  description:
    "For scripts that report by job. Ends the named run, or the job's one open run; when none is open it keeps the result as the job's last. 409 `several_open_runs` when `run_id` is needed.",
  tag: 'Consumers',
  permission: 'runs.consume',
  scope: true,
  params: jobPath,
  body: lastRunRequest,
  example: { status: 'failed', error: 'the source did not answer' },
  response: { status: 200, schema: lastRunView },
  handler: ({ params, body, perform }) => perform(lastRun, { ...body, ...params }),
});
