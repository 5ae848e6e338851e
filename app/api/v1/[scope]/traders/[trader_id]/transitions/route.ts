import { z } from 'zod';
import { transitionView } from '#domain/traders/view.ts';
import { listTransitions } from '#db/traders/page-history.ts';
import { route } from '#app/_server/api/route.ts';
import { pageOf, pageQuery, traderPath } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'listTransitions',
  summary: "List a trader's transitions",
  description: 'Newest first: every event that changed it, with what it did and why.',
  tag: 'Traders',
  permission: 'traders.view',
  scope: true,
  params: traderPath,
  query: pageQuery.extend({ day: z.iso.date().optional().describe('Only this trading day.') }),
  response: { status: 200, schema: pageOf(transitionView) },
  handler: ({ db, scope, params, query }) => listTransitions(db, scope, params.trader_id, query),
});
