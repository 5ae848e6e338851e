import { traderResume, traderView } from '#domain/traders/view.ts';
import { resumeTrader } from '#db/traders/control.ts';
import { getTrader } from '#db/traders/page-list.ts';
import { route } from '#app/_server/api/route.ts';
import { traderPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'resumeTrader',
  summary: 'Resume a halted trader',
  description: "It goes on where it stopped. In a real scope it asks for a reason and the scope's name.",
  tag: 'Traders',
  permission: 'traders.control',
  scope: true,
  params: traderPath,
  body: traderResume,
  example: {},
  response: { status: 200, schema: traderView },
  async handler({ db, scope, params, body, perform }) {
    await perform(resumeTrader, { ...params, ...body });
    return getTrader(db, scope, params.trader_id);
  },
});
