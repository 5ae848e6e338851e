import { jobView } from '#domain/jobs/view.ts';
import { resumeJob } from '#db/jobs/edit.ts';
import { route } from '#app/_server/api/route.ts';
import { jobPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'resumeJob',
  summary: 'Resume a job',
  description: 'Fires again from now on; what was missed is not made up.',
  tag: 'Jobs',
  permission: 'jobs.run',
  scope: true,
  params: jobPath,
  response: { status: 200, schema: jobView },
  handler: ({ params, perform }) => perform(resumeJob, params),
});
