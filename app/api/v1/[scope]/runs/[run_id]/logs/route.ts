import { z } from 'zod';
import { logPage } from '#domain/runs/view.ts';
import { readLogs } from '#db/runs/queries.ts';
import { route } from '#app/_server/api/route.ts';
import { runPath } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'readRunLogs',
  summary: "Read a run's log",
  description: '`next_seq` goes back as `after_seq`; `ended` says that no line will follow.',
  tag: 'Runs',
  permission: 'runs.view',
  scope: true,
  params: runPath,
  query: z.object({
    after_seq: z.number().int().min(0).default(0).describe('Lines after this one.'),
    limit: z.number().int().min(1).max(5_000).default(1_000),
    tail: z.boolean().default(false).describe('The last lines rather than the first.'),
    search: z.string().max(200).optional().describe('Only lines that contain this, ignoring case.'),
  }),
  response: { status: 200, schema: logPage },
  handler: ({ db, scope, params, query }) => readLogs(db, scope, params.run_id, query),
});
