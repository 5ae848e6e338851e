import { sql } from 'drizzle-orm';
import { endPastDays, jobsPastTheirDay, releaseGates } from '#db/dependencies/gates.ts';
import { followEnd, untoldEnds } from '#db/dependencies/follow.ts';
import type { Database } from '#db/core/client.ts';
import { inEpoch } from './leadership.ts';

/** Whether ended runs have somebody to tell, and whether runs wait at gates: one look, for most passes find nothing. */
async function pending(db: Database): Promise<{ untold: boolean; gated: boolean }> {
  const [row] = await db.execute<{ untold: boolean; gated: boolean }>(sql`
    select exists (select 1 from runs where tells_downstream) as untold,
      exists (select 1 from runs where waits_for = 'upstream') as gated`);
  return row ?? { untold: false, gated: false };
}

/**
 * Starts what ended runs trigger, lets go what their gates held, and ends what its trading day has left behind. Each part
 * commits by itself, so that no run is held while a job is waited for.
 * @throws NotLeader.
 */
export async function advanceDependencies(db: Database, epoch: number): Promise<void> {
  const { untold, gated } = await pending(db);
  if (untold) for (const id of await untoldEnds(db)) await inEpoch(db, epoch, (tx) => followEnd(tx, id));
  if (!untold && !gated) return;
  await inEpoch(db, epoch, releaseGates);
  for (const job of await jobsPastTheirDay(db)) await inEpoch(db, epoch, (tx) => endPastDays(tx, job));
}
