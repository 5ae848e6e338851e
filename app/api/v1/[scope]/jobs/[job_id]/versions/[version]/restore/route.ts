import { z } from 'zod';
import { jobView } from '#domain/jobs/view.ts';
import { restoreVersion } from '#db/jobs/edit.ts';
import { route } from '#app/_server/api/route.ts';
import { jobPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'restoreJobVersion',
  summary: 'Restore a version',
  description: 'Brings back its definition as a new version; the job stays paused or enabled as it is.',
  tag: 'Jobs',
  permission: 'jobs.edit',
  scope: true,
  params: jobPath.extend({ version: z.string().regex(/^[1-9]\d{0,8}$/, 'a version number') }),
  response: { status: 200, schema: jobView },
  handler: ({ params, perform }) =>
    perform(restoreVersion, { job_id: params.job_id, version: Number(params.version) }),
});
