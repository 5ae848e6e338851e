import { z } from 'zod';
import { venue } from '#domain/market/instrument.ts';
import { quoteView } from '#domain/market/view.ts';
import { listQuotes } from '#db/market/queries.ts';
import { route } from '#app/_server/api/route.ts';
import { requireSource } from '#app/_server/market.ts';

export const GET = route({
  id: 'listQuotes',
  summary: 'The newest quotes of a source',
  description:
    'One for each symbol, as a reader may know it now: by the clock of its scope for a simulated market.',
  tag: 'Market',
  permission: 'signed-in',
  scope: false,
  query: z.object({
    venue,
    source: z.string().min(1).max(230),
    symbols: z.array(z.string().max(40)).max(500).optional().describe('Left out: all.'),
  }),
  response: { status: 200, schema: z.object({ quotes: z.array(quoteView) }) },
  async handler({ db, actor, query }) {
    await requireSource(db, actor, query.source);
    return { quotes: await listQuotes(db, query.venue, query.source, query.symbols) };
  },
});
