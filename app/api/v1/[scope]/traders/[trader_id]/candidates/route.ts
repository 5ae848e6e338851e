import { z } from 'zod';
import { scanView } from '#domain/traders/view.ts';
import { listScans } from '#db/traders/page-history.ts';
import { route } from '#app/_server/api/route.ts';
import { pageOf, pageQuery, traderPath } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'listCandidates',
  summary: "List a trader's scans with their candidates",
  description:
    'Newest scan first; its candidates by rank, each with its score and the reason it was passed over. `passed` counts the symbols that were no candidates.',
  tag: 'Traders',
  permission: 'traders.view',
  scope: true,
  params: traderPath,
  query: pageQuery.extend({ day: z.iso.date().optional().describe('Only this trading day.') }),
  response: { status: 200, schema: pageOf(scanView) },
  handler: ({ db, scope, params, query }) => listScans(db, scope, params.trader_id, query),
});
