import { and, eq, isNull, sql } from 'drizzle-orm';
import type { AttemptToken, RunId } from '#domain/core/ids.ts';
import type { RunReason, RunState } from '#domain/runs/run.ts';
import { settleService } from '#domain/runs/service.ts';
import { type Outcome, settle, type Settlement } from '#domain/runs/settle.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Database, Transaction } from '#db/core/client.ts';
import type { JobRow } from '#db/jobs/rows.ts';
import { continueQueueMode } from '#db/jobs/reschedule.ts';
import { jobs } from '#db/jobs/schema.ts';
import { freeHeld } from '#db/locks/named.ts';
import { lockDeadline } from '#db/locks/waiters.ts';
import { lockJobOfRun } from '#db/jobs/fetch.ts';
import { moveRun } from '#db/runs/move.ts';
import type { RunRow } from '#db/runs/rows.ts';
import { type AttemptOutcome, attempts, runs } from '#db/runs/schema.ts';
import { serviceOf } from './services.ts';

export interface AttemptEnd {
  readonly runId: RunId;
  readonly attempt: number;
  readonly token: AttemptToken;
  readonly outcome: Outcome;
  readonly exitCode: number | null;
  readonly error: string | null;
}

export type SettleResult =
  | { readonly kind: 'settled'; readonly scope: string; readonly state: RunState }
  | { readonly kind: 'fenced' };

interface Held {
  readonly run: RunRow;
  readonly job: JobRow;
  readonly now: Date;
}

/** The run and job of an open attempt, the run locked; null when the attempt is over or is another's. */
async function hold(
  tx: Transaction,
  end: Pick<AttemptEnd, 'runId' | 'attempt' | 'token'>,
): Promise<Held | null> {
  await lockJobOfRun(tx, end.runId);
  const [row] = await tx
    .select({ run: runs, job: jobs, now: sql<string>`scope_now(${runs.scope})` })
    .from(runs)
    .innerJoin(jobs, eq(jobs.id, runs.job))
    .innerJoin(attempts, and(eq(attempts.runId, runs.id), eq(attempts.attempt, runs.attempt)))
    .where(
      and(
        eq(runs.id, end.runId),
        eq(runs.state, 'running'),
        eq(runs.attempt, end.attempt),
        eq(attempts.token, end.token),
        isNull(attempts.endedAt),
      ),
    )
    .for('update', { of: runs });
  return row === undefined ? null : { run: row.run, job: row.job, now: new Date(row.now) };
}

function settlementOf({ run, job, now }: Held, outcome: Outcome): Settlement {
  const policy = {
    retryLimit: job.retryLimit,
    retryDelaySec: job.retryDelaySec,
    retryMaxDelaySec: job.retryMaxDelaySec,
    retryJitter: job.retryJitter,
  };
  if (run.mode !== 'service' || run.serviceUntil === null)
    return settle(outcome, run.failures, policy, Math.random());
  return settleService(outcome, run.failures, policy, Math.random(), {
    service: serviceOf(run, job.intervalSeconds),
    startedAt: run.startedAt ?? now,
    until: run.serviceUntil,
    now,
  });
}

/** A pending cancel turns a retry or a hand-back into an end. */
function withCancel(run: RunRow, settlement: Settlement): Settlement {
  if (settlement.state === 'cancelled')
    return { ...settlement, reason: run.cancelReason ?? settlement.reason };
  if (run.cancelRequestedAt === null || (settlement.state !== 'waiting' && settlement.state !== 'ready'))
    return settlement;
  return {
    ...settlement,
    state: 'cancelled',
    reason: run.cancelReason ?? { code: 'cancel_requested', params: { actor: 'system' } },
    delaySec: null,
  };
}

/**
 * Ends an attempt and moves its run, in the caller's transaction: fenced by the attempt's token. Frees its room and locks, keeps the
 * job's last status, and sets the next due time of a job in queue mode.
 */
