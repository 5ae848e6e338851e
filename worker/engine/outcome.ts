import type { RunReason } from '#domain/runs/run.ts';
import type { Outcome } from '#domain/runs/settle.ts';
import { storable } from '#db/core/storable.ts';
import type { Claim } from '#db/engine/claim.ts';
import { TaskFailure } from '#worker/tasks/task.ts';

/** Why an attempt was told to stop; what it ends as. */
export type Stop =
  | { readonly kind: 'cancelled'; readonly reason: RunReason }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'handed_back' }
  | { readonly kind: 'lock_timeout' }
  | { readonly kind: 'lock_lost' }
  | { readonly kind: 'fenced' };

/** How an attempt ended, as it is stored. */
export interface Ended {
  readonly outcome: Outcome;
  readonly exitCode: number | null;
  readonly error: string | null;
}

/** What an attempt that was told to stop ends as; null when it is no longer ours to end. */
export function outcomeOfStop(why: Stop, claim: Claim): Ended | null {
  switch (why.kind) {
    case 'fenced':
      return null;
    case 'timed_out':
      return {
        outcome: { kind: 'timed_out', timeoutSec: claim.timeout_sec },
        exitCode: null,
        error: `timed out after ${claim.timeout_sec} s`,
      };
    case 'cancelled':
      return { outcome: { kind: 'cancelled', reason: why.reason }, exitCode: null, error: null };
    case 'handed_back':
      return { outcome: { kind: 'handed_back' }, exitCode: null, error: null };
    case 'lock_timeout':
      return failedFor(
        {
          code: 'lock_timeout',
          params: { lock: lockNames(claim), timeout_sec: claim.lock_timeout_sec },
        },
        `held ${lockNames(claim)} for longer than ${claim.lock_timeout_sec} s`,
      );
    case 'lock_lost':
      return failedFor(
        { code: 'lock_lost', params: { lock: lockNames(claim) } },
        `the connection that held ${lockNames(claim)} was lost`,
      );
  }
}

const lockNames = (claim: Claim) => claim.locks.map((lock) => lock.name).join(', ');

function failedFor(reason: RunReason, error: string): Ended {
  return { outcome: { kind: 'failed', reason, retryable: true }, exitCode: null, error };
}

/** What an attempt whose task threw ends as. */
export function outcomeOfError(error: unknown): Ended {
  if (error instanceof TaskFailure) {
    return {
      outcome: { kind: 'failed', reason: error.reason, retryable: error.retryable },
      exitCode: error.exitCode,
      error: error.message,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    outcome: { kind: 'failed', reason: { code: 'task_error', params: { message } }, retryable: true },
    exitCode: null,
    error: message,
  };
}

function storableReason(reason: RunReason): RunReason {
  const params = Object.entries(reason.params).map(([key, value]) => [
    key,
    typeof value === 'string' ? storable(value) : value,
  ]);
  return { ...reason, params: Object.fromEntries(params) };
}

/** The same with texts that PostgreSQL takes. */
export function asStorable(ended: Ended): Ended {
  const { outcome } = ended;
  return {
    ...ended,
    error: ended.error === null ? null : storable(ended.error),
    outcome: 'reason' in outcome ? { ...outcome, reason: storableReason(outcome.reason) } : outcome,
  };
}
