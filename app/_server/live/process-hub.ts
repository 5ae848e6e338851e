import { readConfig } from '#config';
import { Problem } from '#domain/core/errors.ts';
import { currentCursor, listenForChanges, readChanges } from '#db/core/feed.ts';
import { db } from '../db.ts';
import { errorFields, log } from '../log.ts';
import { systemClock } from './clock.ts';
import { createHub, type LiveHub } from './hub.ts';

/** Routes and instrumentation are separate module instances of one process: only globalThis is shared. */
const shared = globalThis as typeof globalThis & { bellkeeperLiveHub?: LiveHub };

/** The one hub of this process; it connects when the first stream opens. */
export function liveHub(): LiveHub {
  return (shared.bellkeeperLiveHub ??= createHub(
    {
      current: () => currentCursor(db()),
      read: (after) => readChanges(db(), after, { limit: 500, overlapSec: 30 }),
      listen: (onRing) =>
        listenForChanges(readConfig().databaseUrl('web'), { applicationName: 'bellkeeper:web:live' }, onRing),
      onTrouble: (error) => log().warn(errorFields(error), 'live updates: the change feed cannot be read'),
    },
    systemClock,
  ));
}

const mostStreams = 1_000;

/**
 * A place for one more stream, which ends when the process stops or the reader leaves.
 * @throws Problem 503 while the process stops or holds too many.
 */
export function openStream(request: Request): { readonly signal: AbortSignal; readonly stop: () => void } {
  const hub = liveHub();
  if (hub.closed || hub.streams >= mostStreams) {
    throw new Problem(
      'unavailable',
      'streams_full',
      'No more streams here just now: try again in a moment.',
      { retry_after_sec: 2 },
    );
  }
  const stream = hub.openStream();
  if (request.signal.aborted) stream.stop();
  else request.signal.addEventListener('abort', stream.stop, { once: true });
  return stream;
}

/** Ends every stream: an open one would hold the server's shutdown for most of a minute. */
export async function closeStreams(): Promise<void> {
  try {
    await shared.bellkeeperLiveHub?.close();
  } catch (error) {
    log().warn(errorFields(error), 'live updates did not close');
  }
}
