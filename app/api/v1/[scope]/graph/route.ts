import { z } from 'zod';
import { edge } from '#domain/dependencies/edge.ts';
import { graphEdit } from '#domain/dependencies/view.ts';
import { editGraph } from '#db/dependencies/edit.ts';
import { route } from '#app/_server/api/route.ts';

export const PUT = route({
  id: 'editGraph',
  summary: 'Replace the edges between jobs',
  description: 'A cycle is refused with its path; a stale `version` answers 409.',
  tag: 'Jobs',
  permission: 'jobs.edit',
  scope: true,
  rawBody: graphEdit,
  example: { edges: [{ upstream: 'morning_data_collection', downstream: 'ai_analysis', kind: 'gate' }] },
  response: { status: 200, schema: z.object({ version: z.number().int(), edges: z.array(edge) }) },
  handler: ({ body, perform }) => perform(editGraph, body),
});
