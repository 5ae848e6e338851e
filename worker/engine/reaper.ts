import { hostname } from 'node:os';
import type { Database } from '#db/core/client.ts';
import { NotLeader } from '#db/engine/leadership.ts';
import { childrenOf, findLost, reap } from '#db/engine/reap.ts';
import { log } from '#worker/log.ts';
import type { AdmissionPump } from './admission.ts';
import { killOrphan } from './child.ts';
import type { Alarm } from './loop.ts';

const lookMs = 300;

/** Ends the children that a lost process left on this host. @returns whether all of them are gone. */
async function endChildren(db: Database, process: Parameters<typeof childrenOf>[1]): Promise<boolean> {
  const children = (await childrenOf(db, process)).filter((child) => child.host === hostname());
  return children.map(killOrphan).every(Boolean);
}

/** After a pause of our own (a sleeping machine, a stall) others get this long to be heard again. */
const steadyMs = 10_000;
const pauseMs = 3_000;

/** Says, at each look, whether this process has run without a pause long enough to judge the others' heartbeats. */
function steadiness(): () => boolean {
  let lookedAt = Date.now();
  let since = lookedAt;
  return () => {
    const now = Date.now();
    if (now - lookedAt > pauseMs) since = now;
    lookedAt = now;
    return now - since > steadyMs;
  };
}

/** The leader's watch over the other processes. Ends when `signal` aborts. @throws NotLeader. */
export async function runReaper(
  db: Database,
  epoch: number,
  alarm: Alarm,
  pump: AdmissionPump,
  signal: AbortSignal,
): Promise<void> {
  const steady = steadiness();
  while (!signal.aborted) {
    const maySayOld = steady();
    try {
      for (const lost of await findLost(db)) {
        if (lost.why === 'heartbeat_old' && !maySayOld) continue;
        log.warn({ process: lost.id, host: lost.host, lost_pid: lost.pid, why: lost.why }, 'process lost');
        if (!(await endChildren(db, lost.id))) continue;
        for (const scope of await reap(db, epoch, lost)) pump.admit(scope);
      }
    } catch (error) {
      if (error instanceof NotLeader) throw error;
      log.warn({ err: error }, 'looking for lost processes failed; trying again');
    }
    await alarm.sleep(lookMs);
  }
}
