import { z } from 'zod';
import { jobListItem, jobView } from '#domain/jobs/view.ts';
import { createJob } from '#db/jobs/create.ts';
import { listJobs } from '#db/jobs/queries.ts';
import { registrationBody } from '#app/_server/api/job-body.ts';
import { route } from '#app/_server/api/route.ts';
import { pageOf, pageQuery } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'listJobs',
  summary: 'List jobs',
  tag: 'Jobs',
  permission: 'jobs.view',
  scope: true,
  query: pageQuery.extend({
    q: z.string().max(200).optional().describe('Part of the id or the description.'),
    state: z.enum(['enabled', 'paused', 'running', 'failed']).optional(),
  }),
  response: { status: 200, schema: pageOf(jobListItem) },
  handler: ({ db, scope, query }) => listJobs(db, scope, query),
});

export const POST = route({
  id: 'createJob',
  summary: 'Register a job',
  description: 'The same `job_id` again answers 409. A queue without a task makes the job `external`.',
  tag: 'Jobs',
  permission: 'jobs.edit',
  scope: true,
  rawBody: registrationBody,
  example: {
    job_id: 'news-crawler',
    task: 'command',
    params: { argv: ['python3', 'crawl.py'] },
    cron_expr: '*/10 * * * *',
    description: 'Collects the news',
  },
  response: { status: 201, schema: jobView },
  async handler({ scope, body, headers, perform }) {
    const job = await perform(createJob, body);
    headers.set('location', `/api/v1/${scope}/jobs/${job.job_id}`);
    return job;
  },
});
