import { runView } from '#domain/runs/view.ts';
import { discardRun } from '#db/runs/control.ts';
import { route } from '#app/_server/api/route.ts';
import { runPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'discardRun',
  summary: 'Discard a run',
  description: 'Gives up a quarantined run: it ends as cancelled.',
  tag: 'Runs',
  permission: 'runs.control',
  scope: true,
  params: runPath,
  response: { status: 200, schema: runView },
  handler: ({ params, perform }) => perform(discardRun, params),
});
