import { setTimeout as sleep } from 'node:timers/promises';
import type { LockHolder } from '#domain/locks/named.ts';
import type { Database, RawClient } from '#db/core/client.ts';
import { type Grant, release, tryAcquire } from '#db/locks/acquire.ts';
import { log } from '#worker/log.ts';
import { type Hold, holdLocks, LockTakenOutside } from './hold.ts';

/** A named lock was not to be had in the time given. */
export class LockNotAcquired extends Error {
  override readonly name = 'LockNotAcquired';
  readonly lock: string;
  readonly holder: string;
  constructor(lock: string, by: Pick<LockHolder, 'holder'>) {
    super(`the lock ${lock} is held by ${by.holder}`);
    this.lock = lock;
    this.holder = by.holder;
  }
}

/** The work went on for longer than it may hold its locks, or lost the connection that held them. */
export class LocksOver extends Error {
  override readonly name = 'LocksOver';
}

export interface WithLocksOptions {
  readonly db: Database;
  /** Opens the connection that holds the advisory locks. */
  readonly connect: (onClose: () => void) => RawClient;
  readonly scope: string;
  readonly names: readonly string[];
  /** Who asks, in words that a person waiting for the lock understands. */
  readonly holder: string;
  readonly why?: string;
  /** Seconds to wait for a lock that is taken; 0: not at all. */
  readonly waitSec?: number;
  /** Seconds the work may take. */
  readonly timeoutSec?: number;
  readonly signal?: AbortSignal;
}

const betweenMs = 200;

async function acquire(options: WithLocksOptions, timeoutSec: number): Promise<Grant> {
  const { db, scope, names, holder, why = null, waitSec = 0, signal } = options;
  const deadline = performance.now() + waitSec * 1_000;
  for (;;) {
    const answer = await tryAcquire(db, scope, names, { holder, why, timeoutSec });
    if (answer.kind === 'granted') return answer;
    if (performance.now() >= deadline) {
      log.warn({ scope, lock: answer.lock, holder: answer.by.holder, for: holder }, 'lock not acquired');
      throw new LockNotAcquired(answer.lock, answer.by);
    }
    await sleep(betweenMs, undefined, signal === undefined ? {} : { signal });
  }
}

/**
 * Does work that is no run while it holds named locks, and always lets them go: after it, after its failure, and when it is
 * told to stop. Past its time its signal is aborted, and the locks go once it has ended, never before.
 * @throws LockNotAcquired, LocksOver, and whatever the work throws.
 */
export async function withLocks<T>(
  options: WithLocksOptions,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeoutSec = options.timeoutSec ?? 300;
  const grant = await acquire(options, timeoutSec);
  const over = new AbortController();
  const timer = setTimeout(
    () => over.abort(new LocksOver(`held ${options.names.join(', ')} for longer than ${timeoutSec} s`)),
    timeoutSec * 1_000,
  );
  let hold: Hold | null = null;
  try {
    hold = await holdLocks(options.connect, grant.scopeNumber, grant.locks, () =>
      over.abort(new LocksOver(`the connection that held ${options.names.join(', ')} was lost`)),
    ).catch((error: unknown) => {
      throw error instanceof LockTakenOutside ? new LockNotAcquired(error.lock, error) : error;
    });
    const signals = options.signal === undefined ? [over.signal] : [over.signal, options.signal];
    const answer = await act(AbortSignal.any(signals));
    over.signal.throwIfAborted();
    return answer;
  } finally {
    clearTimeout(timer);
    await hold?.release();
    await release(options.db, grant.token);
  }
}
