import { and, eq } from 'drizzle-orm';
import { type AttemptToken, type RunId, runId } from '#domain/core/ids.ts';
import { completeRequest, failRequest } from '#domain/external/view.ts';
import type { Outcome } from '#domain/runs/settle.ts';
import type { RunView } from '#domain/runs/view.ts';
import { wake } from '#db/core/changes.ts';
import type { Transaction } from '#db/core/client.ts';
import { type ScopedContext, scopedOperation } from '#db/core/operation.ts';
import { settleAttempt } from '#db/engine/settle.ts';
import { fetchRun } from '#db/runs/queries.ts';
import { actorLabel, type RunRow, runView } from '#db/runs/rows.ts';
import { type AttemptOutcome, attempts } from '#db/runs/schema.ts';
import { attemptOver } from './hold.ts';

/** How a consumer's failure ends the attempt: asked to stop, it has stopped; otherwise it failed. */
export function failureOf(
  run: RunRow,
  failed: { readonly error: string; readonly retryable: boolean; readonly nextDelaySec: number | undefined },
): Outcome {
  if (run.cancelRequestedAt !== null) {
    return {
      kind: 'cancelled',
      reason: run.cancelReason ?? { code: 'cancel_requested', params: { actor: 'system' } },
    };
  }
  const message = failed.error.split('\n', 1)[0]?.slice(0, 500) ?? '';
  return {
    kind: 'failed',
    reason: { code: 'task_error', params: { message } },
    retryable: failed.retryable,
    nextDelaySec: failed.nextDelaySec,
  };
}

/** How the attempt of a token ended; null when there is no such attempt, or it has not. */
async function endedAs(tx: Transaction, id: RunId, token: AttemptToken): Promise<AttemptOutcome | null> {
  const [row] = await tx
    .select({ outcome: attempts.outcome })
    .from(attempts)
    .where(and(eq(attempts.runId, id), eq(attempts.token, token)));
  return row?.outcome ?? null;
}

interface End {
  readonly runId: RunId;
  readonly token: AttemptToken;
  readonly error: string | null;
  outcome(run: RunRow): Outcome;
  /** Ends that this request may have made itself: a repeated one is answered, not refused. */
  readonly same: readonly AttemptOutcome[];
}

async function endByToken(context: ScopedContext, end: End): Promise<RunView> {
  const { tx, scope, actor } = context;
  const run = await fetchRun(tx, scope.name, end.runId);
  const result = await settleAttempt(tx, actorLabel(actor), {
    runId: run.id,
    attempt: run.attempt,
    token: end.token,
    outcome: end.outcome(run),
    exitCode: null,
    error: end.error,
  });
  const after = await fetchRun(tx, scope.name, end.runId);
  if (result.kind === 'fenced') {
    const before = await endedAs(tx, run.id, end.token);
    if (before === null || !end.same.includes(before)) throw attemptOver(after);
  } else await wake(tx);
  return runView(after);
}

/** Ends a run well. Repeated with the same token it answers the same. @throws Problem 409 `attempt_over`. */
export const completeRun = scopedOperation({
  name: 'complete_run',
  permission: 'runs.consume',
  input: completeRequest.extend({ run_id: runId }),
  run: (context, input) =>
    endByToken(context, {
      runId: input.run_id,
      token: input.attempt_token,
      error: null,
      outcome: () => ({ kind: 'succeeded', nextDelaySec: input.next_delay_sec }),
      same: ['succeeded'],
    }),
});

/**
 * Ends an attempt as failed, by the job's retry policy; as cancelled when it was asked to stop.
 * @throws Problem 409 `attempt_over`.
 */
export const failRun = scopedOperation({
  name: 'fail_run',
  permission: 'runs.consume',
  input: failRequest.extend({ run_id: runId }),
  run: (context, input) =>
    endByToken(context, {
      runId: input.run_id,
      token: input.attempt_token,
      error: input.error,
      outcome: (run) =>
        failureOf(run, {
          error: input.error,
          retryable: input.retryable,
          nextDelaySec: input.next_delay_sec,
        }),
      same: ['failed', 'cancelled'],
    }),
});
