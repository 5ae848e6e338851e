import { and, asc, desc, eq, gt, gte, ilike, inArray, lt, lte, max, min, sql } from 'drizzle-orm';
import { z } from 'zod';
import { notFound } from '#domain/core/errors.ts';
import { runId } from '#domain/core/ids.ts';
import { openStates, runReason } from '#domain/runs/run.ts';
import type { LogPage, RunDetail, RunFilter, RunView } from '#domain/runs/view.ts';
import { lockJobOfRun } from '#db/jobs/fetch.ts';
import type { Queryable, Transaction } from '#db/core/client.ts';
import { type RunRow, runView } from './rows.ts';
import { attempts, runHistory, runLogs, runs } from './schema.ts';

/** @throws Problem 404. */
export async function fetchRun(q: Queryable, scope: string, id: string): Promise<RunRow> {
  const parsed = runId.safeParse(id);
  const [row] = parsed.success
    ? await q
        .select()
        .from(runs)
        .where(and(eq(runs.id, parsed.data), eq(runs.scope, scope)))
    : [];
  if (row === undefined) throw notFound('run', id);
  return row;
}

/** The run's row, and its job's before it, locked until the transaction ends. @throws Problem 404. */
export async function lockRun(tx: Transaction, scope: string, id: string): Promise<RunRow> {
  const parsed = runId.safeParse(id);
  if (parsed.success) await lockJobOfRun(tx, parsed.data);
  const [row] = parsed.success
    ? await tx
        .select()
        .from(runs)
        .where(and(eq(runs.id, parsed.data), eq(runs.scope, scope)))
        .for('update')
    : [];
  if (row === undefined) throw notFound('run', id);
  return row;
}

/** Runs of a scope, newest first. The cursor is the last run's id. */
export async function listRuns(
  q: Queryable,
  scope: string,
  filter: RunFilter,
): Promise<{ items: RunView[]; next_cursor: string | null }> {
  const cursor = filter.cursor === undefined ? null : runId.safeParse(filter.cursor);
  const rows = await q
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.scope, scope),
        filter.job_id === undefined ? undefined : eq(runs.jobId, filter.job_id as RunRow['jobId']),
        filter.state === undefined || filter.state.length === 0
          ? undefined
          : inArray(runs.state, filter.state),
        filter.trigger_source === undefined || filter.trigger_source.length === 0
          ? undefined
          : inArray(runs.triggerSource, filter.trigger_source),
        filter.trading_day === undefined ? undefined : eq(runs.tradingDay, filter.trading_day),
        filter.from === undefined ? undefined : gte(runs.scheduledFor, new Date(filter.from)),
        filter.to === undefined ? undefined : lte(runs.scheduledFor, new Date(filter.to)),
        cursor?.success === true ? lt(runs.id, cursor.data) : undefined,
      ),
    )
    .orderBy(desc(runs.id))
    .limit(filter.limit + 1);
  const items = rows.slice(0, filter.limit).map(runView);
  return { items, next_cursor: rows.length > filter.limit ? (items.at(-1)?.run_id ?? null) : null };
}

/** One run with its attempts and every transition. @throws Problem 404. */
export async function getRun(q: Queryable, scope: string, id: string): Promise<RunDetail> {
  const row = await fetchRun(q, scope, id);
  const [tries, moves, blocks] = await Promise.all([
    q.select().from(attempts).where(eq(attempts.runId, row.id)).orderBy(asc(attempts.attempt)),
    q.select().from(runHistory).where(eq(runHistory.runId, row.id)).orderBy(asc(runHistory.id)),
    blockedBy(q, row),
  ]);
  return {
    ...runView(row),
    attempts: tries.map((attempt) => ({
      attempt: attempt.attempt,
      process_id: attempt.processId,
      consumer: attempt.consumer,
      lease_until: attempt.leaseUntil?.toISOString() ?? null,
      host: attempt.host,
      child_pid: attempt.childPid,
      params: attempt.params,
      started_at: attempt.startedAt.toISOString(),
      ended_at: attempt.endedAt?.toISOString() ?? null,
      outcome: attempt.outcome,
      reason: attempt.reason,
      exit_code: attempt.exitCode,
      error: attempt.error,
    })),
    history: moves.map((move) => ({
      from: move.fromState,
      to: move.toState,
      reason: move.reason,
      actor: move.actor,
      attempt: move.attempt,
      at: move.at.toISOString(),
      recorded_at: move.recordedAt.toISOString(),
    })),
    blocks,
  };
}

const blockedShown = 100;
const blockedRow = z.object({ run_id: z.uuid(), job_id: z.string(), reason: runReason });

/** Waiting runs whose reason names this run, or one that waits for it. */
async function blockedBy(q: Queryable, run: Pick<RunRow, 'id' | 'scope'>): Promise<RunDetail['blocks']> {
  const rows = await q.execute(sql`
    with recursive blocked as (
      select id, job_id, reason from runs
      where scope = ${run.scope} and waits_for in ('upstream', 'lock') and reason->'params'->>'run_id' = ${run.id}
      union
      select r.id, r.job_id, r.reason from runs r join blocked b on r.reason->'params'->>'run_id' = b.id::text
      where r.scope = ${run.scope} and r.waits_for in ('upstream', 'lock'))
    select id as run_id, job_id, reason from blocked order by id limit ${blockedShown}`);
  return z.array(blockedRow).parse([...rows]);
}

export interface LogQuery {
  /** Lines after this cursor; 0 from the start. */
  readonly after_seq?: number | undefined;
  readonly limit?: number | undefined;
  /** The last `limit` lines rather than the first. */
  readonly tail?: boolean | undefined;
  /** Only lines that contain this, ignoring case. */
  readonly search?: string | undefined;
}

/**
 * A page of a run's log in order. `ended` is read before the lines, so that an ended page is complete.
 * @throws Problem 404.
 */
export async function readLogs(
  q: Queryable,
  scope: string,
  id: string,
  query: LogQuery = {},
): Promise<LogPage> {
  const run = await fetchRun(q, scope, id);
  const limit = Math.min(query.limit ?? 1_000, 5_000);
  const after = query.after_seq ?? 0;
  const tail = query.tail === true;
  const pattern =
    query.search === undefined || query.search === ''
      ? null
      : `%${query.search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const lines = await q
    .select({
      seq: runLogs.seq,
      attempt: runLogs.attempt,
      stream: runLogs.stream,
      line: runLogs.line,
      at: runLogs.at,
    })
    .from(runLogs)
    .where(
      and(
        eq(runLogs.runId, run.id),
        gt(runLogs.seq, after),
        pattern === null ? undefined : ilike(runLogs.line, pattern),
      ),
    )
    .orderBy(tail ? desc(runLogs.seq) : asc(runLogs.seq))
    .limit(limit);
  if (tail) lines.reverse();
  const [first] = await q
    .select({ seq: min(runLogs.seq), last: max(runLogs.seq) })
    .from(runLogs)
    .where(eq(runLogs.runId, run.id));
  const next = lines.at(-1)?.seq ?? after;
  const open = openStates.some((state) => state === run.state);
  return {
    items: lines.map((line) => ({ ...line, at: line.at.toISOString() })),
    next_seq: next,
    ended: !open && (lines.length < limit || next === (first?.last ?? 0)),
    first_seq: first?.seq ?? null,
  };
}
