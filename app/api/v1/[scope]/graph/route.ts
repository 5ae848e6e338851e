import { z } from 'zod';
import { edge } from '#domain/dependencies/edge.ts';
import { graphEdit, graphView } from '#domain/dependencies/view.ts';
import { editGraph } from '#db/dependencies/edit.ts';
import { graphView as readGraph } from '#db/dependencies/queries.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'getGraph',
  summary: 'The jobs of a scope, the edges between them, and how a trading day goes',
  description:
    "Each job with its latest run of the day and, while it is held, the root causes. Without `trading_day`, today's in Seoul.",
  tag: 'Jobs',
  permission: 'jobs.view',
  scope: true,
  query: z.object({ trading_day: z.iso.date().optional() }),
  response: { status: 200, schema: graphView },
  handler: ({ db, scope, query }) => readGraph(db, scope, query),
});

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
