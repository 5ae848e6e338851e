import type { RunReason, RunState } from './run.ts';

/** How one attempt ended. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly nextDelaySec?: number | undefined }
  | {
      readonly kind: 'failed';
      readonly reason: RunReason;
      readonly retryable: boolean;
      readonly nextDelaySec?: number | undefined;
    }
  | { readonly kind: 'timed_out'; readonly timeoutSec: number }
  | { readonly kind: 'cancelled'; readonly reason: RunReason }
  | { readonly kind: 'lost'; readonly process: string }
  | { readonly kind: 'lease_expired'; readonly consumer: string; readonly leaseSec: number }
  | { readonly kind: 'handed_back' }
  /** Its locks were taken outside after it had been given them: it did not begin. */
  | { readonly kind: 'locked_out'; readonly reason: RunReason };

export interface RetryPolicy {
  readonly retryLimit: number;
  readonly retryDelaySec: number;
  readonly retryMaxDelaySec: number;
  /** 0 to 1: the share of the delay that is drawn at random. */
  readonly retryJitter: number;
}

export interface Settlement {
  readonly state: Extract<
    RunState,
    'succeeded' | 'failed' | 'cancelled' | 'waiting' | 'ready' | 'quarantined'
  >;
  readonly reason: RunReason;
  /** Failed and lost attempts so far, this one included. */
  readonly failures: number;
  /** Seconds until the next attempt may start; null when there is none. */
  readonly delaySec: number | null;
  /** What a waiting run waits for. */
  readonly waitsFor?: 'retry' | 'lock';
}

/**
 * Delay before retry number `failures`: base doubling up to the maximum, less up to `retryJitter` of it.
 * @param random a draw from [0, 1).
 */
export function retryDelaySec(policy: RetryPolicy, failures: number, random: number): number {
  const full = Math.min(policy.retryMaxDelaySec, policy.retryDelaySec * 2 ** Math.min(failures - 1, 30));
  return full * (1 - policy.retryJitter * random);
}

function afterFailure(
  cause: RunReason,
  failures: number,
  retryable: boolean,
  policy: RetryPolicy,
  delaySec: number,
): Settlement {
  if (policy.retryLimit === 0) return { state: 'failed', reason: cause, failures, delaySec: null };
  if (!retryable || failures > policy.retryLimit) {
    const reason: RunReason = retryable
      ? { code: 'retries_exhausted', params: { ...cause.params, failures, cause: cause.code } }
      : cause;
    return { state: 'quarantined', reason, failures, delaySec: null };
  }
  if (delaySec === 0) return { state: 'ready', reason: cause, failures, delaySec: 0 };
  const reason: RunReason = {
    code: 'retry_wait',
    params: {
      ...cause.params,
      cause: cause.code,
      failures,
      limit: policy.retryLimit,
      delay_sec: Math.round(delaySec),
    },
  };
  return { state: 'waiting', reason, failures, delaySec, waitsFor: 'retry' };
}

/**
 * What becomes of a run when an attempt ends. A lost process or consumer counts as a failure but is retried at once;
 * an attempt that was handed back on a clean stop costs nothing. `retry_limit` 0 means: never a second time.
 * @param failuresBefore failed and lost attempts before this one; @param random a draw from [0, 1).
 */
export function settle(
  outcome: Outcome,
  failuresBefore: number,
  policy: RetryPolicy,
  random: number,
): Settlement {
  const failures = failuresBefore + 1;
  switch (outcome.kind) {
    case 'succeeded':
      return {
        state: 'succeeded',
        reason: { code: 'finished', params: {} },
        failures: failuresBefore,
        delaySec: null,
      };
    case 'cancelled':
      return { state: 'cancelled', reason: outcome.reason, failures: failuresBefore, delaySec: null };
    case 'handed_back':
      return {
        state: 'ready',
        reason: { code: 'handed_back', params: {} },
        failures: failuresBefore,
        delaySec: 0,
      };
    case 'locked_out':
      return {
        state: 'waiting',
        reason: outcome.reason,
        failures: failuresBefore,
        delaySec: 0,
        waitsFor: 'lock',
      };
    case 'lost':
      return afterFailure(
        { code: 'process_lost', params: { process: outcome.process } },
        failures,
        true,
        policy,
        0,
      );
    case 'lease_expired':
      return afterFailure(
        { code: 'lease_expired', params: { consumer: outcome.consumer, lease_sec: outcome.leaseSec } },
        failures,
        true,
        policy,
        0,
      );
    case 'timed_out':
      return afterFailure(
        { code: 'timed_out', params: { timeout_sec: outcome.timeoutSec } },
        failures,
        true,
        policy,
        retryDelaySec(policy, failures, random),
      );
    case 'failed':
      return afterFailure(
        outcome.reason,
        failures,
        outcome.retryable,
        policy,
        retryDelaySec(policy, failures, random),
      );
  }
}
