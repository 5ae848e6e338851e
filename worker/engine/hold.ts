import { setTimeout as sleep } from 'node:timers/promises';
import type { RawClient } from '#db/core/client.ts';
import { log } from '#worker/log.ts';

export interface HeldLock {
  readonly name: string;
  readonly lock_id: number;
}

/** Advisory locks held for one attempt, on a connection of its own. */
export interface Hold {
  /** Lets them go; call it when the attempt's task is dead, before its end is committed. */
  release(): Promise<void>;
}

/** Another session has an advisory lock that the row had given to us. */
export class LockTakenOutside extends Error {
  override readonly name = 'LockTakenOutside';
  readonly lock: string;
  readonly holder: string;
  constructor(lock: string, holder: string) {
    super(`the lock ${lock} is held outside by ${holder}`);
    this.lock = lock;
    this.holder = holder;
  }
}

/** A connection of a process that just died holds its locks a moment longer: we ask again for this long. */
const patienceMs = 1_500;
const betweenMs = 50;

async function holderOf(client: RawClient, scope: number, lock: number): Promise<string> {
  const [row] = await client<{ who: string }[]>`
    select coalesce(application_name || ' ', '') || '(pid ' || pid || ')' as who
    from advisory_sessions(${scope}) where object_id = ${lock}`;
  return row?.who ?? 'unknown';
}

async function take(client: RawClient, scope: number, lock: HeldLock): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const [row] = await client<
      { taken: boolean }[]
    >`select pg_try_advisory_lock(${scope}::int, ${lock.lock_id}::int) as taken`;
    if (row?.taken === true) return;
    if (performance.now() > deadline)
      throw new LockTakenOutside(lock.name, await holderOf(client, scope, lock.lock_id));
    await sleep(betweenMs);
  }
}

/**
 * Takes the advisory locks that make an attempt's named locks visible outside (`pg_locks`: `classid` is the scope's number,
 * `objid` the lock's id), in ascending id.
 * @param connect opens the connection; its loss is told to `onLost`, for the locks went with it.
 * @throws LockTakenOutside when another session has one of them; nothing is held then.
 */
export async function holdLocks(
  connect: (onClose: () => void) => RawClient,
  scope: number,
  locks: readonly HeldLock[],
  onLost: () => void,
): Promise<Hold> {
  let closing = false;
  const client = connect(() => {
    if (!closing) onLost();
  });
  const release = async () => {
    closing = true;
    try {
      // Said before the connection goes: a backend notices its end a moment later than we do.
      await client`select pg_advisory_unlock_all()`;
      await client.end({ timeout: 2 });
    } catch (error) {
      log.warn({ err: error }, 'a lock connection did not close; its locks went with it');
    }
  };
  try {
    for (const lock of locks) await take(client, scope, lock);
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}
