import { runDetail } from '#domain/runs/view.ts';
import { getRun } from '#db/runs/queries.ts';
import { route } from '#app/_server/api/route.ts';
import { runPath } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'getRun',
  summary: 'Read a run',
  description: 'With its attempts and every transition.',
  tag: 'Runs',
  permission: 'runs.view',
  scope: true,
  params: runPath,
  response: { status: 200, schema: runDetail },
  handler: ({ db, scope, params }) => getRun(db, scope, params.run_id),
});
