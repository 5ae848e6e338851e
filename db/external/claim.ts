import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { choose } from '#domain/admission/choose.ts';
import { claimRequest, leaseSec, type RunMessage } from '#domain/external/view.ts';
import type { Queryable } from '#db/core/client.ts';
import { scopedOperation } from '#db/core/operation.ts';
import { explain, lockRooms, locksOf } from '#db/engine/admit.ts';
import { slots } from '#db/engine/schema.ts';
import { beginHold, takeForRun } from '#db/locks/named.ts';
import { waitForLocks } from '#db/locks/waiters.ts';
import type { JobRow } from '#db/jobs/rows.ts';
import { jobs } from '#db/jobs/schema.ts';
import { actorLabel } from '#db/runs/rows.ts';
import { runs } from '#db/runs/schema.ts';
import { attemptLimitSec, type Started, startAttempt } from './start.ts';

/** Runs that consumers of a queue may take; a condition on `r`, the runs. */
function ofQueue(queue: string) {
  return sql`r.task = 'external' and r.queue = ${queue}`;
}

/** Whether a claim could find something: asked before rooms are locked, for most claims of a long poll find nothing. */
export async function queueHasRuns(q: Queryable, scope: string, queue: string): Promise<boolean> {
  const rows = await q.execute(sql`select 1 from runs r
    where r.scope = ${scope} and r.state = 'ready' and ${ofQueue(queue)} and r.cancel_requested_at is null limit 1`);
  return rows.length > 0;
}

function messageOf({ run, token }: Started, job: JobRow): RunMessage {
  return {
    job_id: run.jobId,
    scope: run.scope,
    run_id: run.id,
    attempt: run.attempt,
    attempt_token: token,
    trigger_source: run.triggerSource,
    params: run.params,
    next_delay_sec: job.intervalSeconds,
    auto_reschedule: job.rescheduleMode === 'queue',
    timeout_sec: job.timeoutSec,
    retry_limit: job.retryLimit,
    telemetry_label: job.telemetryLabel,
    queued_at: run.queuedAt.toISOString(),
    scheduled_for: run.scheduledFor.toISOString(),
    trading_day: run.tradingDay,
    lease_sec: leaseSec,
  };
}

/**
 * Takes one run of a queue for a consumer: rooms are locked and counted, the run chosen by priority, then age, its room
 * taken and its attempt started under a lease. Those passed over say why. The run's history is the record of it.
 * @returns the message, or null when there is nothing to take.
 */
export const claimRun = scopedOperation({
  name: 'claim_run',
  permission: 'runs.consume',
  input: z.object({ queue: z.string().min(1).max(200), consumer: claimRequest.shape.consumer }),
  async run({ tx, actor, scope, now, change }, { queue, consumer }): Promise<RunMessage | null> {
    const { rooms, running, candidates } = await lockRooms(tx, scope.name, ofQueue(queue));
    const taken = await locksOf(tx, scope.name, candidates);
    const choice = choose(candidates, rooms, running, { most: 1, taken });
    await waitForLocks(tx, { actor: actorLabel(actor), at: now }, choice.lockedOut);
    const explained = await explain(tx, choice.passedOver, candidates);
    if (explained + choice.lockedOut.length > 0) change('runs', '*');
    const [chosen] = choice.admitted;
    if (chosen === undefined) return null;
    const [found] = await tx
      .select({ run: runs, job: jobs })
      .from(runs)
      .innerJoin(jobs, eq(jobs.id, runs.job))
      .where(eq(runs.id, chosen))
      .for('update', { of: runs });
    if (found === undefined || found.run.state !== 'ready' || found.run.cancelRequestedAt !== null)
      return null;
    const started = await startAttempt(tx, { actor: actorLabel(actor), at: now }, found.run, {
      consumer: consumer ?? actor.name,
      timeoutSec: attemptLimitSec(found.run, found.job),
    });
    if (started === null) return null;
    const { run } = started;
    await takeForRun(tx, { ...run, attempt: run.attempt - 1 });
    if (run.locks.length > 0) await beginHold(tx, run.id, found.job.lockTimeoutSec);
    await tx
      .insert(slots)
      .values({ runId: run.id, scope: run.scope, job: run.job, resourceGroup: run.resourceGroup });
    change('runs', run.id);
    change('jobs', run.jobId);
    return messageOf(started, found.job);
  },
});
