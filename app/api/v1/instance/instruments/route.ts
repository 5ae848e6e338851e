import { z } from 'zod';
import { venue } from '#domain/market/instrument.ts';
import { instrumentView } from '#domain/market/view.ts';
import { listInstruments } from '#db/market/queries.ts';
import { route } from '#app/_server/api/route.ts';
import { pageQuery, pageSchema } from '#app/_server/auth-page.ts';
import { requireSource } from '#app/_server/market.ts';

export const GET = route({
  id: 'listInstruments',
  summary: 'Instruments of a source',
  description:
    'By symbol, each with the candles that are stored of it; also symbols of which there are only candles.',
  tag: 'Market',
  permission: 'signed-in',
  scope: false,
  query: z.object({
    venue,
    source: z.string().min(1).max(230),
    search: z.string().max(100).optional().describe('Part of a symbol or name.'),
    ...pageQuery.shape,
  }),
  response: { status: 200, schema: pageSchema(instrumentView) },
  async handler({ db, actor, query }) {
    await requireSource(db, actor, query.source);
    return listInstruments(db, query);
  },
});
