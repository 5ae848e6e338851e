import { sql } from 'drizzle-orm';
import type { Database } from '#db/core/client.ts';
import { tick } from '#db/engine/tick.ts';

/** Lets the leases of a run's open attempt run out now. */
export async function forgetLease(db: Database, runId: string): Promise<void> {
  await db.execute(sql`update attempts set lease_until = clock_timestamp() - interval '1 second'
    where run_id = ${runId} and ended_at is null`);
}

/** What the leader does each second. */
export async function passTick(db: Database): Promise<void> {
  const [row] = await db.execute<{ epoch: string }>(sql`select epoch from leadership`);
  await tick(db, Number(row?.epoch));
}
