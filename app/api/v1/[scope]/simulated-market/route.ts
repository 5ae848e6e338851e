import { simulatedMarketView } from '#domain/simulation/view.ts';
import { simulatedMarketView as readMarket } from '#db/simulated/settings.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'getSimulatedMarket',
  summary: 'Read the simulated market',
  description: 'Where the market of this scope stands, and how its broker is made to fail.',
  tag: 'Market',
  permission: 'traders.view',
  scope: true,
  response: { status: 200, schema: simulatedMarketView },
  handler: ({ db, scope }) => readMarket(db, scope),
});
