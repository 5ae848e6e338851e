import { sql } from 'drizzle-orm';
import { type Database, sqlState } from '#db/core/client.ts';
import { doorbell } from './admit.ts';

/** Days that logs, history and changes are kept. */
export const retentionDays = 30;
/** Days whose partitions are made ahead: a table that is busy today is tried again long before it is needed. */
const daysAhead = 7;
const partitioned = ['run_logs', 'run_history', 'changes'] as const;
export type PartitionedTable = (typeof partitioned)[number];

export interface PartitionUpkeep {
  readonly made: number;
  readonly dropped: number;
  /** Tables whose locks were taken: they are left to the next sweep. */
  readonly busy: readonly PartitionedTable[];
}

/** Runs one step in a transaction of its own; null when another held its locks for too long. */
async function unlessBusy(db: Database, step: ReturnType<typeof sql>): Promise<number | null> {
  try {
    const [row] = await db.execute<{ count: number }>(step);
    return row?.count ?? 0;
  } catch (error) {
    if (sqlState(error) === '55P03') return null;
    throw error;
  }
}

/**
 * Makes the coming days' partitions, drops those past retention, and forgets answered requests after a day. Each table
 * in transactions of its own, which lock nothing when nothing is to be done and never wait long.
 */
export async function maintainPartitions(db: Database): Promise<PartitionUpkeep> {
  let made = 0;
  let dropped = 0;
  const busy: PartitionedTable[] = [];
  for (const table of partitioned) {
    const makes = await unlessBusy(db, sql`select ensure_partitions_of(${table}, ${daysAhead}) as count`);
    const drops = await unlessBusy(
      db,
      sql`select drop_partitions_of(${table}, (now() - make_interval(days => ${retentionDays}))::date) as count`,
    );
    made += makes ?? 0;
    dropped += drops ?? 0;
    if (makes === null || drops === null) busy.push(table);
  }
  await db.execute(sql`delete from idempotent_requests where recorded_at < now() - interval '1 day'`);
  return { made, dropped, busy };
}

/** Deletes ended runs beyond each job's `keep_runs`, oldest first; quarantined ones stay. @returns how many. */
export async function pruneRuns(db: Database): Promise<number> {
  const rows = await db.execute(sql`
    with surplus as (
      select r.id from jobs j cross join lateral (
        select id from runs where runs.job = j.id and state in ('succeeded', 'failed', 'cancelled', 'skipped') order by id desc offset j.keep_runs limit 1000) r
      limit 5000)
    delete from runs using surplus where runs.id = surplus.id
      -- Judged again once the row is locked: it may have been asked to run again meanwhile.
      and runs.state in ('succeeded', 'failed', 'cancelled', 'skipped') returning 1`);
  return rows.length;
}

/**
 * Takes away the rings whose worker died while it answered: with their one attempt used graphile-worker neither takes
 * nor deletes them. Their runs have been rung for anew. @returns how many.
 */
export async function dropDeadRings(db: Database): Promise<number> {
  const rows = await db.execute(sql`
    select dropped.id from (select array_agg(id) as ids from graphile_worker.jobs where task_identifier like any (array[${doorbell('%', 'live')}, ${doorbell('%', 'lab')}])
      and attempts >= max_attempts and locked_at is null and updated_at < now() - interval '1 minute') as dead,
    graphile_worker.complete_jobs(dead.ids) as dropped`);
  return rows.length;
}
