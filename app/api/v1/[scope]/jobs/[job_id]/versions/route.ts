import { jobVersionView } from '#domain/jobs/view.ts';
import { listVersions } from '#db/jobs/queries.ts';
import { z } from 'zod';
import { route } from '#app/_server/api/route.ts';
import { jobPath, pageOf, pageQuery } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'listJobVersions',
  summary: "List a job's versions",
  description: 'Newest first, each with its author and whole definition.',
  tag: 'Jobs',
  permission: 'jobs.view',
  scope: true,
  params: jobPath,
  query: pageQuery.extend({
    cursor: z
      .string()
      .regex(/^\d{1,9}$/, 'a version number')
      .optional(),
  }),
  response: { status: 200, schema: pageOf(jobVersionView) },
  handler: ({ db, scope, params, query }) => listVersions(db, scope, params.job_id, query),
});
