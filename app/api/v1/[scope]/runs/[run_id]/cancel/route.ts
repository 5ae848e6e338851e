import { runView } from '#domain/runs/view.ts';
import { cancelRun } from '#db/runs/control.ts';
import { route } from '#app/_server/api/route.ts';
import { runPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'cancelRun',
  summary: 'Cancel a run',
  description: 'A run that has not started ends at once; a running one is asked to stop, then killed.',
  tag: 'Runs',
  permission: 'runs.control',
  scope: true,
  params: runPath,
  response: { status: 200, schema: runView },
  handler: ({ params, perform }) => perform(cancelRun, params),
});
