import { sql } from 'drizzle-orm';
import type { InstanceHealth, ScopeHealth } from '#domain/engine/view.ts';
import { notFound } from '#domain/core/errors.ts';
import type { Queryable } from '#db/core/client.ts';
import { refusedPlugins } from '#db/jobs/plugins.ts';
import { engineView } from './queries.ts';

/** Runs that could go but do not: ready with room, or dispatched and not claimed, for more than 10 s of wall time. */
async function stuckRuns(q: Queryable, scope: string): Promise<number> {
  const [row] = await q.execute<{ count: string }>(sql`
    select count(*) from runs r where r.scope = ${scope} and r.task <> 'external' and exists (
      select 1 from run_history h where h.run_id = r.id and h.recorded_at > clock_timestamp() - interval '1 day'
      having max(h.recorded_at) < clock_timestamp() - interval '10 seconds')
    and ((r.state = 'ready' and r.reason ->> 'code' not in ('room_full', 'job_busy')) or r.state = 'dispatched')`);
  return Number(row?.count ?? 0);
}

function numberOrNull(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}

/**
 * A scope's health: what ended in the last hour, and what is wrong now. Critical: nobody leads, no worker lives, or
 * runs that have room do not start.
 * @throws Problem 404 for an unknown scope.
 */
export async function scopeHealth(q: Queryable, scope: string): Promise<ScopeHealth> {
  const [engine, stuck, plugins, rows] = await Promise.all([
    engineView(q),
    stuckRuns(q, scope),
    refusedPlugins(q),
    q.execute<{ rate: string | null; mean: string | null; p95: string | null }>(sql`
      select avg((state = 'succeeded')::int) as rate, extract(epoch from avg(finished_at - started_at)) * 1000 as mean,
        extract(epoch from percentile_cont(0.95) within group (order by finished_at - started_at)) * 1000 as p95
      from runs where scope = ${scope} and state in ('succeeded', 'failed', 'quarantined') and finished_at > scope_now(${scope}) - interval '1 hour'`),
  ]);
  const mine = engine.scopes.find((candidate) => candidate.scope === scope);
  if (mine === undefined) throw notFound('scope', scope);
  const total = mine.resource_groups.find((room) => room.kind === 'total');
  const workers = engine.processes.filter(
    (process) => process.kind === 'worker' && process.lane === 'live' && process.state === 'live',
  ).length;
  const critical: ScopeHealth['causes'] = [
    ...(engine.leader?.alive === true ? [] : [{ code: 'no_leader', params: {} }]),
    ...(workers > 0 ? [] : [{ code: 'no_worker', params: {} }]),
    ...(stuck > 0 ? [{ code: 'runs_stuck', params: { count: stuck } }] : []),
  ];
  const degraded: ScopeHealth['causes'] = [
    ...(mine.quarantined > 0 ? [{ code: 'quarantined', params: { count: mine.quarantined } }] : []),
    ...(plugins > 0 ? [{ code: 'plugins_refused', params: { count: plugins } }] : []),
    ...(mine.schedule_lag_sec > 5
      ? [{ code: 'schedule_lag', params: { seconds: Math.round(mine.schedule_lag_sec) } }]
      : []),
  ];
  return {
    status: critical.length > 0 ? 'critical' : degraded.length > 0 ? 'degraded' : 'healthy',
    causes: [...critical, ...degraded],
    success_rate: numberOrNull(rows[0]?.rate),
    mean_duration_ms: numberOrNull(rows[0]?.mean),
    p95_duration_ms: numberOrNull(rows[0]?.p95),
    waiting: mine.waiting + mine.ready + mine.dispatched,
    running: mine.running,
    quarantined: mine.quarantined,
    utilisation: total === undefined || total.capacity === 0 ? 0 : total.used / total.capacity,
    schedule_lag_sec: mine.schedule_lag_sec,
  };
}

/** Whether the database answers and a leader is seen; needs no scope. */
export async function instanceHealth(q: Queryable): Promise<InstanceHealth> {
  const [row] = await q.execute<{ seen: boolean }>(sql`
    select l.process_id is not null and h.at > clock_timestamp() - interval '10 seconds' as seen from leadership l, leader_heartbeat h`);
  const seen = row?.seen === true;
  return {
    status: seen ? 'healthy' : 'degraded',
    process: 'up',
    database: 'reachable',
    leader: seen ? 'seen' : 'missing',
  };
}
