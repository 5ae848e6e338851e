import { and, eq, isNull } from 'drizzle-orm';
import { type Problem, conflict, notFound } from '#domain/core/errors.ts';
import type { AttemptToken, RunId } from '#domain/core/ids.ts';
import type { Transaction } from '#db/core/client.ts';
import type { RunRow } from '#db/runs/rows.ts';
import { attempts, runs } from '#db/runs/schema.ts';

export type AttemptRow = typeof attempts.$inferSelect;

/** The attempt has ended, or the run was given to another: nothing more may be written for it. */
export function attemptOver(run: RunRow): Problem {
  return conflict('attempt_over', `This attempt is over; the run is ${run.state}.`, {
    run_id: run.id,
    state: run.state,
  });
}

/**
 * The open attempt of a token and its run, which is locked until the transaction ends.
 * @throws Problem 404 for an unknown run, 409 `attempt_over` for a token that no longer holds it.
 */
export async function holdAttempt(
  tx: Transaction,
  scope: string,
  id: RunId,
  token: AttemptToken,
): Promise<{ run: RunRow; attempt: AttemptRow }> {
  // Without its job: whoever keeps a run touches the run only, and runs of a job need not wait for each other.
  const [run] = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.id, id), eq(runs.scope, scope)))
    .for('update');
  if (run === undefined) throw notFound('run', id);
  const [attempt] = await tx
    .select()
    .from(attempts)
    .where(and(eq(attempts.runId, id), eq(attempts.token, token), isNull(attempts.endedAt)));
  if (attempt === undefined || attempt.consumer === null || run.attempt !== attempt.attempt)
    throw attemptOver(run);
  return { run, attempt };
}
