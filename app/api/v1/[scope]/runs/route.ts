import { z } from 'zod';
import { runFilter, runView } from '#domain/runs/view.ts';
import { listRuns } from '#db/runs/queries.ts';
import { route } from '#app/_server/api/route.ts';
import { pageOf } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'listRuns',
  summary: 'List runs',
  description:
    'Newest first. Lists in the filter are repeated or comma-separated: `state=failed,quarantined`.',
  tag: 'Runs',
  permission: 'runs.view',
  scope: true,
  query: runFilter.extend({ cursor: z.uuid().optional().describe('`next_cursor` of the page before.') }),
  response: { status: 200, schema: pageOf(runView) },
  handler: ({ db, scope, query }) => listRuns(db, scope, query),
});
