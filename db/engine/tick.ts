import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import { processId, type RunId } from '#domain/core/ids.ts';
import { type Change, writeChanges } from '#db/core/changes.ts';
import type { Database, Transaction } from '#db/core/client.ts';
import { lockJobOfRun } from '#db/jobs/fetch.ts';
import { continueQueueMode } from '#db/jobs/reschedule.ts';
import { moveRun } from '#db/runs/move.ts';
import { runs } from '#db/runs/schema.ts';
import { expireAttempts, sayNoConsumer } from '#db/external/expire.ts';
import { ring } from './admit.ts';
import { requireEpoch } from './leadership.ts';
import { slots } from './schema.ts';

/** A dispatch that nobody claims within this is rung again. */
export const claimDeadlineSec = 3;

function changesOf(rows: readonly { id: string; jobId: string; scope: string }[]): Change[] {
  return rows.flatMap((run) => [
    { topic: 'runs' as const, entity: run.id, scope: run.scope },
    { topic: 'jobs' as const, entity: run.jobId, scope: run.scope },
  ]);
}

/** Retries whose wait is over become ready. @returns how many. */
async function promoteRetries(tx: Transaction): Promise<Change[]> {
  const due = await tx
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.state, 'waiting'),
        isNotNull(runs.notBefore),
        sql`${runs.notBefore} <= scope_now(${runs.scope})`,
      ),
    )
    .limit(500)
    .for('update', { skipLocked: true });
  for (const run of due) {
    await moveRun(
      tx,
      { actor: 'system:engine', at: run.notBefore ?? run.queuedAt },
      run,
      'ready',
      { code: 'retry_due', params: { failures: run.failures } },
      { notBefore: null },
    );
  }
  return changesOf(due);
}

const stoppable = and(
  inArray(runs.state, ['waiting', 'ready', 'dispatched']),
  isNotNull(runs.cancelRequestedAt),
);

/** Runs that were asked to stop before they started end here. */
async function endCancelled(tx: Transaction): Promise<Change[]> {
  const asked = await tx.select({ id: runs.id }).from(runs).where(stoppable).limit(500);
  const ended: Change[] = [];
  for (const { id } of asked) {
    await lockJobOfRun(tx, id);
    const [run] = await tx
      .select()
      .from(runs)
      .where(and(eq(runs.id, id), stoppable))
      .for('update');
    if (run === undefined) continue;
    const at = run.cancelRequestedAt ?? run.queuedAt;
    const reason = run.cancelReason ?? ({ code: 'cancel_requested', params: { actor: 'system' } } as const);
    await moveRun(tx, { actor: 'system:engine', at }, run, 'cancelled', reason, { finishedAt: at });
    await tx.delete(slots).where(eq(slots.runId, run.id));
    await continueQueueMode(tx, run.job, at);
    ended.push(...changesOf([run]));
  }
  return ended;
}

/** Rings again for dispatched runs that nobody claimed; the old bell's number no longer matches. */
async function ringAgain(tx: Transaction): Promise<void> {
  const rung = await tx.execute<{ id: RunId; dispatch: number; scope: string }>(sql`
    update runs set dispatch = dispatch + 1, dispatched_at = clock_timestamp()
    where id in (select id from runs where state = 'dispatched' and cancel_requested_at is null
      and dispatched_at < clock_timestamp() - make_interval(secs => ${claimDeadlineSec}) limit 500 for update skip locked)
    returning id, dispatch, scope`);
  if (rung.length > 0) await ring(tx, [...rung]);
}

/** What the leader does each second beside firing. @throws NotLeader. */
export async function tick(db: Database, epoch: number): Promise<void> {
  await db.transaction(async (tx) => {
    await requireEpoch(tx, epoch);
    const changes = [
      ...(await promoteRetries(tx)),
      ...(await endCancelled(tx)),
      ...(await sayNoConsumer(tx)),
    ];
    await ringAgain(tx);
    await writeChanges(tx, changes);
  });
  await expireAttempts(db, epoch);
}

/** Runs of this process that somebody asked to stop. */
export async function cancelRequests(db: Database, process: string): Promise<RunId[]> {
  const rows = await db
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(
        eq(runs.processId, processId.parse(process)),
        eq(runs.state, 'running'),
        isNotNull(runs.cancelRequestedAt),
      ),
    );
  return rows.map((row) => row.id);
}
