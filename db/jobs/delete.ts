import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { conflict } from '#domain/core/errors.ts';
import { jobId } from '#domain/core/ids.ts';
import { openStates } from '#domain/runs/run.ts';
import { holdGraph, lockGraph } from '#db/dependencies/edit.ts';
import { dropEdges } from '#db/dependencies/edges.ts';
import { scopedOperation } from '#db/core/operation.ts';
import { runs } from '#db/runs/schema.ts';
import { lockJob } from './fetch.ts';
import { definitionOf } from './rows.ts';
import { jobs } from './schema.ts';

/** Takes a job off the list with its edges; its runs and versions stay. @throws Problem 409 while runs are open. */
export const deleteJob = scopedOperation({
  name: 'delete_job',
  permission: 'jobs.edit',
  input: z.object({ job_id: jobId }),
  async run({ tx, scope, now, audit, change }, { job_id }) {
    const row = await lockJob(tx, scope.name, job_id);
    // An edit of the graph under way could otherwise add an edge to what is gone.
    await holdGraph(tx, scope.name);
    const open = await tx
      .select({ id: runs.id })
      .from(runs)
      .where(and(eq(runs.job, row.id), inArray(runs.state, [...openStates])));
    if (open.length > 0) {
      throw conflict('job_has_open_runs', `${open.length} runs of "${job_id}" are open: cancel them first.`, {
        job_id,
        open: open.length,
      });
    }
    if (await dropEdges(tx, row.id)) {
      await lockGraph(tx, scope.name);
      change('dependencies', '*');
    }
    await tx.update(jobs).set({ deletedAt: now, enabled: false, nextDueAt: null }).where(eq(jobs.id, row.id));
    audit({ entityType: 'job', entityId: `${scope.name}/${job_id}`, before: definitionOf(row), after: null });
    change('jobs', job_id);
    return { job_id };
  },
});
