import { sql } from 'drizzle-orm';
import type { Database } from '#db/core/client.ts';

/** Days that logs, history and changes are kept. */
export const retentionDays = 30;

/** Makes the coming days' partitions, drops those past retention, and forgets answered requests after a day. */
export async function maintainPartitions(db: Database): Promise<number> {
  await db.execute(sql`select ensure_partitions(3)`);
  await db.execute(sql`delete from idempotent_requests where recorded_at < now() - interval '1 day'`);
  const [row] = await db.execute<{ dropped: number }>(
    sql`select drop_partitions_before((now() - make_interval(days => ${retentionDays}))::date) as dropped`,
  );
  return row?.dropped ?? 0;
}

/** Deletes ended runs beyond each job's `keep_runs`, oldest first; quarantined ones stay. @returns how many. */
export async function pruneRuns(db: Database): Promise<number> {
  const rows = await db.execute(sql`
    with surplus as (
      select r.id from jobs j cross join lateral (
        select id from runs where runs.job = j.id and state in ('succeeded', 'failed', 'cancelled', 'skipped') order by id desc offset j.keep_runs limit 1000) r
      limit 5000)
    delete from runs using surplus where runs.id = surplus.id returning 1`);
  return rows.length;
}
