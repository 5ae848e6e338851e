import { z } from 'zod';
import { taskView } from '#domain/jobs/plugins.ts';
import { listTasks } from '#db/jobs/plugins.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'listTasks',
  summary: 'List tasks',
  description: 'The tasks a job can name: the built-in ones, and those of plug-ins that a worker has loaded.',
  tag: 'Jobs',
  permission: 'signed-in',
  scope: false,
  response: { status: 200, schema: z.object({ tasks: z.array(taskView) }) },
  handler: async ({ db }) => ({ tasks: await listTasks(db) }),
});
