import { traderView } from '#domain/traders/view.ts';
import { startTrader } from '#db/traders/control.ts';
import { getTrader } from '#db/traders/page-list.ts';
import { route } from '#app/_server/api/route.ts';
import { traderPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'startTrader',
  summary: 'Start a trader',
  description: 'It looks for entries from the next trading cycle on.',
  tag: 'Traders',
  permission: 'traders.control',
  scope: true,
  params: traderPath,
  response: { status: 200, schema: traderView },
  async handler({ db, scope, params, perform }) {
    await perform(startTrader, params);
    return getTrader(db, scope, params.trader_id);
  },
});
