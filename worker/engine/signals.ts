import { cancelChannel, wakeChannel } from '#db/core/changes.ts';
import { connectRaw, type Database } from '#db/core/client.ts';
import { cancelRequests } from '#db/engine/tick.ts';
import { log } from '#worker/log.ts';
import type { Executor } from './executor.ts';

const pollMs = 1_000;

/**
 * Hears wake-ups and cancel requests, and polls for cancels that a lost notification hid and for claims whose answer
 * was lost.
 * @returns stops listening.
 */
export async function hear(options: {
  url: string;
  applicationName: string;
  db: Database;
  processId: string;
  executor: Executor;
  wake: () => void;
}): Promise<() => Promise<void>> {
  const client = connectRaw(options.url, {
    applicationName: options.applicationName,
    max: 1,
    onClose: () => undefined,
  });
  const lookNow = async () => {
    if (options.executor.running().length === 0) return;
    try {
      for (const run of await cancelRequests(options.db, options.processId)) options.executor.cancel(run);
    } catch (error) {
      log.warn({ err: error }, 'looking for cancel requests failed');
    }
  };
  const look = () => void lookNow();
  let sweeping = false;
  const sweep = async () => {
    if (sweeping) return;
    sweeping = true;
    try {
      await options.executor.handBackStrays();
    } catch (error) {
      log.warn({ err: error }, 'looking for stray attempts failed');
    } finally {
      sweeping = false;
    }
  };
  await client.listen(wakeChannel, options.wake, options.wake);
  await client.listen(cancelChannel, look, look);
  const timer = setInterval(() => {
    look();
    void sweep();
  }, pollMs);
  return async () => {
    clearInterval(timer);
    await client.end({ timeout: 1 });
  };
}
