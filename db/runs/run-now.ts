import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { jobId } from '#domain/core/ids.ts';
import { calendarOf, tradingDayOf } from '#db/calendars/load.ts';
import { checkParams } from '#db/jobs/check.ts';
import { holdQueueMode } from '#db/jobs/reschedule.ts';
import { lockJob } from '#db/jobs/fetch.ts';
import { serviceNow } from '#db/jobs/services.ts';
import type { JobRow } from '#db/jobs/rows.ts';
import { firstState, gatedJobs } from '#db/dependencies/edges.ts';
import { wake } from '#db/core/changes.ts';
import { scopedOperation } from '#db/core/operation.ts';
import { insertRuns } from './move.ts';
import { actorLabel, newRunId, runView } from './rows.ts';
import type { runs } from './schema.ts';

/** The columns that every new run of a job shares. */
export function runOfJob(job: JobRow) {
  return {
    scope: job.scope,
    job: job.id,
    jobId: job.jobId,
    jobVersion: job.version,
    task: job.task,
    queue: job.queue,
    priority: job.priority,
    resourceGroup: job.resourceGroup,
    maxParallel: job.maxParallel,
    params: job.params,
    locks: job.locks,
    lockWaitSec: job.lockWaitSec,
    mode: job.mode,
  } satisfies Partial<typeof runs.$inferInsert>;
}

/**
 * Starts a run by hand, also of a paused job; it waits its turn like any other, and for the jobs it depends on unless told
 * otherwise. A service runs for the rest of its session.
 */
export const runNow = scopedOperation({
  name: 'run_now',
  permission: 'jobs.run',
  input: z.object({
    job_id: jobId,
    params: z.record(z.string(), z.json()).optional(),
    ignore_gates: z.boolean().optional(),
  }),
  async run({ tx, actor, scope, now, audit, change }, input) {
    const job = await lockJob(tx, scope.name, input.job_id);
    if (input.params !== undefined) await checkParams(tx, job.task, input.params);
    const calendar = await calendarOf(tx, scope.name, job.calendar);
    const ignores = input.ignore_gates === true;
    const gated = !ignores && (await gatedJobs(tx, [job])).has(job.id);
    const [run] = await insertRuns(tx, { actor: actorLabel(actor), at: now }, [
      {
        ...runOfJob(job),
        id: newRunId(new Date()),
        params: input.params ?? job.params,
        dedupeKey: `manual:${randomUUID()}`,
        triggerSource: 'manual',
        ...firstState(gated),
        ignoresGates: ignores,
        reason:
          job.task === 'external'
            ? { code: 'no_consumer', params: { queue: job.queue } }
            : { code: 'run_now', params: { actor: actor.name } },
        tradingDay: tradingDayOf(calendar, now, job.timeZone),
        scheduledFor: now,
        queuedAt: now,
        ...(await serviceNow(tx, job, calendar, now)),
      },
    ]);
    if (run === undefined) throw new Error('A run with a fresh key was refused.');
    await holdQueueMode(tx, job.id);
    audit({
      entityType: 'run',
      entityId: run.id,
      before: null,
      after: { job_id: input.job_id, params: run.params, ...(ignores ? { ignore_gates: true } : {}) },
    });
    change('runs', run.id);
    change('jobs', input.job_id);
    await wake(tx);
    return runView(run);
  },
});
