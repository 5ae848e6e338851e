import { sql } from 'drizzle-orm';
import { endPastDays, jobsPastTheirDay, releaseGates } from '#db/dependencies/gates.ts';
import { followEnd, untoldEnds } from '#db/dependencies/follow.ts';
import type { Database } from '#db/core/client.ts';
import { inEpoch } from './leadership.ts';

/** Telling many ends takes time: what does not fit is left to the next pass, so that firing is not held up. */
const followBudgetMs = 150;

/** Whether ended runs have somebody to tell, and whether runs wait at gates: one look, for most passes find nothing. */
async function pending(db: Database): Promise<{ untold: boolean; gated: boolean }> {
  const [row] = await db.execute<{ untold: boolean; gated: boolean }>(sql`
    select exists (select 1 from runs where tells_downstream) as untold,
      exists (select 1 from runs where waits_for = 'upstream') as gated`);
  return row ?? { untold: false, gated: false };
}

/**
 * Starts what ended runs trigger and lets go what waited for them.
 * @returns whether there are more.
 */
async function followEnds(db: Database, epoch: number): Promise<boolean> {
  const begun = performance.now();
  const told = new Set<number>();
  let more = false;
  for (const { id, job } of await untoldEnds(db)) {
    more = performance.now() - begun > followBudgetMs;
    if (more) break;
    await inEpoch(db, epoch, (tx) => followEnd(tx, id));
    told.add(job);
  }
  for (const job of told) await releaseGates(db, epoch, job);
  return more;
}

/**
 * Starts what ended runs trigger, lets go what their gates held, and ends what its trading day has left behind. Each part
 * commits by itself, so that no run is held while a job is waited for.
 * @param all looks at every run that waits at a gate; otherwise only at those that wait for what has just ended.
 * @returns whether there are more ends to tell.
 * @throws NotLeader.
 */
export async function advanceDependencies(db: Database, epoch: number, all = true): Promise<boolean> {
  const { untold, gated } = await pending(db);
  const more = untold && (await followEnds(db, epoch));
  if (!all || (!untold && !gated)) return more;
  await releaseGates(db, epoch);
  for (const job of await jobsPastTheirDay(db)) await inEpoch(db, epoch, (tx) => endPastDays(tx, job));
  return more;
}
