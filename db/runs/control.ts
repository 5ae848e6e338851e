import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { conflict } from '#domain/core/errors.ts';
import { runId } from '#domain/core/ids.ts';
import { cancelChannel, wake } from '#db/core/changes.ts';
import { type ScopedContext, scopedOperation } from '#db/core/operation.ts';
import { firstState, gatedJobs } from '#db/dependencies/edges.ts';
import { freeHeld } from '#db/locks/named.ts';
import { continueQueueMode, holdQueueMode } from '#db/jobs/reschedule.ts';
import { jobs } from '#db/jobs/schema.ts';
import { checkParams } from '#db/jobs/check.ts';
import { fetchJob } from '#db/jobs/fetch.ts';
import { refuseSecondService } from '#db/jobs/services.ts';
import { moveRun } from './move.ts';
import { lockRun } from './queries.ts';
import { actorLabel, type RunRow, runView } from './rows.ts';
import { runs } from './schema.ts';

function moverOf(context: ScopedContext) {
  return { actor: actorLabel(context.actor), at: context.now };
}

function noteRun(context: ScopedContext, before: RunRow, after: RunRow): void {
  context.audit({
    entityType: 'run',
    entityId: before.id,
    before: { state: before.state },
    after: { state: after.state, params: after.params },
  });
  context.change('runs', before.id);
  context.change('jobs', before.jobId);
}

function moved(run: RunRow | null): RunRow {
  if (run === null) throw conflict('run_moved', 'The run moved meanwhile: look again.');
  return run;
}

async function requestCancel(context: ScopedContext, run: RunRow): Promise<RunRow> {
  const reason = { code: 'cancelled_by', params: { actor: context.actor.name } } as const;
  const [row] = await context.tx
    .update(runs)
    .set({
      cancelRequestedAt: run.cancelRequestedAt ?? context.now,
      cancelReason: run.cancelReason ?? reason,
    })
    .where(eq(runs.id, run.id))
    .returning();
  await context.tx.execute(sql`select pg_notify(${cancelChannel}, ${run.id})`);
  return moved(row ?? null);
}

/** Ends a run that has not started at once; asks a running one to stop (a command that does not is killed). */
export const cancelRun = scopedOperation({
  name: 'cancel_run',
  permission: 'runs.control',
  input: z.object({ run_id: runId }),
  async run(context, { run_id }) {
    const run = await lockRun(context.tx, context.scope.name, run_id);
    switch (run.state) {
      case 'running': {
        const asked = await requestCancel(context, run);
        noteRun(context, run, asked);
        return runView(asked);
      }
      case 'waiting':
      case 'ready':
      case 'dispatched': {
        const reason = { code: 'cancelled_by', params: { actor: context.actor.name } } as const;
        const ended = moved(
          await moveRun(context.tx, moverOf(context), run, 'cancelled', reason, { finishedAt: context.now }),
        );
        await freeHeld(context.tx, run.id);
        await continueQueueMode(context.tx, run.job, context.now);
        noteRun(context, run, ended);
        await wake(context.tx);
        return runView(ended);
      }
      case 'succeeded':
      case 'failed':
      case 'cancelled':
      case 'skipped':
      case 'quarantined':
        throw conflict('run_ended', `The run has ended (${run.state}): there is nothing to cancel.`, {
          state: run.state,
        });
    }
  },
});

async function refuseDeletedJob(context: ScopedContext, run: RunRow): Promise<void> {
  const [job] = await context.tx.select({ deletedAt: jobs.deletedAt }).from(jobs).where(eq(jobs.id, run.job));
  if (job !== undefined && job.deletedAt === null) return;
  throw conflict('job_deleted', `The job "${run.jobId}" was deleted: register it again to run it.`, {
    job_id: run.jobId,
  });
}

/** A service is run again within its session only, and never beside another. */
async function refuseService(context: ScopedContext, run: RunRow): Promise<void> {
  if (run.mode !== 'service' || run.serviceUntil === null) return;
  if (run.serviceUntil <= context.now)
    throw conflict('service_over', 'The session of this service is over: there is nothing to run again.', {
      until: run.serviceUntil.toISOString(),
    });
  await refuseSecondService(
    context.tx,
    await fetchJob(context.tx, context.scope.name, run.jobId),
    context.now,
  );
}

/**
 * A further attempt of an ended run, with other parameters if given; its failures count from zero again. It waits for the
 * jobs it depends on unless it is, or was, told otherwise.
 */
export const rerunRun = scopedOperation({
  name: 'rerun_run',
  permission: 'runs.control',
  input: z.object({
    run_id: runId,
    params: z.record(z.string(), z.json()).optional(),
    ignore_gates: z.boolean().optional(),
  }),
  async run(context, { run_id, params, ignore_gates }) {
    const run = await lockRun(context.tx, context.scope.name, run_id);
    if (
      run.state === 'waiting' ||
      run.state === 'ready' ||
      run.state === 'dispatched' ||
      run.state === 'running'
    ) {
      throw conflict('run_open', `The run is ${run.state}: cancel it before running it again.`, {
        state: run.state,
      });
    }
    await refuseDeletedJob(context, run);
    await refuseService(context, run);
    if (params !== undefined) await checkParams(context.tx, run.task, params);
    const reason = { code: 'rerun', params: { actor: context.actor.name } } as const;
    const ignores = ignore_gates ?? run.ignoresGates;
    const gated = !ignores && (await gatedJobs(context.tx, [{ id: run.job, task: run.task }])).has(run.job);
    const first = firstState(gated);
    const again = moved(
      await moveRun(context.tx, moverOf(context), run, first.state, reason, {
        waitsFor: first.waitsFor,
        ignoresGates: ignores,
        lockWaitUntil: null,
        params: params ?? run.params,
        failures: 0,
        notBefore: null,
        startedAt: null,
        finishedAt: null,
        progress: null,
        processId: null,
        cancelRequestedAt: null,
        cancelReason: null,
      }),
    );
    await holdQueueMode(context.tx, run.job);
    noteRun(context, run, again);
    await wake(context.tx);
    return runView(again);
  },
});

/** Lets a run that waits for other jobs go without them; recorded in the audit. */
export const releaseRun = scopedOperation({
  name: 'release_run',
  permission: 'runs.control',
  input: z.object({ run_id: runId }),
  async run(context, { run_id }) {
    const run = await lockRun(context.tx, context.scope.name, run_id);
    if (run.waitsFor !== 'upstream')
      throw conflict('run_not_gated', `The run waits for no other job; it is ${run.state}.`, {
        state: run.state,
      });
    const reason = { code: 'gates_ignored', params: { actor: context.actor.name } } as const;
    const released = moved(
      await moveRun(context.tx, moverOf(context), run, 'ready', reason, { ignoresGates: true }),
    );
    noteRun(context, run, released);
    await wake(context.tx);
    return runView(released);
  },
});

/** Gives up a quarantined run. */
export const discardRun = scopedOperation({
  name: 'discard_run',
  permission: 'runs.control',
  input: z.object({ run_id: runId }),
  async run(context, { run_id }) {
    const run = await lockRun(context.tx, context.scope.name, run_id);
    if (run.state !== 'quarantined')
      throw conflict(
        'run_not_quarantined',
        `Only quarantined runs are discarded; this one is ${run.state}.`,
        { state: run.state },
      );
    const reason = { code: 'discarded', params: { actor: context.actor.name } } as const;
    const ended = moved(await moveRun(context.tx, moverOf(context), run, 'cancelled', reason));
    noteRun(context, run, ended);
    return runView(ended);
  },
});
