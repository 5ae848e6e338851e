import { sql } from 'drizzle-orm';
import type { Database } from '#db/core/client.ts';

/** Days that scans are kept with all their candidates; what came of them stays in transitions and orders. */
export const scanDays = 7;
/** Scans looked at in one go. */
const batch = 5_000;

/** Deletes old scans, the oldest first: eight traders that look three times a minute leave a hundred megabytes a day. */
export async function pruneScans(db: Database): Promise<number> {
  const rows = await db.execute(sql`
    delete from scans where id <= (
      select max(id) from (select id, recorded_at from scans order by id limit ${batch}) oldest
      where recorded_at < now() - make_interval(days => ${scanDays}))
    returning id`);
  return rows.length;
}