export async function settleAttempt(tx: Transaction, actor: string, end: AttemptEnd): Promise<SettleResult> {
  const held = await hold(tx, end);
  if (held === null) return { kind: 'fenced' };
  const { run, job, now } = held;
  const settlement = withCancel(run, settlementOf(held, end.outcome));
  const ended = settlement.state !== 'waiting' && settlement.state !== 'ready';
  // The run's row is held, so nothing here can turn out otherwise: sent together, not one after the other.
  await Promise.all([
    moveRun(tx, { actor, at: now }, run, settlement.state, settlement.reason, {
      failures: settlement.failures,
      ...waitOf(settlement, now),
      finishedAt: now,
    }),
    endAttemptRow(tx, end, settlement, now),
    freeHeld(tx, run.id),
    keepLast(tx, held, end, settlement, ended),
    writeChanges(tx, [
      { topic: 'runs', entity: run.id, scope: run.scope },
      { topic: 'jobs', entity: run.jobId, scope: run.scope },
    ]),
  ]);
  if (settlement.waitsFor === 'lock')
    await tx.update(runs).set({ lockWaitUntil: lockDeadline }).where(eq(runs.id, run.id));
  if (ended && job.rescheduleMode === 'queue')
    await continueQueueMode(tx, job.id, now, answeredDelay(end.outcome));
  return { kind: 'settled', scope: run.scope, state: settlement.state };
}

/** The run's own answer to when the next should start; null when it gave none. */
function answeredDelay(outcome: Outcome): number | null {
  return outcome.kind === 'succeeded' || outcome.kind === 'failed' ? (outcome.nextDelaySec ?? null) : null;
}

async function endAttemptRow(
  tx: Transaction,
  end: AttemptEnd,
  settlement: Settlement,
  now: Date,
): Promise<void> {
  await tx
    .update(attempts)
    .set({
      endedAt: now,
      outcome: attemptOutcome(end.outcome),
      reason: reasonOf(end.outcome, settlement),
      exitCode: end.exitCode,
      error: end.error,
    })
    .where(and(eq(attempts.runId, end.runId), eq(attempts.attempt, end.attempt)));
}

function waitOf({ state, waitsFor, delaySec }: Settlement, now: Date) {
  if (state !== 'waiting') return { waitsFor: null, notBefore: null, lockWaitUntil: null };
  if (waitsFor === 'lock') return { waitsFor, notBefore: null };
  return {
    waitsFor: 'retry' as const,
    notBefore: new Date(now.getTime() + (delaySec ?? 0) * 1_000),
    lockWaitUntil: null,
  };
}

function attemptOutcome({ kind }: Outcome): AttemptOutcome {
  switch (kind) {
    case 'lease_expired':
      return 'lost';
    case 'locked_out':
      return 'handed_back';
    case 'succeeded':
    case 'failed':
    case 'timed_out':
    case 'cancelled':
    case 'lost':
    case 'handed_back':
      return kind;
  }
}

/** Why the attempt (not the run) ended. */
function reasonOf(outcome: Outcome, settlement: Settlement): RunReason {
  switch (outcome.kind) {
    case 'failed':
    case 'cancelled':
    case 'locked_out':
      return outcome.reason;
    case 'timed_out':
      return { code: 'timed_out', params: { timeout_sec: outcome.timeoutSec } };
    case 'lost':
      return { code: 'process_lost', params: { process: outcome.process } };
    case 'lease_expired':
      return { code: 'lease_expired', params: { consumer: outcome.consumer, lease_sec: outcome.leaseSec } };
    case 'succeeded':
    case 'handed_back':
      return settlement.reason;
  }
}

async function keepLast(
  tx: Transaction,
  { run, job, now }: Held,
  end: AttemptEnd,
  settlement: Settlement,
  ended: boolean,
): Promise<void> {
  if (!ended) {
    if (end.error !== null) await tx.update(jobs).set({ lastError: end.error }).where(eq(jobs.id, job.id));
    return;
  }
  await tx
    .update(jobs)
    .set({
      lastRunAt: run.startedAt ?? now,
      lastStatus: settlement.state,
      lastError:
        settlement.state === 'succeeded'
          ? null
          : (end.error ?? (settlement.state === 'cancelled' ? null : job.lastError)),
    })
    .where(eq(jobs.id, job.id));
}

/** Ends an attempt in a transaction of its own. */
export async function endAttempt(db: Database, actor: string, end: AttemptEnd): Promise<SettleResult> {
  return db.transaction((tx) => settleAttempt(tx, actor, end));
}
