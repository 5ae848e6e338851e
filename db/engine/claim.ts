import { sql } from 'drizzle-orm';
import { z } from 'zod';
import {
  type AttemptToken,
  attemptToken,
  jobId,
  type ProcessId,
  type RunId,
  runId,
} from '#domain/core/ids.ts';
import type { ServiceState } from '#domain/runs/service.ts';
import { transition } from '#domain/runs/transition.ts';
import { changesChannel } from '#db/core/changes.ts';
import type { Database } from '#db/core/client.ts';
import { storable } from '#db/core/storable.ts';

const claimRow = z.object({
  id: runId,
  scope: z.string(),
  job_id: jobId,
  task: z.string(),
  params: z.record(z.string(), z.json()),
  attempt: z.number().int(),
  token: attemptToken,
  trigger_source: z.string(),
  telemetry_label: z.string().nullable(),
  scheduled_for: z.coerce.date(),
  trading_day: z.string(),
  timeout_sec: z.number(),
  mode: z.enum(['runs', 'service']),
  /** Of a service: when its session ends, how often it ticks, and what it has done so far. */
  service_until: z.coerce.date().nullable(),
  interval_sec: z.number().nullable(),
  retry_limit: z.number(),
  service: z.custom<ServiceState>().nullable(),
  /** Scope time of the claim. */
  started_at: z.coerce.date(),
  last_seq: z.coerce.number(),
  /** The locks it was given, in ascending id: the order in which their advisory locks are taken. */
  locks: z.array(z.object({ name: z.string(), lock_id: z.number().int() })),
  lock_timeout_sec: z.number(),
  /** First key of the scope's advisory locks. */
  scope_number: z.number().int(),
});
/** A run that this process holds: every write of the attempt carries its token. */
export type Claim = z.output<typeof claimRow>;

/**
 * Claims a dispatched run for one attempt, in one statement. State and dispatch number must match and the process must
 * be live; otherwise the bell was stale.
 * @returns null for a stale bell.
 */
export async function claimRun(
  db: Database,
  bell: { runId: RunId; dispatch: number },
  by: { processId: ProcessId; host: string; token: AttemptToken },
): Promise<Claim | null> {
  const step = transition('dispatched', 'running', { code: 'claimed', params: { process: by.host } });
  const reason = JSON.stringify(step.reason);
  const rows = await db.execute(sql`
    with alive as materialized (select 1 from processes where id = ${by.processId} and state = 'live' for key share),
    claimed as (
      update runs set state = ${step.to}, reason = ${reason}::jsonb, attempt = attempt + 1, process_id = ${by.processId}, started_at = scope_now(scope),
        finished_at = null, progress = null
      where id = ${bell.runId} and state = 'dispatched' and dispatch = ${bell.dispatch} and cancel_requested_at is null
        and (service_until is null or service_until > scope_now(scope))
        and exists (select 1 from alive)
      returning *),
    attempted as (
      insert into attempts (run_id, attempt, token, process_id, host, params, started_at)
      select id, attempt, ${by.token}, ${by.processId}, ${by.host}, params, started_at from claimed),
    recorded as (
      insert into run_history (run_id, scope, from_state, to_state, reason, actor, attempt, at)
      select id, scope, 'dispatched', ${step.to}, ${reason}::jsonb, ${`process:${by.host}`}, attempt, started_at from claimed),
    given as materialized (
      select l.scope, l.name from named_locks l join claimed c on l.holder_run = c.id order by l.lock_id for update of l),
    held as (
      update named_locks l set until = clock_timestamp() + make_interval(secs => j.lock_timeout_sec)
      from given g, claimed c join jobs j on j.id = c.job where l.scope = g.scope and l.name = g.name returning l.name, l.lock_id),
    changed as (
      insert into changes (topic, entity, scope)
      select t.topic, t.entity, scope from claimed cross join lateral (values ('runs', id::text), ('jobs', job_id)) as t(topic, entity))
    select c.id, c.scope, c.job_id, c.task, c.params, c.attempt, ${by.token}::text as token, c.trigger_source, j.telemetry_label, c.scheduled_for,
      c.trading_day::text, j.timeout_sec, c.mode, c.service_until, j.interval_seconds as interval_sec, j.retry_limit, c.service, c.started_at,
      coalesce((select max(seq) from run_logs where run_id = c.id and c.attempt > 1), 0) as last_seq,
      (select coalesce(json_agg(held order by lock_id), '[]') from held) as locks, j.lock_timeout_sec, s.number as scope_number,
      pg_notify(${changesChannel}, '')
    from claimed c join jobs j on j.id = c.job join scopes s on s.name = c.scope`);
  return rows[0] === undefined ? null : claimRow.parse(rows[0]);
}

/** Notes the attempt's child, so that a process on the same host can end it when this one is lost. */
export async function noteChild(
  db: Database,
  claim: Claim,
  child: { pid: number; start: string | null },
): Promise<void> {
  await db.execute(sql`update attempts set child_pid = ${child.pid}, child_start = ${child.start}
    where run_id = ${claim.id} and attempt = ${claim.attempt} and token = ${claim.token} and ended_at is null`);
}

/** Says how far an attempt is; ignored when the attempt is over. */
export async function noteProgress(
  db: Database,
  claim: Claim,
  progress: { done: number; total: number | null; text: string | null },
): Promise<void> {
  const value = { ...progress, text: progress.text === null ? null : storable(progress.text) };
  await db.execute(sql`
    with held as (update runs set progress = ${JSON.stringify(value)}::jsonb where id = ${claim.id} and state = 'running' and exists (
        select 1 from attempts a where a.run_id = runs.id and a.attempt = runs.attempt and a.token = ${claim.token} and a.ended_at is null) returning id, scope),
    changed as (insert into changes (topic, entity, scope) select 'runs', id::text, scope from held)
    select pg_notify(${changesChannel}, '') from held`);
}

export interface NewLogLine {
  readonly seq: number;
  readonly stream: 'stdout' | 'stderr' | 'system';
  readonly line: string;
  /** Wall time the line arrived. */
  readonly at: Date;
}

/**
 * Appends lines to an attempt's log. Fenced: a process whose attempt was given to another writes nothing.
 * @returns false when the attempt is over.
 */
export async function appendLog(db: Database, claim: Claim, lines: readonly NewLogLine[]): Promise<boolean> {
  if (lines.length === 0) return true;
  const values = JSON.stringify(lines.map((line) => ({ ...line, line: storable(line.line) })));
  const rows = await db.execute(sql`
    insert into run_logs (run_id, seq, attempt, stream, line, at)
    select ${claim.id}, l.seq, ${claim.attempt}, l.stream, l.line, l.at
    from json_to_recordset(${values}::json) as l(seq bigint, stream text, line text, at timestamptz)
    where exists (select 1 from attempts a where a.run_id = ${claim.id} and a.attempt = ${claim.attempt} and a.token = ${claim.token} and a.ended_at is null)
    returning 1`);
  return rows.length > 0;
}
