import { templateInstall, templateView } from '#domain/template/view.ts';
import { deskTemplate } from '#db/template/template.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'readDeskTemplate',
  summary: 'Read the desk template',
  description: 'Whether it is still offered to this scope, and what it would add.',
  tag: 'Jobs',
  permission: 'jobs.view',
  scope: true,
  query: templateInstall,
  response: { status: 200, schema: templateView },
  handler: ({ db, scope, query }) => deskTemplate(db, scope, query.language),
});
