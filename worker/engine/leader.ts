import type { ProcessId } from '#domain/core/ids.ts';
import type { Database, RawClient } from '#db/core/client.ts';
import { beatAsLeader, deposeStaleLeader, NotLeader, resign, tryLead } from '#db/engine/leadership.ts';
import { dropDeadRings, maintainPartitions, pruneRuns } from '#db/engine/prune.ts';
import { sweepKeys } from '#db/locks/idempotency.ts';
import { sweepSymbols } from '#db/locks/symbols.ts';
import { pruneScans } from '#db/traders/prune.ts';
import { log } from '#worker/log.ts';
import type { AdmissionPump } from './admission.ts';
import { type Alarm, createAlarm } from './loop.ts';
import { runReaper } from './reaper.ts';
import { runScheduler } from './scheduler.ts';

const electMs = 500;
const beatMs = 1_000;
const sweepMs = 60_000;
/** How soon a trader's silence is noticed. */
const symbolsMs = 2_000;

export interface LeaderOptions {
  readonly db: Database;
  /** An idle connection of its own: the lock goes with it. */
  readonly lockConnection: RawClient;
  readonly processId: ProcessId;
  readonly pump: AdmissionPump;
  /** Woken by edits. */
  readonly onWake: (wake: () => void) => void;
  readonly signal: AbortSignal;
}

async function every(ms: number, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
  const alarm = createAlarm(signal);
  while (!signal.aborted) {
    await act();
    await alarm.sleep(ms);
  }
}

async function sweep(db: Database): Promise<void> {
  try {
    await maintainPartitions(db);
    const rings = await dropDeadRings(db);
    if (rings > 0) log.info({ rings }, 'rings of dead workers dropped');
    const pruned = await pruneRuns(db);
    if (pruned > 0) log.info({ pruned }, 'runs pruned');
    await sweepKeys(db);
    await pruneScans(db);
  } catch (error) {
    log.warn({ err: error }, 'sweeping failed; trying again in a minute');
  }
}

/** Notices traders that hold a symbol and have fallen silent. */
async function watchSymbols(db: Database): Promise<void> {
  try {
    const silent = await db.transaction(sweepSymbols);
    if (silent > 0) log.warn({ silent }, 'traders that hold a symbol have fallen silent');
  } catch (error) {
    log.warn({ err: error }, 'looking at symbol locks failed; trying again');
  }
}

/** Leads until the epoch is over or the process stops. */
async function lead(options: LeaderOptions, epoch: number): Promise<void> {
  const term = new AbortController();
  const signal = AbortSignal.any([options.signal, term.signal]);
  const alarm: Alarm = createAlarm(signal);
  options.onWake(() => {
    // What somebody asked for by hand must not wait for a pass over the schedule.
    options.pump.admitAll().catch((error: unknown) => log.warn({ err: error }, 'admission failed'));
    alarm.wake();
  });
  const parts = [
    runScheduler(options.db, epoch, alarm, options.pump, signal),
    runReaper(options.db, epoch, createAlarm(signal), options.pump, signal),
    every(beatMs, signal, () => beatAsLeader(options.db, epoch)),
    every(sweepMs, signal, () => sweep(options.db)),
    every(symbolsMs, signal, () => watchSymbols(options.db)),
  ];
  try {
    await Promise.race(parts);
  } finally {
    term.abort();
    options.onWake(() => undefined);
    await Promise.allSettled(parts);
  }
}

/**
 * Stands for election until the process stops; one worker among all leads. A leader that lost its term or its database
 * stands again; its lock is let go first, so that another may take it.
 */
export async function runElections(options: LeaderOptions): Promise<void> {
  const alarm = createAlarm(options.signal);
  while (!options.signal.aborted) {
    try {
      const epoch = await tryLead(options.lockConnection, options.db, options.processId);
      if (epoch === null) await deposeStaleLeader(options.db);
      else {
        log.info({ epoch }, 'leading');
        try {
          await lead(options, epoch);
        } finally {
          await resign(options.lockConnection);
        }
      }
    } catch (error) {
      log.warn({ err: error }, error instanceof NotLeader ? 'term over' : 'leading failed');
    }
    await alarm.sleep(electMs);
  }
}
