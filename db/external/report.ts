import { and, eq, max, sql } from 'drizzle-orm';
import { runId } from '#domain/core/ids.ts';
import { heartbeatRequest, type HeartbeatView, leaseSec, logRequest } from '#domain/external/view.ts';
import { scopedOperation } from '#db/core/operation.ts';
import { attempts, runLogs, runs } from '#db/runs/schema.ts';
import { holdAttempt } from './hold.ts';

/**
 * Extends the lease, unless the run is to stop: then the consumer has what is left of it. Says how far it is.
 * @throws Problem 409 `attempt_over`.
 */
export const heartbeat = scopedOperation({
  name: 'heartbeat_run',
  permission: 'runs.consume',
  input: heartbeatRequest.extend({ run_id: runId }),
  async run({ tx, scope, change }, input): Promise<HeartbeatView> {
    const { run, attempt } = await holdAttempt(tx, scope.name, input.run_id, input.attempt_token);
    const stopping = run.cancelRequestedAt !== null;
    const [held] = await tx
      .update(attempts)
      .set(
        stopping
          ? { leaseUntil: attempt.leaseUntil }
          : { leaseUntil: sql`clock_timestamp() + make_interval(secs => ${leaseSec})` },
      )
      .where(and(eq(attempts.runId, run.id), eq(attempts.attempt, attempt.attempt)))
      .returning({ leaseUntil: attempts.leaseUntil });
    if (held === undefined || held.leaseUntil === null)
      throw new Error('An attempt of a consumer has no lease.');
    if (input.progress !== undefined) {
      await tx
        .update(runs)
        .set({ progress: input.progress })
        .where(and(eq(runs.id, run.id), eq(runs.state, 'running')));
      change('runs', run.id);
    }
    return {
      lease_until: held.leaseUntil.toISOString(),
      cancel_requested: stopping,
      progress: input.progress ?? run.progress,
    };
  },
});

/** Appends lines to the run's log; times are wall time. @throws Problem 409 `attempt_over`. */
export const appendLines = scopedOperation({
  name: 'append_run_log',
  permission: 'runs.consume',
  input: logRequest.extend({ run_id: runId }),
  async run({ tx, scope }, input): Promise<{ last_seq: number }> {
    const { run, attempt } = await holdAttempt(tx, scope.name, input.run_id, input.attempt_token);
    const [last] = await tx
      .select({ seq: max(runLogs.seq) })
      .from(runLogs)
      .where(eq(runLogs.runId, run.id));
    const from = last?.seq ?? 0;
    if (input.lines.length > 0) {
      await tx.insert(runLogs).values(
        input.lines.map(({ line, stream, at }, index) => ({
          runId: run.id,
          seq: from + index + 1,
          attempt: attempt.attempt,
          stream,
          line,
          at: at === undefined ? sql`clock_timestamp()` : new Date(at),
        })),
      );
    }
    return { last_seq: from + input.lines.length };
  },
});
