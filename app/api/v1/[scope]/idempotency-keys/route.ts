import { z } from 'zod';
import { idempotencyKeyView } from '#domain/locks/view.ts';
import { listIdempotencyKeys } from '#db/locks/queries.ts';
import { route } from '#app/_server/api/route.ts';
import { pageOf, pageQuery } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'listIdempotencyKeys',
  summary: 'List idempotency keys',
  description:
    'Claims of the last 24 hours, newest first: `{ticker}-{timeframe}-{candle_ts}-{action}`, exits with episode and step.',
  tag: 'Locks',
  permission: 'traders.view',
  scope: true,
  query: pageQuery.extend({
    q: z.string().max(100).optional().describe('Part of a key or of its owner.'),
    duplicates: z.boolean().optional().describe('Only keys of which a later claim was turned away.'),
  }),
  response: { status: 200, schema: pageOf(idempotencyKeyView) },
  handler: ({ db, scope, query }) => listIdempotencyKeys(db, scope, query),
});
