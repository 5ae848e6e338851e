import { z } from 'zod';
import { route } from '#app/_server/api/route.ts';
import { auditFacets } from '#db/audit/queries.ts';

export const GET = route({
  id: 'auditFacets',
  summary: 'Operations and kinds of things that occur in the audit',
  tag: 'Access',
  permission: 'audit.view',
  scope: false,
  response: {
    status: 200,
    schema: z.object({ operations: z.array(z.string()), entity_types: z.array(z.string()) }),
  },
  handler: ({ db }) => auditFacets(db),
});
