import { sql } from 'drizzle-orm';
import type { InstanceHealth, ScopeHealth } from '#domain/engine/view.ts';
import { notFound } from '#domain/core/errors.ts';
import type { Queryable } from '#db/core/client.ts';
import { engineView } from './queries.ts';

function numberOrNull(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}

/**
 * A scope's health: what ended in the last hour, and what is wrong now. Critical: nobody leads or no worker lives.
 * @throws Problem 404 for an unknown scope.
 */
export async function scopeHealth(q: Queryable, scope: string): Promise<ScopeHealth> {
  const [engine, rows] = await Promise.all([
    engineView(q),
    q.execute<{ rate: string | null; mean: string | null; p95: string | null }>(sql`
      select avg((state = 'succeeded')::int) as rate, extract(epoch from avg(finished_at - started_at)) * 1000 as mean,
        extract(epoch from percentile_cont(0.95) within group (order by finished_at - started_at)) * 1000 as p95
      from runs where scope = ${scope} and state in ('succeeded', 'failed', 'quarantined') and finished_at > scope_now(${scope}) - interval '1 hour'`),
  ]);
  const mine = engine.scopes.find((candidate) => candidate.scope === scope);
  if (mine === undefined) throw notFound('scope', scope);
  const total = mine.resource_groups.find((room) => room.kind === 'total');
  const workers = engine.processes.filter(
    (process) => process.kind === 'worker' && process.state === 'live',
  ).length;
  const critical: ScopeHealth['causes'] = [
    ...(engine.leader?.alive === true ? [] : [{ code: 'no_leader', params: {} }]),
    ...(workers > 0 ? [] : [{ code: 'no_worker', params: {} }]),
  ];
  const degraded: ScopeHealth['causes'] = [
    ...(mine.quarantined > 0 ? [{ code: 'quarantined', params: { count: mine.quarantined } }] : []),
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
