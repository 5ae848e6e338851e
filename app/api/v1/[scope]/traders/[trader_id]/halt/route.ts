import { traderHalt, traderView } from '#domain/traders/view.ts';
import { haltTrader } from '#db/traders/control.ts';
import { getTrader } from '#db/traders/page-list.ts';
import { route } from '#app/_server/api/route.ts';
import { traderPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'haltTrader',
  summary: 'Halt a trader',
  description:
    'It decides nothing more: an open entry is cancelled, an open exit is left to fill, and a position is kept without stop loss until somebody resumes or flattens it.',
  tag: 'Traders',
  permission: 'traders.control',
  scope: true,
  params: traderPath,
  body: traderHalt,
  example: { reason: 'Quotes look wrong.' },
  response: { status: 200, schema: traderView },
  async handler({ db, scope, params, body, perform }) {
    await perform(haltTrader, { ...params, ...body });
    return getTrader(db, scope, params.trader_id);
  },
});
