import { traderCounts, traderFilter, traderView } from '#domain/traders/view.ts';
import { listTraders } from '#db/traders/page-list.ts';
import { route } from '#app/_server/api/route.ts';
import { pageOf, pageQuery } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'listTraders',
  summary: 'List traders',
  description:
    'By id: what each is set to, its phase, symbol and position, what it made today and its last scan. `counts` are of the whole scope.',
  tag: 'Traders',
  permission: 'traders.view',
  scope: true,
  query: pageQuery.extend(traderFilter.shape),
  response: { status: 200, schema: pageOf(traderView).extend({ counts: traderCounts }) },
  handler: ({ db, scope, query }) => listTraders(db, scope, query),
});
