import { z } from 'zod';
import { alertView } from '#domain/alerts/view.ts';
import { listAlerts } from '#db/alerts/queries.ts';
import { route } from '#app/_server/api/route.ts';
import { pageOf, pageQuery } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'listAlerts',
  summary: 'List alerts',
  description: 'Newest first. The same alert again while nobody acknowledged it counts up.',
  tag: 'Alerts',
  permission: 'traders.view',
  scope: true,
  query: pageQuery.extend({
    cursor: z.number().int().min(1).optional().describe('`next_cursor` of the page before.'),
    state: z.enum(['open', 'all']).default('open'),
  }),
  response: { status: 200, schema: pageOf(alertView) },
  handler: async ({ db, scope, query }) => {
    const { limit, cursor, state } = query;
    const found = await listAlerts(db, scope, {
      open: state === 'open',
      before: cursor ?? null,
      limit: limit + 1,
    });
    const items = found.slice(0, limit);
    return { items, next_cursor: found.length > limit ? String(items.at(-1)?.id ?? '') : null };
  },
});
