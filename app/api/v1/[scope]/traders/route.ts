import { newTrader, traderCounts, traderFilter, traderView } from '#domain/traders/view.ts';
import { createTrader } from '#db/traders/control.ts';
import { getTrader, listTraders } from '#db/traders/page-list.ts';
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

export const POST = route({
  id: 'createTrader',
  summary: 'Make a trader',
  description: 'It does nothing before it is started. Ids are not used again.',
  tag: 'Traders',
  permission: 'traders.control',
  scope: true,
  rawBody: newTrader,
  example: {
    trader_id: 'zone-1',
    account: 'main',
    definition: { name: 'Zone 1', strategy: 'VolumeZoneBreakout', rules: { stop_loss: 0.03 } },
  },
  response: { status: 201, schema: traderView },
  async handler({ db, scope, body, headers, perform }) {
    const { trader_id: id } = await perform(createTrader, body);
    headers.set('location', `/api/v1/${scope}/traders/${id}`);
    return getTrader(db, scope, id);
  },
});
