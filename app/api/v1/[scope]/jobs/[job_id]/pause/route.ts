import { jobView } from '#domain/jobs/view.ts';
import { pauseJob } from '#db/jobs/edit.ts';
import { route } from '#app/_server/api/route.ts';
import { jobPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'pauseJob',
  summary: 'Pause a job',
  description: 'No further fires; open runs go on.',
  tag: 'Jobs',
  permission: 'jobs.run',
  scope: true,
  params: jobPath,
  response: { status: 200, schema: jobView },
  handler: ({ params, perform }) => perform(pauseJob, params),
});
