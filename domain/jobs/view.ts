import { z } from 'zod';
import { downstreamEntry, upstreamEntry } from '#domain/dependencies/edge.ts';
import { runReason, runState } from '#domain/runs/run.ts';
import { serviceView } from '#domain/runs/service.ts';
import { jobFields, scheduleKinds } from './definition.ts';
import { scheduleIssues } from './schedule-fields.ts';

/** An instant as the API writes it: RFC 3339 in UTC. */
export const instantText = z.iso.datetime({ offset: true });

export const shownStatus = z.enum([
  'waiting',
  'running',
  'succeeded',
  'failed',
  'retrying',
  'cancelled',
  'skipped',
]);

/** One of a job's last runs, for the sparkline of durations. */
export const recentRun = z.object({
  run_id: z.uuid(),
  state: runState,
  scheduled_for: instantText,
  duration_ms: z.number().nullable(),
});

/** A job as the API answers it: its registered fields and where it stands. */
export const jobView = jobFields.extend({
  job_id: z.string(),
  scope: z.string(),
  default_params: jobFields.shape.params.describe('Same as `params`.'),
  version: z.number().int(),
  schedule_kind: z.enum(scheduleKinds),
  schedule_anchor: instantText,
  next_due_at: instantText.nullable(),
  last_run_at: instantText.nullable(),
  last_status: shownStatus.nullable(),
  last_error: z.string().nullable(),
  depends_on: z.array(upstreamEntry).describe('Jobs it waits for.'),
  triggers: z.array(downstreamEntry).describe('Jobs it starts when it ends.'),
  open_runs: z.array(
    z.object({
      run_id: z.uuid(),
      state: runState,
      reason: runReason,
      scheduled_for: instantText,
      service_until: instantText.nullable(),
      service: serviceView.nullable().describe('Counters of a service.'),
    }),
  ),
  created_at: instantText,
  updated_at: instantText,
});
export type JobView = z.output<typeof jobView>;

/** A row of the jobs list. */
export const jobListItem = jobView.extend({
  recent_runs: z.array(recentRun).describe('The last 20 ended runs, oldest first.'),
});
export type JobListItem = z.output<typeof jobListItem>;

export const jobVersionView = z.object({
  version: z.number().int(),
  definition: jobFields,
  author: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  at: instantText,
  restored_from: z.number().int().nullable(),
});
export type JobVersionView = z.output<typeof jobVersionView>;

/** Body of a preview of an unsaved schedule. */
export const previewRequest = z
  .strictObject({
    ...jobFields.pick({
      cron_expr: true,
      interval_seconds: true,
      candle: true,
      session: true,
      time_zone: true,
      calendar: true,
      on_closed: true,
      window: true,
      reschedule_mode: true,
      mode: true,
    }).shape,
    from: instantText.optional(),
    count: z.number().int().min(1).max(200).default(10),
  })
  .superRefine((body, context) => {
    for (const { path, message, code, params } of scheduleIssues(body))
      context.addIssue({ code: 'custom', path: [...path], message, params: { code, ...params } });
  });

export const previewView = z.object({
  words: z.object({ ko: z.string(), en: z.string() }),
  fires: z.array(
    z.object({
      at: instantText,
      trading_day: z.iso.date(),
      until: instantText.nullable().describe('The end of the session of a service; null otherwise.'),
    }),
  ),
  skipped: z.array(
    z.object({
      date: z.iso.date(),
      reason: z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) }),
    }),
  ),
});
export type PreviewView = z.output<typeof previewView>;

export const runNowRequest = z.strictObject({
  params: jobFields.shape.params.removeDefault().optional(),
  ignore_gates: z
    .boolean()
    .optional()
    .describe('Do not wait for the jobs it depends on; recorded in the audit.'),
});
