import { templateView } from '#domain/template/view.ts';
import { dismissTemplate } from '#db/template/template.ts';
import { route } from '#app/_server/api/route.ts';

export const POST = route({
  id: 'dismissDeskTemplate',
  summary: 'Offer the desk template no more',
  tag: 'Jobs',
  permission: 'jobs.edit',
  scope: true,
  response: { status: 200, schema: templateView },
  handler: ({ perform }) => perform(dismissTemplate, {}),
});
