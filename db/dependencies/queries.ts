import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { blockedBy, type BlockedJob } from '#domain/dependencies/blocked.ts';
import type { GraphJob, GraphView } from '#domain/dependencies/view.ts';
import { scheduleKind } from '#domain/jobs/definition.ts';
import { isExitTask } from '#domain/jobs/tasks.ts';
import { runReason, runState, type RunReason } from '#domain/runs/run.ts';
import { scheduleOf } from '#domain/time/schedule.ts';
import { describeSchedule } from '#domain/time/words.ts';
import { tradingDay } from '#domain/time/zone.ts';
import type { Queryable } from '#db/core/client.ts';
import { definitionOf, type JobRow } from '#db/jobs/rows.ts';
import { jobs } from '#db/jobs/schema.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { scopes } from '#db/scopes/schema.ts';
import { edgesOf } from './edges.ts';

/** What the runs of a day come to, and the last of them, for one job. */
interface DayRow extends Record<string, unknown> {
  readonly job: string;
  readonly mean_ms: string | null;
  readonly runs: string | null;
  readonly succeeded: string | null;
  readonly bad: string | null;
  readonly run_id: string | null;
  readonly state: string | null;
  readonly reason: unknown;
  readonly waits_for: string | null;
  readonly mode: string | null;
  readonly scheduled_for: string | null;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly failures: number | null;
}

/** The day's runs of every job of a scope, each by an index of its own, and how long its last successes took. */
function dayOf(q: Queryable, scope: string, day: string) {
  return q.execute<DayRow>(sql`
    select j.id as job, m.mean_ms, d.runs, d.succeeded, d.bad, r.*
    from jobs j
    left join (
      select job, count(*) as runs, count(*) filter (where state = 'succeeded') as succeeded,
        count(*) filter (where state in ('failed', 'cancelled', 'quarantined')) as bad
      from runs where scope = ${scope} and trading_day = ${day}::date and state <> 'skipped' group by job
    ) d on d.job = j.id
    left join lateral (
      select id as run_id, state, reason, waits_for, mode, scheduled_for, started_at, finished_at, failures from runs
      where job = j.id and trading_day = ${day}::date and state <> 'skipped' and d.runs > 0
      order by scheduled_for desc, id desc limit 1
    ) r on true
    left join lateral (
      select avg(extract(epoch from finished_at - started_at)) * 1000 as mean_ms from (
        select started_at, finished_at from (
          select state, started_at, finished_at from runs
          where job = j.id and state in ('succeeded', 'failed', 'cancelled', 'skipped', 'quarantined')
          order by id desc limit 200) recent
        where state = 'succeeded' and started_at is not null limit 20) last
    ) m on true
    where j.scope = ${scope} and j.deleted_at is null`);
}

const iso = (at: string | null) => (at === null ? null : new Date(at).toISOString());

/** A stored reason as it is read; one of a release that is newer than this process shows its code's cause only. */
function reasonOf(stored: unknown): RunReason {
  const parsed = runReason.safeParse(stored);
  return parsed.success ? parsed.data : { code: 'due', params: {} };
}

function runOf(row: DayRow): GraphJob['run'] {
  if (row.run_id === null || row.scheduled_for === null) return null;
  return {
    run_id: row.run_id,
    state: runState.parse(row.state),
    reason: reasonOf(row.reason),
    scheduled_for: new Date(row.scheduled_for).toISOString(),
    started_at: iso(row.started_at),
    finished_at: iso(row.finished_at),
    failures: row.failures ?? 0,
  };
}

function standing(row: DayRow): BlockedJob['latest'] {
  const { data: state } = runState.safeParse(row.state);
  if (state === undefined) return null;
  // A service that is up is what the jobs after it wait for.
  if (state === 'succeeded' || (state === 'running' && row.mode === 'service')) return 'succeeded';
  if (state === 'failed' || state === 'cancelled' || state === 'quarantined') return 'bad';
  return state === 'waiting' && row.waits_for === 'upstream' ? 'held' : 'open';
}

/** The upstream that a waiting run's reason names, and whether it is a cause by itself. */
function toldBy(row: DayRow): NonNullable<BlockedJob['told']> | null {
  const { code, params } = reasonOf(row.reason);
  if (!code.startsWith('upstream_') || typeof params['job'] !== 'string') return null;
  const cause = code === 'upstream_failed' ? 'failed' : code === 'upstream_none' ? 'missing' : null;
  return { job: params['job'], cause };
}

function blockable(job: JobRow, row: DayRow | undefined): BlockedJob {
  const runs = Number(row?.runs ?? 0);
  const up = row?.state === 'running' && row.mode === 'service' ? 1 : 0;
  const succeeded = Number(row?.succeeded ?? 0) + up;
  const bad = Number(row?.bad ?? 0);
  return {
    jobId: job.jobId,
    scheduled: scheduleKind(definitionOf(job)) !== 'none',
    latest: row === undefined ? null : standing(row),
    told: row === undefined ? null : toldBy(row),
    succeeded,
    bad,
    open: runs - succeeded - bad,
  };
}

function graphJob(job: JobRow, row: DayRow | undefined, causes: string[]): GraphJob {
  const schedule = scheduleOf({ ...definitionOf(job), schedule_anchor: job.scheduleAnchor }, null);
  const mean = row?.mean_ms ?? null;
  return {
    job_id: job.jobId,
    description: job.description,
    task: job.task,
    enabled: job.enabled,
    schedule: { ko: describeSchedule(schedule, 'ko'), en: describeSchedule(schedule, 'en') },
    resource_group: job.resourceGroup,
    next_due_at: job.nextDueAt?.toISOString() ?? null,
    runs: Number(row?.runs ?? 0),
    run: row === undefined ? null : runOf(row),
    mean_duration_ms: mean === null ? null : Math.round(Number(mean)),
    blocked_by: causes,
  };
}

/**
 * A scope's jobs, the edges between them, and how a trading day goes.
 * @param options.trading_day YYYY-MM-DD; today's in Seoul by the scope's clock when absent.
 * @throws Problem 404 for an unknown scope.
 */
export async function graphView(
  q: Queryable,
  scope: string,
  options: { readonly trading_day?: string | undefined } = {},
): Promise<GraphView> {
  const now = await scopeTime(q, scope);
  const day = options.trading_day ?? tradingDay(now);
  const [rows, days, edges, version] = await Promise.all([
    q
      .select()
      .from(jobs)
      .where(and(eq(jobs.scope, scope), isNull(jobs.deletedAt)))
      .orderBy(asc(jobs.jobId)),
    dayOf(q, scope, day),
    edgesOf(q, scope),
    q.select({ version: scopes.graphVersion }).from(scopes).where(eq(scopes.name, scope)),
  ]);
  // Nothing ever holds an exit.
  const exits = new Set(rows.filter((job) => isExitTask(job.task)).map((job) => job.jobId));
  const byJob = new Map(days.map((row) => [Number(row.job), row]));
  const causes = blockedBy(
    rows.map((job) => blockable(job, byJob.get(job.id))),
    edges.filter((edge) => !exits.has(edge.downstream)),
  );
  return {
    as_of: now.toISOString(),
    trading_day: day,
    version: version[0]?.version ?? 1,
    jobs: rows.map((job) => graphJob(job, byJob.get(job.id), causes.get(job.jobId) ?? [])),
    edges,
  };
}
