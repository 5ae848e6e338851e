import { sql } from 'drizzle-orm';
import type { RunId } from '#domain/core/ids.ts';
import { cancelChannel } from '#db/core/changes.ts';
import type { Database } from '#db/core/client.ts';
import { processLockClass } from '#db/engine/processes.ts';

/** Ends the connection that says a process of this host lives. @returns whether there was one. */
export async function cutLiveness(db: Database, pid: number): Promise<boolean> {
  const rows = await db.execute(sql`
    select pg_terminate_backend(l.pid) from pg_locks l join processes p on p.number = l.objid::bigint
    where l.locktype = 'advisory' and l.classid = ${processLockClass} and l.granted and p.pid = ${pid} and p.state in ('live', 'draining')
      and l.database = (select oid from pg_database where datname = current_database())`);
  return rows.length > 0;
}

/** Ends one connection of a process, any: the one that a number in [0, 1) points at. */
export async function cutConnection(db: Database, pid: number, random: number): Promise<void> {
  await db.execute(sql`
    with mine as (select a.pid, row_number() over (order by a.pid) - 1 as at, count(*) over () as n from pg_stat_activity a join processes p
      on a.application_name = 'bellkeeper:' || p.id where p.pid = ${pid} and p.state = 'live' and a.datname = current_database())
    select pg_terminate_backend(pid) from mine where at = floor(n * ${random}::double precision)`);
}

/** The process that leads, by the database; null when nobody does. */
export async function leaderPid(db: Database): Promise<number | null> {
  const [row] = await db.execute<{ pid: number }>(
    sql`select pid from leadership join processes on processes.id = leadership.process_id where processes.state = 'live'`,
  );
  return row?.pid ?? null;
}

/** Outcomes of all attempts, counted. */
export async function outcomes(db: Database): Promise<Record<string, number>> {
  const rows = await db.execute<{ outcome: string | null; n: string }>(
    sql`select outcome, count(*) as n from attempts group by outcome`,
  );
  return Object.fromEntries([...rows].map((row) => [row.outcome ?? 'open', Number(row.n)]));
}

/** The longest time between two fires of a job, one after the other, by when they were made, in milliseconds. */
export async function longestPause(db: Database, jobId: string): Promise<number> {
  const [row] = await db.execute<{ ms: string | null }>(sql`
    select max(extract(epoch from pause)) * 1000 as ms from (
      select queued_at - lag(queued_at) over (order by queued_at) as pause from runs where job_id = ${jobId} and dedupe_key like 'at:%') as fires`);
  return Number(row?.ms ?? 0);
}

/** Gives a job a room that only exit tasks may name. */
export async function giveReservedRoom(db: Database, jobId: string, group: string): Promise<void> {
  await db.execute(sql`update jobs set resource_group = ${group} where job_id = ${jobId}`);
}

/** The database's time. */
export async function now(db: Database): Promise<Date> {
  const [row] = await db.execute<{ now: string }>(sql`select clock_timestamp() as now`);
  return new Date(row?.now ?? Number.NaN);
}

/** Runs that are running, and on which process. */
export async function goingOn(db: Database): Promise<{ id: RunId; pid: number }[]> {
  const rows = await db.execute<{ id: RunId; pid: number }>(
    sql`select r.id, p.pid from runs r join processes p on p.id = r.process_id where r.state = 'running'`,
  );
  return [...rows];
}

/** Asks every open run to stop. */
export async function endAll(db: Database): Promise<void> {
  await db.execute(
    sql`update runs set cancel_requested_at = clock_timestamp() where state in ('waiting', 'ready', 'dispatched', 'running')`,
  );
  await db.execute(sql`select pg_notify(${cancelChannel}, '')`);
}

/** Milliseconds from an instant to the start of the first later attempt of each of these runs that runs on a process. */
export async function restartedAfter(
  db: Database,
  ids: readonly RunId[],
  since: Date,
  pid: number,
): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await db.execute<{ ms: string }>(sql`
    select extract(epoch from a.started_at - ${since.toISOString()}::timestamptz) * 1000 as ms
    from attempts a join runs r on r.id = a.run_id and r.attempt = a.attempt join processes p on p.id = a.process_id
    where r.state = 'running' and a.ended_at is null and p.pid = ${pid} and a.started_at > ${since.toISOString()}::timestamptz
      and r.id in ${ids}`);
  return [...rows].map((row) => Number(row.ms));
}
