import type { Database } from '#db/core/client.ts';
import { fireDue, untilNextDue } from '#db/engine/fire.ts';
import { NotLeader } from '#db/engine/leadership.ts';
import { tick } from '#db/engine/tick.ts';
import { log } from '#worker/log.ts';
import type { AdmissionPump } from './admission.ts';
import { type Alarm } from './loop.ts';

/** Backstop: the schedule is read anew at least this often. */
const rescanMs = 1_000;

/**
 * The leader's loop: sleeps to the earliest due time, wakes on edits, fires what is due. Ends when `signal` aborts.
 * @throws NotLeader when another process leads.
 */
export async function runScheduler(
  db: Database,
  epoch: number,
  alarm: Alarm,
  pump: AdmissionPump,
  signal: AbortSignal,
): Promise<void> {
  let tickedAt = -Infinity;
  while (!signal.aborted) {
    try {
      const fired = await fireDue(db, epoch);
      if (fired.more) continue;
      if (performance.now() - tickedAt >= rescanMs || fired.fired === 0) {
        await tick(db, epoch);
        tickedAt = performance.now();
      }
      await pump.admitAll();
      const due = await untilNextDue(db);
      // A timer may fire a hair early; the pass then finds nothing due and sleeps the rest.
      await alarm.sleep(Math.min(rescanMs, due === null ? rescanMs : Math.ceil(due)));
    } catch (error) {
      if (error instanceof NotLeader) throw error;
      log.warn({ err: error }, 'scheduler pass failed; trying again');
      await alarm.sleep(200);
    }
  }
}
