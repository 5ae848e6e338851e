import { completeRequest } from '#domain/external/view.ts';
import { runView } from '#domain/runs/view.ts';
import { completeRun } from '#db/external/end.ts';
import { route } from '#app/_server/api/route.ts';
import { runPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'completeRun',
  summary: 'End a run you took, as succeeded',
  description:
    'Repeated with the same token it answers the same. 409 `attempt_over` when the run is no longer yours.',
  tag: 'Consumers',
  permission: 'runs.consume',
  scope: true,
  params: runPath,
  body: completeRequest,
  response: { status: 200, schema: runView },
  handler: ({ params, body, perform }) => perform(completeRun, { ...body, ...params }),
});
