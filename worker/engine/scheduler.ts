import type { Database } from '#db/core/client.ts';
import { isUnavailable } from '#db/core/availability.ts';
import { dueJobs, fireDue, type FireResult, postpone, untilNextDue } from '#db/engine/fire.ts';
import { advanceDependencies } from '#db/engine/dependencies.ts';
import { NotLeader } from '#db/engine/leadership.ts';
import { tick } from '#db/engine/tick.ts';
import { log } from '#worker/log.ts';
import type { AdmissionPump } from './admission.ts';
import { type Alarm } from './loop.ts';

/** Backstop: the schedule is read anew at least this often. */
const rescanMs = 1_000;

/** Fires a batch; one job that makes it fail is found by firing them one by one, and put off. @throws NotLeader. */
async function fireAll(db: Database, epoch: number): Promise<FireResult> {
  try {
    return await fireDue(db, epoch);
  } catch (error) {
    if (error instanceof NotLeader || isUnavailable(error)) throw error;
    log.error({ err: error }, 'a batch could not be fired; firing its jobs one by one');
  }
  let fired = 0;
  for (const job of await dueJobs(db)) {
    try {
      fired += (await fireDue(db, epoch, job)).fired;
    } catch (error) {
      if (error instanceof NotLeader || isUnavailable(error)) throw error;
      log.error({ err: error, job }, 'a job could not be fired');
      await postpone(db, job, 'could not be fired: see the worker log');
    }
  }
  return { fired, more: false };
}

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
  let lookedAt = -Infinity;
  let lookMs = 0;
  while (!signal.aborted) {
    try {
      const fired = await fireAll(db, epoch);
      const tickDue = performance.now() - tickedAt >= rescanMs;
      // What is due goes before all else: each firing admits by itself, so nothing stands still meanwhile.
      if (fired.more && !tickDue) continue;
      if (tickDue || fired.fired === 0) {
        await tick(db, epoch);
        tickedAt = performance.now();
      }
      const begun = performance.now();
      // Many runs that wait at gates are not looked at anew at every end: that takes a tenth of the time, at most.
      const all = begun - lookedAt >= Math.min(rescanMs, lookMs * 10);
      const more = await advanceDependencies(db, epoch, all);
      if (all) [lookedAt, lookMs] = [performance.now(), performance.now() - begun];
      await pump.admitAll();
      if (fired.more || more) continue;
      const due = await untilNextDue(db);
      // A timer may fire a hair early; the pass then finds nothing due and sleeps the rest.
      await alarm.sleep(
        Math.min(rescanMs, due === null ? rescanMs : Math.max(fired.fired === 0 ? 20 : 0, Math.ceil(due))),
      );
    } catch (error) {
      if (error instanceof NotLeader) throw error;
      log.warn({ err: error }, 'scheduler pass failed; trying again');
      await alarm.sleep(200);
    }
  }
}
