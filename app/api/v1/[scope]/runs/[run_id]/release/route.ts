import { runView } from '#domain/runs/view.ts';
import { releaseRun } from '#db/runs/control.ts';
import { route } from '#app/_server/api/route.ts';
import { runPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'releaseRun',
  summary: 'Let a run go without the jobs it waits for',
  description: 'Recorded in the audit. Answers 409 when the run waits for no other job.',
  tag: 'Runs',
  permission: 'runs.control',
  scope: true,
  params: runPath,
  response: { status: 202, schema: runView },
  handler: ({ params, perform }) => perform(releaseRun, params),
});
