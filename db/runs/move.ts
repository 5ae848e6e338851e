import { and, eq, sql } from 'drizzle-orm';
import { endedStates, type RunReason, type RunState } from '#domain/runs/run.ts';
import { creation, transition } from '#domain/runs/transition.ts';
import { type Change, wake } from '#db/core/changes.ts';
import type { Queryable } from '#db/core/client.ts';
import type { RunRow } from './rows.ts';
import { runHistory, runs } from './schema.ts';

/** Who moved a run and when. `at` is scope time. */
export interface Mover {
  readonly actor: string;
  readonly at: Date;
}

/** An end that the jobs after it hear of: it started them, or lets them go. A skipped run never happened. */
function tells(state: RunState): boolean {
  return state !== 'skipped' && endedStates.some((ended) => ended === state);
}
const hasDownstream = sql<boolean>`exists (select 1 from job_edges where job_edges.upstream = ${runs.job})`;

/**
 * Moves a run from the state it was read in, with its history row. An end wakes the engine when other jobs depend on it.
 * @returns the new row, or null when the run is no longer in that state: somebody else was first.
 * @throws RangeError when the move is not legal.
 */
export async function moveRun(
  tx: Queryable,
  mover: Mover,
  run: Pick<RunRow, 'id' | 'scope' | 'state' | 'attempt'>,
  to: RunState,
  reason: RunReason,
  set: Partial<RunRow> = {},
): Promise<RunRow | null> {
  const step = transition(run.state, to, reason);
  const [moved] = await tx
    .update(runs)
    .set({
      waitsFor: null,
      ...set,
      state: step.to,
      reason: step.reason,
      tellsDownstream: tells(to) ? hasDownstream : false,
    })
    .where(and(eq(runs.id, run.id), eq(runs.state, run.state)))
    .returning();
  if (moved === undefined) return null;
  await tx.insert(runHistory).values({
    runId: run.id,
    scope: run.scope,
    fromState: step.from,
    toState: step.to,
    reason: step.reason,
    actor: mover.actor,
    attempt: moved.attempt,
    at: mover.at,
  });
  if (moved.tellsDownstream) await wake(tx);
  return moved;
}

/**
 * Writes new runs that no earlier run of the same job and key stands for, with their first history rows. A few at a time:
 * many are `insertManyRuns`.
 */
export async function insertRuns(
  tx: Queryable,
  mover: Mover,
  values: (typeof runs.$inferInsert)[],
): Promise<RunRow[]> {
  if (values.length === 0) return [];
  const inserted = await tx
    .insert(runs)
    .values(values)
    .onConflictDoNothing({ target: [runs.job, runs.dedupeKey] })
    .returning();
  if (inserted.length === 0) return [];
  await tx.insert(runHistory).values(
    inserted.map((run) => {
      const step = creation(
        run.state === 'waiting' || run.state === 'skipped' ? run.state : 'ready',
        run.reason,
      );
      return {
        runId: run.id,
        scope: run.scope,
        fromState: step.from,
        toState: step.to,
        reason: step.reason,
        actor: mover.actor,
        attempt: 0,
        at: mover.at,
      };
    }),
  );
  return inserted;
}

/** What watchers of these runs and of their jobs are told. */
export function changesOf(rows: readonly { id: string; jobId: string; scope: string }[]): Change[] {
  return rows.flatMap((run) => [
    { topic: 'runs' as const, entity: run.id, scope: run.scope },
    { topic: 'jobs' as const, entity: run.jobId, scope: run.scope },
  ]);
}
