import { and, eq, inArray } from 'drizzle-orm';
import { conflict, notFound } from '#domain/core/errors.ts';
import { type AttemptToken, jobId, runId } from '#domain/core/ids.ts';
import { lastRunRequest, type LastRunView } from '#domain/external/view.ts';
import { openStates } from '#domain/runs/run.ts';
import type { Outcome } from '#domain/runs/settle.ts';
import { wake } from '#db/core/changes.ts';
import { type ScopedContext, scopedOperation } from '#db/core/operation.ts';
import { settleAttempt } from '#db/engine/settle.ts';
import { lockJob } from '#db/jobs/fetch.ts';
import { getJob } from '#db/jobs/queries.ts';
import { continueQueueMode } from '#db/jobs/reschedule.ts';
import type { JobRow } from '#db/jobs/rows.ts';
import { jobs } from '#db/jobs/schema.ts';
import { moveRun } from '#db/runs/move.ts';
import { fetchRun, lockRun } from '#db/runs/queries.ts';
import { actorLabel, type RunRow, runView } from '#db/runs/rows.ts';
import { attempts, runs } from '#db/runs/schema.ts';
import { failureOf } from './end.ts';
import { startAttempt } from './start.ts';

const input = lastRunRequest.extend({ job_id: jobId, run_id: runId.optional() });
type Input = ReturnType<typeof input.parse>;

/** The run that is meant: the one named, or the job's one open run; null when none is open. Locked. */
async function meant({ tx, scope }: ScopedContext, job: JobRow, asked: Input): Promise<RunRow | null> {
  if (asked.run_id !== undefined) {
    const run = await lockRun(tx, scope.name, asked.run_id);
    if (run.job !== job.id) throw notFound('run', asked.run_id);
    return run;
  }
  const open = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.job, job.id), inArray(runs.state, [...openStates])))
    .orderBy(runs.id)
    .for('update');
  const [only, another] = open;
  if (another !== undefined) {
    throw conflict('several_open_runs', `${open.length} runs of "${job.jobId}" are open: name the run_id.`, {
      job_id: job.jobId,
      count: open.length,
    });
  }
  return only ?? null;
}

/** A run as an attempt that can be ended: one that nobody took is started here, its work has been done elsewhere. */
async function openAttempt(
  context: ScopedContext,
  job: JobRow,
  run: RunRow,
): Promise<{ attempt: number; token: AttemptToken }> {
  const { tx, actor, now } = context;
  const mover = { actor: actorLabel(actor), at: now };
  switch (run.state) {
    case 'running': {
      const [held] = await tx
        .select({ attempt: attempts.attempt, token: attempts.token })
        .from(attempts)
        .where(and(eq(attempts.runId, run.id), eq(attempts.attempt, run.attempt)));
      if (held === undefined) throw new Error(`The running run ${run.id} has no attempt.`);
      return held;
    }
    case 'waiting':
    case 'ready': {
      const reason = { code: 'taken', params: { consumer: actor.name } } as const;
      const ready =
        run.state === 'ready' ? run : await moveRun(tx, mover, run, 'ready', reason, { notBefore: null });
      const started =
        ready === null
          ? null
          : await startAttempt(tx, mover, ready, { consumer: actor.name, timeoutSec: job.timeoutSec });
      if (started === null) throw conflict('run_moved', 'The run moved meanwhile: look again.');
      return { attempt: started.run.attempt, token: started.token };
    }
    case 'dispatched':
    case 'succeeded':
    case 'failed':
    case 'cancelled':
    case 'skipped':
    case 'quarantined':
      throw conflict('run_ended', `The run has ended (${run.state}): there is nothing to mark.`, {
        state: run.state,
      });
  }
}

/** A failure of a run that a consumer took is retried as its job says; nobody would take up one of another kind. */
function outcomeOf(run: RunRow, asked: Input): Outcome {
  if (asked.status === 'succeeded') return { kind: 'succeeded', nextDelaySec: asked.next_delay_sec };
  return failureOf(run, {
    error: asked.error ?? '',
    retryable: run.state === 'running',
    nextDelaySec: asked.next_delay_sec,
  });
}

async function endRun(context: ScopedContext, job: JobRow, run: RunRow, asked: Input): Promise<void> {
  const { tx, actor } = context;
  if (run.task !== 'external') {
    throw conflict(
      'run_not_external',
      `The run is executed by a worker as ${run.task}: it ends by its own result.`,
      { task: run.task },
    );
  }
  const result = await settleAttempt(tx, actorLabel(actor), {
    runId: run.id,
    ...(await openAttempt(context, job, run)),
    outcome: outcomeOf(run, asked),
    exitCode: null,
    error: asked.status === 'failed' ? (asked.error ?? null) : null,
  });
  if (result.kind === 'fenced') throw conflict('run_moved', 'The run moved meanwhile: look again.');
  await wake(tx);
}

/** Keeps the word of a script that ran without a run of ours. */
async function noteLast({ tx, now }: ScopedContext, job: JobRow, asked: Input): Promise<void> {
  await tx
    .update(jobs)
    .set({
      lastRunAt: now,
      lastStatus: asked.status,
      lastError: asked.status === 'failed' ? (asked.error ?? '') : null,
    })
    .where(eq(jobs.id, job.id));
  if (asked.next_delay_sec === undefined) return;
  await continueQueueMode(tx, job.id, now, asked.next_delay_sec);
  await wake(tx);
}

/**
 * Marks how a job's run went: ends the named or the one open run, or without one keeps the job's last result.
 * @throws Problem 404, 409 `several_open_runs`, `run_ended`, `run_not_external`.
 */
export const lastRun = scopedOperation({
  name: 'last_run',
  permission: 'runs.consume',
  input,
  async run(context, asked): Promise<LastRunView> {
    const { tx, scope, audit, change } = context;
    const job = await lockJob(tx, scope.name, asked.job_id);
    const run = await meant(context, job, asked);
    if (run === null) await noteLast(context, job, asked);
    else await endRun(context, job, run, asked);
    const after = await getJob(tx, scope.name, job.jobId);
    audit({
      entityType: run === null ? 'job' : 'run',
      entityId: run === null ? job.jobId : run.id,
      before: { last_status: job.lastStatus, state: run?.state ?? null },
      after: { last_status: after.last_status, last_error: after.last_error, status: asked.status },
    });
    change('jobs', job.jobId);
    return {
      job_id: after.job_id,
      last_run_at: after.last_run_at,
      last_status: after.last_status,
      last_error: after.last_error,
      next_due_at: after.next_due_at,
      run: run === null ? null : runView(await fetchRun(tx, scope.name, run.id)),
    };
  },
});
