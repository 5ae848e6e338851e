import { sql } from 'drizzle-orm';
import type { EngineView } from '#domain/engine/view.ts';
import type { Queryable } from '#db/core/client.ts';
import { listPlugins } from '#db/jobs/plugins.ts';
import { leaderTimeoutSec } from './leadership.ts';

type Process = EngineView['processes'][number];
/** Runs named as holders of a room, at most; the longest first. */
export const holdersShown = 50;
const iso = (text: string) => new Date(text).toISOString();

async function processesOf(q: Queryable): Promise<Process[]> {
  const rows = await q.execute<{
    id: string;
    kind: Process['kind'];
    lane: string;
    host: string;
    pid: number;
    build: string;
    state: Process['state'];
    started_at: string;
    age: string;
    running: string;
  }>(sql`
    select p.id, kind, lane, host, pid, build, state, started_at, extract(epoch from clock_timestamp() - heartbeat_at) as age,
      (select count(*) from runs where runs.process_id = p.id and runs.state = 'running') as running
    from processes p where state in ('live', 'draining') or ended_at > now() - interval '1 hour'
    order by state in ('live', 'draining') desc, started_at desc limit 50`);
  return [...rows].map((row) => ({
    process_id: row.id,
    kind: row.kind,
    lane: row.lane,
    host: row.host,
    pid: row.pid,
    build: row.build,
    state: row.state,
    started_at: iso(row.started_at),
    heartbeat_age_sec: Number(row.age),
    running: Number(row.running),
  }));
}

async function leaderOf(q: Queryable): Promise<EngineView['leader']> {
  const [row] = await q.execute<{
    process_id: string | null;
    epoch: string;
    since: string | null;
    age: string;
  }>(sql`
    select l.process_id, l.epoch, l.since, extract(epoch from clock_timestamp() - h.at) as age from leadership l, leader_heartbeat h`);
  if (row === undefined || row.process_id === null || row.since === null) return null;
  return {
    process_id: row.process_id,
    epoch: Number(row.epoch),
    since: iso(row.since),
    heartbeat_age_sec: Number(row.age),
    alive: Number(row.age) < leaderTimeoutSec,
  };
}

async function roomsOf(q: Queryable): Promise<Map<string, EngineView['scopes'][number]['resource_groups']>> {
  const rows = await q.execute<{
    scope: string;
    name: string;
    kind: 'total' | 'group' | 'reserved' | 'lab';
    capacity: number;
    used: string;
    holders: { run_id: string; job_id: string }[] | null;
  }>(sql`
    with apart as (select scope, name from resource_groups where kind in ('reserved', 'lab')),
    held as (
      select g.scope, g.name, s.run_id, row_number() over (partition by g.scope, g.name order by s.taken_at, s.run_id) as place
      from resource_groups g
      join slots s on s.scope = g.scope and (s.resource_group = g.name or (g.kind = 'total' and not exists
        (select 1 from apart where apart.scope = s.scope and apart.name = s.resource_group))))
    select g.scope, g.name, g.kind, g.capacity, count(h.run_id) as used,
      json_agg(json_build_object('run_id', h.run_id, 'job_id', r.job_id) order by h.place) filter (where r.id is not null) as holders
    from resource_groups g
    left join held h on h.scope = g.scope and h.name = g.name
    left join runs r on r.id = h.run_id and h.place <= ${holdersShown}
    group by g.scope, g.name, g.kind, g.capacity order by g.scope, g.kind = 'total' desc, g.name`);
  const found = new Map<string, EngineView['scopes'][number]['resource_groups']>();
  for (const row of rows) {
    const room = {
      name: row.name,
      kind: row.kind,
      capacity: row.capacity,
      used: Number(row.used),
      holders: row.holders ?? [],
    };
    const rooms = found.get(row.scope);
    if (rooms === undefined) found.set(row.scope, [room]);
    else rooms.push(room);
  }
  return found;
}

async function queuesOf(q: Queryable) {
  return q.execute<{
    scope: string;
    waiting: string;
    ready: string;
    dispatched: string;
    running: string;
    quarantined: string;
    lag: string | null;
  }>(sql`
    select s.name as scope, count(*) filter (where r.state = 'waiting') as waiting, count(*) filter (where r.state = 'ready') as ready,
      count(*) filter (where r.state = 'dispatched') as dispatched, count(*) filter (where r.state = 'running') as running,
      count(*) filter (where r.state = 'quarantined') as quarantined,
      (select extract(epoch from max(scope_now(s.name) - j.next_due_at)) from jobs j where j.scope = s.name and j.enabled and j.next_due_at < scope_now(s.name)) as lag
    from scopes s left join runs r on r.scope = s.name and r.state in ('waiting', 'ready', 'dispatched', 'running', 'quarantined')
    group by s.name, s.number order by s.number`);
}

/** Processes, leader, and each scope's rooms and queues, as one answer. */
export async function engineView(q: Queryable): Promise<EngineView> {
  const [processes, leader, plugins, rooms, queues] = await Promise.all([
    processesOf(q),
    leaderOf(q),
    listPlugins(q),
    roomsOf(q),
    queuesOf(q),
  ]);
  return {
    processes,
    leader,
    plugins,
    scopes: [...queues].map((row) => ({
      scope: row.scope,
      resource_groups: rooms.get(row.scope) ?? [],
      waiting: Number(row.waiting),
      ready: Number(row.ready),
      dispatched: Number(row.dispatched),
      running: Number(row.running),
      quarantined: Number(row.quarantined),
      schedule_lag_sec: Math.max(0, Number(row.lag ?? 0)),
    })),
  };
}
