import { z } from 'zod';

/** States of a run; `quarantined` waits for a person, the other ends are final. */
export const runState = z.enum([
  'waiting',
  'ready',
  'dispatched',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'skipped',
  'quarantined',
]);
export type RunState = z.output<typeof runState>;

export const openStates = [
  'waiting',
  'ready',
  'dispatched',
  'running',
] as const satisfies readonly RunState[];
export const endedStates = [
  'succeeded',
  'failed',
  'cancelled',
  'skipped',
  'quarantined',
] as const satisfies readonly RunState[];

export const triggerSource = z.enum(['scheduler', 'manual', 'auto-reschedule', 'dependency', 'retry']);
export type TriggerSource = z.output<typeof triggerSource>;

/** Why a run is where it is: a code and its parameters, rendered in the reader's language (`reasons.<code>`). */
export const runReason = z.object({
  code: z.enum([
    'due',
    'run_now',
    'rerun',
    'queue_delay',
    'room_full',
    'job_busy',
    'no_consumer',
    'admitted',
    'rung_again',
    'claimed',
    'taken',
    'finished',
    'exit_code',
    'timed_out',
    'task_error',
    'task_not_loaded',
    'invalid_params',
    'retry_wait',
    'retry_due',
    'retries_exhausted',
    'process_lost',
    'lease_expired',
    'handed_back',
    'cancel_requested',
    'cancelled_by',
    'cancelled_by_overlap',
    'overlap',
    'misfire',
    'misfire_range',
    'discarded',
    'job_deleted',
    'upstream_none',
    'upstream_due',
    'upstream_open',
    'upstream_failed',
    'upstream_day_over',
    'gates_passed',
    'gates_ignored',
    'triggered',
    'lock_taken',
    'lock_taken_outside',
    'lock_free',
    'lock_not_acquired',
    'lock_timeout',
    'lock_lost',
    'service_finished',
    'service_failing',
    'service_failed_at_end',
    'service_missed',
    'service_missed_range',
    'service_over',
    'service_not_fired',
    'service_paused',
    'service_edited',
    'day_not_begun',
    'day_not_settled',
  ]),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
});
export type RunReason = z.output<typeof runReason>;
export type ReasonCode = RunReason['code'];

/** What people are shown; the finer state stands beside it. */
export type ShownStatus =
  'waiting' | 'running' | 'succeeded' | 'failed' | 'retrying' | 'cancelled' | 'skipped';

/** @param failures attempts of this run that already failed or were lost. */
export function shownStatus(state: RunState, failures: number): ShownStatus {
  switch (state) {
    case 'waiting':
    case 'ready':
    case 'dispatched':
      return failures > 0 ? 'retrying' : 'waiting';
    case 'running':
      return 'running';
    case 'succeeded':
      return 'succeeded';
    case 'failed':
    case 'quarantined':
      return 'failed';
    case 'cancelled':
      return 'cancelled';
    case 'skipped':
      return 'skipped';
  }
}
