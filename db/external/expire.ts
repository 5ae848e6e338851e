import { and, eq, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import { leaseSec } from '#domain/external/view.ts';
import type { Outcome } from '#domain/runs/settle.ts';
import { type Change } from '#db/core/changes.ts';
import type { Database, Transaction } from '#db/core/client.ts';
import { requireEpoch } from '#db/engine/leadership.ts';
import { restartGraceSec } from '#db/engine/reap.ts';
import { attemptLimitSec } from './start.ts';
import { settleAttempt } from '#db/engine/settle.ts';
import { lockJobOfRun } from '#db/jobs/fetch.ts';
import { jobs } from '#db/jobs/schema.ts';
import type { RunRow } from '#db/runs/rows.ts';
import { attempts, runs } from '#db/runs/schema.ts';

type Attempt = typeof attempts.$inferSelect;

const now = sql`clock_timestamp()`;
/** After the server itself restarted, consumers get a moment to be heard again. */
const settledServer = sql`${now} - pg_postmaster_start_time() > make_interval(secs => ${restartGraceSec})`;
const overdue = and(
  isNull(attempts.endedAt),
  isNotNull(attempts.leaseUntil),
  or(and(lt(attempts.leaseUntil, now), settledServer), lt(attempts.deadline, now)),
);

function outcomeOf(run: RunRow, attempt: Attempt, timeoutSec: number): Outcome {
  if (run.cancelRequestedAt !== null) {
    return {
      kind: 'cancelled',
      reason: run.cancelReason ?? { code: 'cancel_requested', params: { actor: 'system' } },
    };
  }
  const timedOut =
    attempt.deadline !== null && attempt.leaseUntil !== null && attempt.deadline <= attempt.leaseUntil;
  return timedOut
    ? { kind: 'timed_out', timeoutSec }
    : { kind: 'lease_expired', consumer: attempt.consumer ?? '', leaseSec };
}

function errorOf(outcome: Outcome): string | null {
  if (outcome.kind === 'timed_out') return `timed out after ${outcome.timeoutSec} s`;
  return outcome.kind === 'lease_expired' ? `${outcome.consumer} was silent for ${outcome.leaseSec} s` : null;
}

/** Ends one attempt if it is still overdue once its run is locked: a heartbeat may have come meanwhile. */
async function expire(tx: Transaction, key: Pick<Attempt, 'runId' | 'attempt'>): Promise<void> {
  await lockJobOfRun(tx, key.runId);
  const [run] = await tx.select().from(runs).where(eq(runs.id, key.runId)).for('update');
  const [found] = await tx
    .select({ attempt: attempts, timeoutSec: jobs.timeoutSec, lockTimeoutSec: jobs.lockTimeoutSec })
    .from(attempts)
    .innerJoin(runs, eq(runs.id, attempts.runId))
    .innerJoin(jobs, eq(jobs.id, runs.job))
    .where(and(eq(attempts.runId, key.runId), eq(attempts.attempt, key.attempt), overdue));
  if (run === undefined || found === undefined) return;
  const outcome = outcomeOf(run, found.attempt, attemptLimitSec(run, found));
  await settleAttempt(tx, 'system:leader', {
    runId: run.id,
    attempt: key.attempt,
    token: found.attempt.token,
    outcome,
    exitCode: null,
    error: errorOf(outcome),
  });
}

/**
 * Ends attempts of consumers that were silent past their lease or took longer than their timeout, each in a transaction
 * of its own: many at once would lock jobs in another order than firing does.
 * @throws NotLeader.
 */
export async function expireAttempts(db: Database, epoch: number): Promise<number> {
  const found = await db
    .select({ runId: attempts.runId, attempt: attempts.attempt })
    .from(attempts)
    .where(overdue)
    .limit(500);
  for (const key of found) {
    await db.transaction(async (tx) => {
      await requireEpoch(tx, epoch);
      await expire(tx, key);
    });
  }
  return found.length;
}

/** Ready runs of consumers say again that nobody has taken them; why they came back stays in their history. */
export async function sayNoConsumer(tx: Transaction): Promise<Change[]> {
  const rows = await tx.execute<{ id: string; scope: string }>(sql`
    update runs set reason = jsonb_build_object('code', 'no_consumer', 'params', jsonb_build_object('queue', queue))
    where id in (select id from runs where state = 'ready' and task = 'external'
      and reason->>'code' not in ('no_consumer', 'room_full', 'job_busy') limit 500 for update skip locked)
    returning id, scope`);
  return [...rows].map((run) => ({ topic: 'runs', entity: run.id, scope: run.scope }));
}
