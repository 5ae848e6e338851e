import { z } from 'zod';
import { marketSourceView } from '#domain/market/view.ts';
import { listSources } from '#db/market/queries.ts';
import { route } from '#app/_server/api/route.ts';
import { mayReadSource, requireMarketReader } from '#app/_server/market.ts';

export const GET = route({
  id: 'listMarketSources',
  summary: 'Sources of market data',
  description:
    'Instruments, candles, gaps and the newest quote of each source. For all who may see traders somewhere; a simulated market only for those who see its scope.',
  tag: 'Market',
  permission: 'signed-in',
  scope: false,
  response: { status: 200, schema: z.object({ sources: z.array(marketSourceView) }) },
  async handler({ db, actor }) {
    await requireMarketReader(db, actor);
    return { sources: (await listSources(db)).filter(({ source }) => mayReadSource(actor, source)) };
  },
});
