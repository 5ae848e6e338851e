import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { symbolState } from '#domain/locks/symbol.ts';
import { symbolCounts, symbolLockView } from '#domain/locks/view.ts';
import { listSymbolLocks } from '#db/locks/queries.ts';
import { route } from '#app/_server/api/route.ts';
import { pageOf, pageQuery } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'listSymbolLocks',
  summary: 'List symbol locks',
  description:
    'Every symbol that was ever held, by symbol, with who holds it, and who held it last and how that ended. `counts` are of the whole scope.',
  tag: 'Locks',
  permission: 'traders.view',
  scope: true,
  query: pageQuery.extend({
    q: z.string().max(100).optional().describe("Part of a symbol or of a trader's name."),
    state: z
      .enum([...symbolState.options, 'taken'])
      .optional()
      .describe('`taken`: all but the free ones.'),
  }),
  response: {
    status: 200,
    schema: pageOf(symbolLockView).extend({ at: instantText, counts: symbolCounts }),
  },
  handler: ({ db, scope, query }) => listSymbolLocks(db, scope, query),
});
