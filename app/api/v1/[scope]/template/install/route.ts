import { templateInstall, templateView } from '#domain/template/view.ts';
import { installTemplate } from '#db/template/template.ts';
import { route } from '#app/_server/api/route.ts';

export const POST = route({
  id: 'installDeskTemplate',
  summary: 'Add the desk template',
  description: 'Its jobs that are not there yet, all paused, and the edges between them.',
  tag: 'Jobs',
  permission: 'jobs.edit',
  scope: true,
  body: templateInstall,
  example: { language: 'en' },
  response: { status: 200, schema: templateView },
  handler: ({ body, perform }) => perform(installTemplate, body),
});
