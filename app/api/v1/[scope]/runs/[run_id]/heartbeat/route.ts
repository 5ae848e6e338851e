import { heartbeatRequest, heartbeatView } from '#domain/external/view.ts';
import { heartbeat } from '#db/external/report.ts';
import { route } from '#app/_server/api/route.ts';
import { runPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'heartbeatRun',
  summary: 'Keep a run you took',
  description:
    'Extends the lease and may say how far the run is. `cancel_requested` asks to stop: the lease is then not extended. 409 `attempt_over` when the run is no longer yours.',
  tag: 'Consumers',
  permission: 'runs.consume',
  scope: true,
  params: runPath,
  body: heartbeatRequest,
  response: { status: 200, schema: heartbeatView },
  handler: ({ params, body, perform }) => perform(heartbeat, { ...body, ...params }),
});
