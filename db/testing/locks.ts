import { sql } from 'drizzle-orm';
import type { Database } from '#db/core/client.ts';

/** How many backends of this database wait for a lock. */
export async function blockedBackends(db: Database): Promise<number> {
  const [row] = await db.execute<{ count: string }>(sql`select count(*) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`);
  return Number(row?.count);
}

/** Waits for a condition, at most 5 s. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 5_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('The condition did not come about within 5 s.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
