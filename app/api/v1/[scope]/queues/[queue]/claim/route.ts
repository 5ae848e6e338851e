import { z } from 'zod';
import { claimRequest, runMessage } from '#domain/external/view.ts';
import { claimRun, queueHasRuns } from '#db/external/claim.ts';
import { route } from '#app/_server/api/route.ts';
import { longPoll } from '#app/_server/live/long-poll.ts';

export const POST = route({
  id: 'claimRun',
  summary: 'Take a run of a queue',
  description:
    'For consumers of jobs with the task `external`. Waits up to `wait_sec` for a run; 204 when there was none. The run is yours while you send heartbeats within `lease_sec`; then it is given to another. With an `Idempotency-Key` a repeated request answers the same run.',
  tag: 'Consumers',
  permission: 'runs.consume',
  scope: true,
  params: z.object({ queue: z.string().min(1).max(200) }),
  body: claimRequest,
  example: { wait_sec: 30, consumer: 'desk-2' },
  response: {
    status: 200,
    schema: runMessage,
    description: 'The run. 204 without a body when there is none.',
  },
  async handler({ request, db, scope, params, body, perform }) {
    const input = { ...params, ...(body.consumer === undefined ? {} : { consumer: body.consumer }) };
    // A repeated request is answered with the run that the first one took, though the queue is empty by now.
    let repeated = request.headers.has('idempotency-key');
    const look = async () => {
      const worth = repeated || (await queueHasRuns(db, scope, params.queue));
      repeated = false;
      return worth ? perform(claimRun, input) : null;
    };
    const message = await longPoll(request, { topic: 'runs', scope, waitMs: body.wait_sec * 1_000 }, look);
    return message ?? new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
  },
});
