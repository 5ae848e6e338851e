import { z } from 'zod';
import { jobView } from '#domain/jobs/view.ts';
import { deleteJob } from '#db/jobs/delete.ts';
import { editJob, replaceJob } from '#db/jobs/edit.ts';
import { getJob } from '#db/jobs/queries.ts';
import { editBody, replacementBody, replacementOf } from '#app/_server/api/job-body.ts';
import { route } from '#app/_server/api/route.ts';
import { jobPath } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'getJob',
  summary: 'Read a job',
  tag: 'Jobs',
  permission: 'jobs.view',
  scope: true,
  params: jobPath,
  response: { status: 200, schema: jobView },
  handler: ({ db, scope, params }) => getJob(db, scope, params.job_id),
});

export const PUT = route({
  id: 'replaceJob',
  summary: 'Replace a job',
  description: 'Fields left out take their defaults. Makes a new version.',
  tag: 'Jobs',
  permission: 'jobs.edit',
  scope: true,
  params: jobPath,
  rawBody: replacementBody,
  example: { task: 'command', params: { argv: ['python3', 'crawl.py'] }, interval_seconds: 600 },
  response: { status: 200, schema: jobView },
  handler: ({ params, body, perform }) =>
    perform(replaceJob, replacementOf(params.job_id, body), { under: 'definition' }),
});

export const PATCH = route({
  id: 'editJob',
  summary: 'Edit a job',
  description: 'Only the named fields change. Makes a new version; a stale `version` answers 409.',
  tag: 'Jobs',
  permission: 'jobs.edit',
  scope: true,
  params: jobPath,
  rawBody: editBody,
  example: { cron_expr: '0 9 * * 1-5', version: 1 },
  response: { status: 200, schema: jobView },
  handler: ({ params, body, perform }) =>
    perform(editJob, { job_id: params.job_id, edit: body }, { under: 'edit' }),
});

export const DELETE = route({
  id: 'deleteJob',
  summary: 'Delete a job',
  description: 'Its runs and versions stay. Answers 409 while runs are open.',
  tag: 'Jobs',
  permission: 'jobs.edit',
  scope: true,
  params: jobPath,
  response: { status: 200, schema: z.object({ job_id: z.string() }) },
  handler: ({ params, perform }) => perform(deleteJob, params),
});
