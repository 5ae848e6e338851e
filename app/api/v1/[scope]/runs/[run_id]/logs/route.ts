import { z } from 'zod';
import { logRequest, logView } from '#domain/external/view.ts';
import { logPage } from '#domain/runs/view.ts';
import { appendLines } from '#db/external/report.ts';
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

export const POST = route({
  id: 'appendRunLog',
  summary: 'Write to the log of a run you took',
  description:
    'Up to 1,000 lines. Send an `Idempotency-Key`, so that a repeated request writes them once. 409 `attempt_over` when the run is no longer yours.',
  tag: 'Consumers',
  permission: 'runs.consume',
  scope: true,
  params: runPath,
  body: logRequest,
  response: { status: 200, schema: logView },
  handler: ({ params, body, perform }) => perform(appendLines, { ...body, ...params }),
});
