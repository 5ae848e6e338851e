import { z } from 'zod';
import { invalidField } from '#domain/core/errors.ts';
import { instantText } from '#domain/jobs/view.ts';
import { candleInterval } from '#domain/market/candle.ts';
import { venue } from '#domain/market/instrument.ts';
import { candleView, gapView } from '#domain/market/view.ts';
import { listCandles } from '#db/market/queries.ts';
import { route } from '#app/_server/api/route.ts';
import { requireSource } from '#app/_server/market.ts';

export const GET = route({
  id: 'listCandles',
  summary: 'Candles of a symbol',
  description: 'The newest of the range, oldest first, and the gaps in it: `from` is included, `to` is not.',
  tag: 'Market',
  permission: 'signed-in',
  scope: false,
  query: z.object({
    venue,
    source: z.string().min(1).max(230),
    symbol: z.string().min(1).max(40),
    interval: candleInterval,
    from: instantText.optional(),
    to: instantText.optional(),
    limit: z.number().int().min(1).max(5_000).default(500),
  }),
  response: {
    status: 200,
    schema: z.object({
      candles: z.array(candleView),
      gaps: z.array(gapView),
      more: z.boolean().describe('Older ones of the range were left out.'),
    }),
  },
  async handler({ db, actor, query }) {
    await requireSource(db, actor, query.source);
    if (query.from !== undefined && query.to !== undefined && Date.parse(query.from) >= Date.parse(query.to))
      throw invalidField('to', 'range_reversed', 'is not after from');
    return listCandles(db, query);
  },
});
