import { type SQL, sql } from 'drizzle-orm';
import type { RunState } from '#domain/runs/run.ts';
import { isLegal } from '#domain/runs/transition.ts';
import type { Database, Queryable } from '#db/core/client.ts';

const held = sql`('dispatched', 'running')`;

/** What no database may show at any moment: each query answers the rows that break the rule of its name. */
const always: Readonly<Record<string, SQL>> = {
  'two runs of one job and nominal time': sql`
    select job_id, scheduled_for, count(*) from runs where dedupe_key like 'at:%' group by job_id, job, scheduled_for having count(*) > 1`,
  'a run that fired early': sql`
    select id, scheduled_for, queued_at from runs where queued_at < scheduled_for`,
  'a slot without an open run': sql`
    select s.run_id, r.state from slots s join runs r on r.id = s.run_id where r.state not in ${held}`,
  'a run that goes without a slot': sql`
    select id, state from runs r where state in ${held} and not exists (select 1 from slots where run_id = r.id)`,
  'an open attempt of a run that does not run': sql`
    select a.run_id, a.attempt, r.state from attempts a join runs r on r.id = a.run_id
    where a.ended_at is null and (r.state <> 'running' or r.attempt <> a.attempt)`,
  'a running run without an open attempt': sql`
    select id, attempt from runs r where state = 'running'
      and not exists (select 1 from attempts a where a.run_id = r.id and a.attempt = r.attempt and a.ended_at is null)`,
  'an open attempt of a process that is gone': sql`
    select a.run_id, a.attempt, p.state from attempts a join processes p on p.id = a.process_id
    where a.ended_at is null and p.state in ('lost', 'stopped')`,
  'a history with a gap': sql`
    select run_id, id, from_state, before from (select run_id, id, from_state, lag(to_state) over (partition by run_id order by id) as before
      from run_history) as h where from_state is distinct from before`,
  'a run that is not where its history ends': sql`
    select r.id, r.state, h.to_state from runs r left join lateral (select to_state from run_history where run_id = r.id order by id desc limit 1) as h on true
    where r.state is distinct from h.to_state`,
  'a room over its limit': sql`
    with reserved as (select scope, name from resource_groups where kind in ('reserved', 'lab'))
    select g.scope, g.name, g.capacity, count(*) from resource_groups g join slots s on s.scope = g.scope and (s.resource_group = g.name
      or (g.kind = 'total' and not exists (select 1 from reserved x where x.scope = s.scope and x.name = s.resource_group)))
    group by g.scope, g.name, g.capacity having count(*) > g.capacity`,
  'a job over its limit': sql`
    select s.job, count(*), min(r.max_parallel) from slots s join runs r on r.id = s.run_id group by s.job having count(*) > min(r.max_parallel)`,
};

/** Holds while no scope's clock goes back. */
const forward: Readonly<Record<string, SQL>> = {
  'an attempt that started before its run was due': sql`
    select r.id, r.scheduled_for, a.attempt, a.started_at from runs r join attempts a on a.run_id = r.id where a.started_at < r.scheduled_for`,
  'an attempt that began before the one before it ended': sql`
    select run_id, attempt from (select run_id, attempt, started_at, lag(coalesce(ended_at, 'infinity')) over (partition by run_id order by attempt) as before
      from attempts) as a where started_at < before`,
};

/**
 * The most runs at once in each room and of each job, by the history of `running`; an end and a start at the same
 * instant do not overlap. Holds for limits that were not edited meanwhile.
 */
const overlaps = sql`
  with reserved as (select scope, name from resource_groups where kind in ('reserved', 'lab')),
  steps as (
    select h.recorded_at as at, case when h.to_state = 'running' then 1 else -1 end as step, r.scope, r.job, r.job_id, r.max_parallel, r.resource_group,
      exists (select 1 from reserved x where x.scope = r.scope and x.name = r.resource_group) as apart
    from run_history h join runs r on r.id = h.run_id where h.to_state = 'running' or h.from_state = 'running'),
  of_room as (
    select g.name as what, g.capacity as most, sum(s.step) over (partition by g.scope, g.name order by s.at, s.step) as n
    from resource_groups g join steps s on s.scope = g.scope and (s.resource_group = g.name or (g.kind = 'total' and not s.apart))),
  of_job as (
    select job_id as what, max_parallel as most, sum(step) over (partition by job order by at, step) as n from steps)
  select what, most, max(n) as n from (select * from of_room union all select * from of_job) as counted group by what, most having max(n) > most`;

async function illegalMoves(db: Database): Promise<string[]> {
  const rows = await db.execute<{ from_state: RunState | null; to_state: RunState }>(
    sql`select distinct from_state, to_state from run_history`,
  );
  const made: readonly RunState[] = ['waiting', 'ready', 'skipped'];
  return [...rows]
    .filter(({ from_state: from, to_state: to }) => (from === null ? !made.includes(to) : !isLegal(from, to)))
    .map(({ from_state: from, to_state: to }) => `an illegal move: ${from} to ${to}`);
}

async function broken(db: Queryable, rule: string, query: SQL): Promise<string[]> {
  const rows = await db.execute(query);
  return [...rows].slice(0, 5).map((row) => `${rule}: ${JSON.stringify(row)}`);
}

/** Reads the whole engine and its history. @returns what breaks a rule, in words; empty when all is well. */
export async function violations(db: Database, { clockGoesBack = false } = {}): Promise<string[]> {
  const found = await db.transaction(
    async (tx) => {
      const list: string[] = [];
      for (const [rule, query] of Object.entries(clockGoesBack ? always : { ...always, ...forward }))
        list.push(...(await broken(tx, rule, query)));
      return list;
    },
    { isolationLevel: 'repeatable read' },
  );
  return [
    ...found,
    ...(await broken(db, 'more at once than the limit, by the history', overlaps)),
    ...(await illegalMoves(db)),
  ];
}

/** The rules about rooms and slots alone, cheap enough to be sampled all the time. */
export async function roomViolations(db: Database): Promise<string[]> {
  const rules = [
    'a room over its limit',
    'a job over its limit',
    'a slot without an open run',
    'a run that goes without a slot',
  ];
  const found = await Promise.all(rules.map((rule) => broken(db, rule, always[rule] ?? sql``)));
  return found.flat();
}

/** Runs of a job whose fires must be gapless: the nominal times that are missing between the first and the last. */
export async function missingFires(db: Database, jobId: string, everySec: number): Promise<string[]> {
  const rows = await db.execute<{ at: string }>(sql`
    with made as (select min(scheduled_for) as first, max(scheduled_for) as last from runs where job_id = ${jobId} and dedupe_key like 'at:%')
    select at::text from made cross join generate_series(first, last, make_interval(secs => ${everySec})) as at
    where not exists (select 1 from runs where job_id = ${jobId} and scheduled_for = at)`);
  return [...rows].map((row) => row.at);
}

/** Open runs, and how many runs there are. */
export async function progressOf(db: Database): Promise<{ open: number; all: number }> {
  const [row] = await db.execute<{ open: string; all: string }>(
    sql`select count(*) filter (where state in ('waiting', 'ready', 'dispatched', 'running')) as open, count(*) as all from runs`,
  );
  return { open: Number(row?.open), all: Number(row?.all) };
}
