import { rerunRequest, runView } from '#domain/runs/view.ts';
import { rerunRun } from '#db/runs/control.ts';
import { route } from '#app/_server/api/route.ts';
import { runPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'rerunRun',
  summary: 'Run an ended run again',
  description: 'A further attempt of the same run; `params`, where given, are used from then on.',
  tag: 'Runs',
  permission: 'runs.control',
  scope: true,
  params: runPath,
  body: rerunRequest,
  example: {},
  response: { status: 202, schema: runView },
  handler: ({ params, body, perform }) => perform(rerunRun, { ...body, run_id: params.run_id }),
});
