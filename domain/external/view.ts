import { z } from 'zod';
import { attemptToken } from '#domain/core/ids.ts';
import { instantText, shownStatus } from '#domain/jobs/view.ts';
import { triggerSource } from '#domain/runs/run.ts';
import { progressView, runView } from '#domain/runs/view.ts';

/** Wall seconds that a consumer may be silent before its run is given to another. */
export const leaseSec = 60;

const token = attemptToken.describe('`attempt_token` of the message: proof that the run is still yours.');
const delaySec = z
  .number()
  .int()
  .min(0)
  .max(31_536_000)
  .describe('In queue mode, seconds from this end to the next run; otherwise not used.');

/** What a consumer is handed with a run. */
export const runMessage = z.object({
  job_id: z.string(),
  scope: z.string(),
  run_id: z.uuid(),
  attempt: z.number().int(),
  attempt_token: z.uuid(),
  trigger_source: triggerSource,
  params: z.record(z.string(), z.json()),
  next_delay_sec: z.number().int().nullable().describe("The job's `interval_seconds`."),
  auto_reschedule: z.boolean().describe('Whether each end sets the next due time (queue mode).'),
  timeout_sec: z.number().int(),
  retry_limit: z.number().int(),
  telemetry_label: z.string().nullable(),
  queued_at: instantText,
  scheduled_for: instantText,
  trading_day: z.iso.date(),
  lease_sec: z.number().int().describe('Answer with a heartbeat at a third of this.'),
});
export type RunMessage = z.output<typeof runMessage>;

export const claimRequest = z.strictObject({
  wait_sec: z.number().int().min(0).max(30).default(0).describe('How long to wait for a run.'),
  consumer: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe("Shown as who runs it; the key's name when left out."),
});

export const heartbeatRequest = z.strictObject({
  attempt_token: token,
  progress: z
    .strictObject({
      done: z.number(),
      total: z.number().nullable().default(null),
      text: z.string().max(200).nullable().default(null),
    })
    .optional(),
});
export const heartbeatView = z.object({
  lease_until: instantText,
  cancel_requested: z.boolean().describe('Stop and fail: the lease is not extended any more.'),
  progress: progressView.nullable(),
});
export type HeartbeatView = z.output<typeof heartbeatView>;

export const logRequest = z.strictObject({
  attempt_token: token,
  lines: z
    .array(
      z.strictObject({
        line: z.string().max(16_384),
        stream: z.enum(['stdout', 'stderr', 'system']).default('stdout'),
        at: instantText.optional().describe('When it was written; now when left out.'),
      }),
    )
    .max(1_000),
});
export const logView = z.object({ last_seq: z.number().int() });

export const completeRequest = z.strictObject({ attempt_token: token, next_delay_sec: delaySec.optional() });

export const failRequest = z.strictObject({
  attempt_token: token,
  error: z.string().max(10_000),
  retryable: z.boolean().default(true).describe('False: no retry would help, a person must look.'),
  next_delay_sec: delaySec.optional(),
});

export const lastRunRequest = z.strictObject({
  run_id: z.uuid().optional().describe("The job's one open run when left out."),
  status: z.enum(['succeeded', 'failed']).default('succeeded'),
  error: z.string().max(10_000).optional(),
  next_delay_sec: delaySec.optional(),
});
export const lastRunView = z.object({
  job_id: z.string(),
  last_run_at: instantText.nullable(),
  last_status: shownStatus.nullable(),
  last_error: z.string().nullable(),
  next_due_at: instantText.nullable(),
  run: runView.nullable().describe('The run that was ended; null when none was open.'),
});
export type LastRunView = z.output<typeof lastRunView>;
