import { z } from 'zod';
import { pluginView } from '#domain/jobs/plugins.ts';
import { instantText } from '#domain/jobs/view.ts';

export const resourceGroupView = z.object({
  name: z.string(),
  kind: z.enum(['total', 'group', 'reserved', 'lab']),
  capacity: z.number().int(),
  used: z.number().int(),
  holders: z.array(z.object({ run_id: z.uuid(), job_id: z.string() })),
});

/** The engine as the API answers it. Ages are seconds by the database's clock. */
export const engineView = z.object({
  processes: z.array(
    z.object({
      process_id: z.uuid(),
      kind: z.enum(['worker', 'web']),
      lane: z.string(),
      host: z.string(),
      pid: z.number().int(),
      build: z.string(),
      state: z.enum(['live', 'draining', 'stopped', 'lost']),
      started_at: instantText,
      heartbeat_age_sec: z.number(),
      running: z.number().int(),
    }),
  ),
  leader: z
    .object({
      process_id: z.uuid(),
      epoch: z.number().int(),
      since: instantText,
      heartbeat_age_sec: z.number(),
      alive: z.boolean(),
    })
    .nullable(),
  plugins: z.array(pluginView).describe('Files of the plug-in folder; those that were refused first.'),
  scopes: z.array(
    z.object({
      scope: z.string(),
      resource_groups: z.array(resourceGroupView),
      waiting: z.number().int(),
      ready: z.number().int(),
      dispatched: z.number().int(),
      running: z.number().int(),
      quarantined: z.number().int(),
      schedule_lag_sec: z.number(),
    }),
  ),
});
export type EngineView = z.output<typeof engineView>;

const cause = z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });

/** A scope's health over the last hour, with what is wrong. */
export const scopeHealth = z.object({
  status: z.enum(['healthy', 'degraded', 'critical']),
  causes: z.array(cause),
  success_rate: z
    .number()
    .nullable()
    .describe('Share of runs that succeeded, of those that ended in the last hour; null without any.'),
  mean_duration_ms: z.number().nullable(),
  p95_duration_ms: z.number().nullable(),
  waiting: z.number().int(),
  running: z.number().int(),
  quarantined: z.number().int(),
  utilisation: z.number().describe('Held rooms of the total, 0 to 1.'),
  schedule_lag_sec: z.number(),
});
export type ScopeHealth = z.output<typeof scopeHealth>;

export const instanceHealth = z.object({
  status: z.enum(['healthy', 'degraded', 'critical']),
  process: z.literal('up'),
  database: z.enum(['reachable', 'unreachable']),
  leader: z.enum(['seen', 'missing', 'unknown']),
});
export type InstanceHealth = z.output<typeof instanceHealth>;

/** Body of an edit of a scope's rooms: the named ones change. */
export const resourceGroupsEdit = z.strictObject({
  resource_groups: z
    .array(z.strictObject({ name: z.string(), capacity: z.number().int().min(0).max(10_000) }))
    .min(1),
});
