import { failRequest } from '#domain/external/view.ts';
import { runView } from '#domain/runs/view.ts';
import { failRun } from '#db/external/end.ts';
import { route } from '#app/_server/api/route.ts';
import { runPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'failRun',
  summary: 'End a run you took, as failed',
  description:
    "What follows is the job's retry policy. A run that was asked to stop ends as cancelled. 409 `attempt_over` when the run is no longer yours.",
  tag: 'Consumers',
  permission: 'runs.consume',
  scope: true,
  params: runPath,
  body: failRequest,
  response: { status: 200, schema: runView },
  handler: ({ params, body, perform }) => perform(failRun, { ...body, ...params }),
});
