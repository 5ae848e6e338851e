import { traderView } from '#domain/traders/view.ts';
import { getTrader } from '#db/traders/page-list.ts';
import { route } from '#app/_server/api/route.ts';
import { traderPath } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'getTrader',
  summary: 'Read a trader',
  tag: 'Traders',
  permission: 'traders.view',
  scope: true,
  params: traderPath,
  response: { status: 200, schema: traderView },
  handler: ({ db, scope, params }) => getTrader(db, scope, params.trader_id),
});
