import { z } from 'zod';
import { sees } from '#domain/access/access.ts';
import { listScopes } from '#db/scopes/queries.ts';
import { route } from '#app/_server/api/route.ts';

const scopeView = z.object({ name: z.string(), kind: z.enum(['real', 'mock', 'rehearsal']) });

export const GET = route({
  id: 'listScopes',
  summary: 'List scopes',
  description: 'Those the caller may see.',
  tag: 'Instance',
  permission: 'signed-in',
  scope: false,
  response: { status: 200, schema: z.object({ items: z.array(scopeView) }) },
  async handler({ db, actor }) {
    return { items: (await listScopes(db)).filter(({ name }) => sees(actor, name)) };
  },
});
