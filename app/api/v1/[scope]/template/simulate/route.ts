import { templateInstall, templateView } from '#domain/template/view.ts';
import { startSimulatedDesk } from '#db/template/simulated.ts';
import { route } from '#app/_server/api/route.ts';

export const POST = route({
  id: 'startSimulatedDesk',
  summary: 'Start a desk on a simulated market',
  description:
    'A market, an account with play money, traders and the jobs of the desk template, all running. Not in a real scope.',
  tag: 'Jobs',
  permission: 'jobs.edit',
  scope: true,
  body: templateInstall,
  example: { language: 'en' },
  response: { status: 200, schema: templateView },
  handler: ({ body, perform }) => perform(startSimulatedDesk, body),
});
