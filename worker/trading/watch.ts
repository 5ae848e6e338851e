import { setTimeout as pause } from 'node:timers/promises';
import { isUnavailable } from '#db/core/availability.ts';
import type { Database } from '#db/core/client.ts';
import { log } from '#worker/log.ts';
import { carryOutControls } from './flatten.ts';

/** A switch that is thrown is seen within so long, whatever jobs do. */
const lookMs = 400;

/**
 * Carries out the kill switch for the life of this process: not a job, for a flatten must go out while jobs are paused.
 * Several processes may do it at once: each step is made once, whoever comes first.
 */
export async function watchControls(
  db: Database,
  scopes: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    for (const scope of scopes) {
      try {
        await carryOutControls(db, scope);
      } catch (error) {
        if (!isUnavailable(error)) log.error({ err: error, scope }, 'a switch could not be carried out');
      }
    }
    await pause(lookMs, undefined, { signal }).catch(() => undefined);
  }
}
