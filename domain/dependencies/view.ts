import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { runReason, runState } from '#domain/runs/run.ts';
import { edge } from './edge.ts';

/** Where a job of the graph stands on one trading day. */
export const graphJob = z.object({
  job_id: z.string(),
  description: z.string(),
  task: z.string(),
  enabled: z.boolean(),
  schedule: z.object({ ko: z.string(), en: z.string() }).describe('In words.'),
  resource_group: z.string().nullable(),
  next_due_at: instantText.nullable(),
  runs: z.number().int().describe('Runs of that trading day, skipped ones left out.'),
  run: z
    .object({
      run_id: z.uuid(),
      state: runState,
      reason: runReason,
      scheduled_for: instantText,
      started_at: instantText.nullable(),
      finished_at: instantText.nullable(),
      failures: z.number().int(),
    })
    .nullable()
    .describe('The latest of them.'),
  mean_duration_ms: z.number().nullable().describe('Of its last 20 successes: what a critical path adds up.'),
  blocked_by: z
    .array(z.string())
    .describe('Jobs whose failure, or whose missing run, keeps this one waiting, the causes only.'),
});
export type GraphJob = z.output<typeof graphJob>;

/** A scope's jobs, the edges between them, and how the trading day goes. */
export const graphView = z.object({
  as_of: instantText,
  trading_day: z.iso.date(),
  version: z.number().int().describe('Rises with every edit of an edge.'),
  jobs: z.array(graphJob),
  edges: z.array(edge),
});
export type GraphView = z.output<typeof graphView>;

/** Body of an edit: all edges of the scope, as they should be. A cycle is refused with its path. */
export const graphEdit = z.strictObject({
  edges: z.array(edge).max(2_000),
  version: z
    .number()
    .int()
    .optional()
    .describe('The version this edit was made against; a stale one answers 409.'),
});
export type GraphEdit = z.output<typeof graphEdit>;
