import { setTimeout as pause } from 'node:timers/promises';
import { runtimeReason } from '#domain/traders/reasons.ts';
import { raiseAlert } from '#db/alerts/raise.ts';
import { isUnavailable } from '#db/core/availability.ts';
import type { Database } from '#db/core/client.ts';
import { readWorld } from '#db/traders/world.ts';
import { log } from '#worker/log.ts';
import { closeDay } from './close.ts';
import { carryOutControls } from './flatten.ts';
import { renewWhenDue } from './holds.ts';
import { busyPhases } from './step.ts';

/** A switch that is thrown is seen within so long, whatever jobs do. */
const lookMs = 400;
/** Holds and closes are looked after so often. */
const careMs = 5_000;

/** What traders need while no job runs: their holds stay theirs overnight, and nobody misses the close. */
async function care(db: Database, scope: string, told: Set<string>): Promise<void> {
  const world = await readWorld(db, scope, { phases: busyPhases });
  await renewWhenDue(db, world);
  await closeDay(db, world);
  for (const trader of world.unreadable) {
    const key = `trader_unreadable|${trader}`;
    if (told.has(`${scope}|${key}`)) continue;
    told.add(`${scope}|${key}`);
    const reason = runtimeReason('trader_unreadable', { trader });
    await raiseAlert(db, { scope, severity: 'critical', reason, trader, key, now: world.now });
  }
}

/**
 * Carries out the kill switch and looks after what traders hold for the life of this process: not a job, for a flatten
 * must go out while jobs are paused. Several processes may do it at once: each step is made once, whoever comes first.
 */
export async function watchDesks(
  db: Database,
  scopes: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const told = new Set<string>();
  let caredAt = -Infinity;
  while (!signal.aborted) {
    const due = performance.now() - caredAt >= careMs;
    if (due) caredAt = performance.now();
    for (const scope of scopes) {
      try {
        await carryOutControls(db, scope);
        if (due) await care(db, scope, told);
      } catch (error) {
        if (!isUnavailable(error)) log.error({ err: error, scope }, 'a desk could not be looked after');
      }
    }
    await pause(lookMs, undefined, { signal }).catch(() => undefined);
  }
}
