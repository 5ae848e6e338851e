import { z } from 'zod';
import { instantText, shownStatus } from '#domain/jobs/view.ts';
import { runReason, runState, triggerSource } from './run.ts';
import { serviceView } from './service.ts';

const params = z.record(z.string(), z.json());

export const progressView = z.object({
  done: z.number(),
  total: z.number().nullable(),
  text: z.string().nullable(),
});

/** A run as the API answers it. `status` is what people are shown, `state` the finer state. */
export const runView = z.object({
  run_id: z.uuid(),
  scope: z.string(),
  job_id: z.string(),
  job_version: z.number().int(),
  task: z.string(),
  queue: z.string(),
  status: shownStatus,
  state: runState,
  reason: runReason,
  attempt: z.number().int(),
  failures: z.number().int(),
  trigger_source: triggerSource,
  trading_day: z.iso.date(),
  priority: z.number().int(),
  resource_group: z.string().nullable(),
  params,
  scheduled_for: instantText,
  queued_at: instantText,
  not_before: instantText.nullable(),
  started_at: instantText.nullable(),
  finished_at: instantText.nullable(),
  duration_ms: z.number().nullable().describe('Of the latest attempt; null until it ends.'),
  process_id: z.uuid().nullable(),
  waits_for: z.enum(['retry', 'upstream', 'lock']).nullable().describe('What a waiting run waits for.'),
  ignores_gates: z.boolean().describe('Somebody let it pass the jobs it depends on.'),
  locks: z.array(z.string()).describe('Named locks it holds while it runs.'),
  lock_wait_until: instantText.nullable(),
  progress: progressView.nullable(),
  cancel_requested_at: instantText.nullable(),
  mode: z.enum(['runs', 'service']),
  service_until: instantText.nullable().describe('When the session of a service ends.'),
  service: serviceView.nullable().describe('Counters of a service; null until it first runs.'),
});
export type RunView = z.output<typeof runView>;

export const attemptView = z.object({
  attempt: z.number().int(),
  process_id: z.uuid().nullable().describe('Null when a consumer outside took the run.'),
  consumer: z
    .string()
    .nullable()
    .describe('Who took the run over the API; null when a process of ours ran it.'),
  lease_until: instantText.nullable().describe('A consumer that does not answer until then loses the run.'),
  host: z.string(),
  child_pid: z.number().int().nullable(),
  params,
  started_at: instantText,
  ended_at: instantText.nullable(),
  outcome: z.enum(['succeeded', 'failed', 'timed_out', 'cancelled', 'lost', 'handed_back']).nullable(),
  reason: runReason.nullable(),
  exit_code: z.number().int().nullable(),
  error: z.string().nullable(),
});
export type AttemptView = z.output<typeof attemptView>;

export const historyView = z.object({
  from: runState.nullable(),
  to: runState,
  reason: runReason,
  actor: z.string(),
  attempt: z.number().int(),
  at: instantText,
  recorded_at: instantText,
});
export type HistoryView = z.output<typeof historyView>;

const blockedRun = z.object({ run_id: z.uuid(), job_id: z.string(), reason: runReason });

/** One run in full: with its attempts, every transition, and what it keeps waiting. */
export const runDetail = runView.extend({
  attempts: z.array(attemptView),
  history: z.array(historyView),
  blocks: z
    .array(blockedRun)
    .describe('Runs that wait for it, for its locks, or for one that does; at most 100.'),
});
export type RunDetail = z.output<typeof runDetail>;

/** One line of a run's log. `seq` rises within the run and is the cursor. */
export const logLine = z.object({
  seq: z.number().int(),
  attempt: z.number().int(),
  stream: z.enum(['stdout', 'stderr', 'system']),
  line: z.string(),
  at: instantText,
});
export type LogLine = z.output<typeof logLine>;

/** `next_seq` continues the reading; `ended` says that the run is over and no line will follow. */
export const logPage = z.object({
  items: z.array(logLine),
  next_seq: z.number().int(),
  ended: z.boolean(),
  first_seq: z.number().int().nullable(),
});
export type LogPage = z.output<typeof logPage>;

export const runFilter = z.object({
  job_id: z.string().optional(),
  state: z.array(runState).optional(),
  trigger_source: z.array(triggerSource).optional(),
  trading_day: z.iso.date().optional(),
  from: instantText.optional(),
  to: instantText.optional(),
  cursor: z.string().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type RunFilter = z.output<typeof runFilter>;
export const rerunRequest = z.strictObject({
  params: params.optional(),
  ignore_gates: z
    .boolean()
    .optional()
    .describe('Do not wait for the jobs it depends on; recorded in the audit. Default: as before.'),
});
