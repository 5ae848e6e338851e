import { auditFilter, auditView } from '#domain/access/view.ts';
import { route } from '#app/_server/api/route.ts';
import { pageQuery, pageSchema } from '#app/_server/auth-page.ts';
import { listAudit } from '#db/audit/queries.ts';

export const GET = route({
  id: 'listAudit',
  summary: 'Who did what, newest first',
  description: 'Filters narrow; `from` is included, `to` is not.',
  tag: 'Access',
  permission: 'audit.view',
  scope: false,
  query: auditFilter.extend(pageQuery.shape),
  response: { status: 200, schema: pageSchema(auditView) },
  handler: ({ db, query }) => listAudit(db, query),
});
