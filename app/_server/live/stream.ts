import type { StreamClock } from './clock.ts';
import type { Inbox } from './inbox.ts';
import { encodeEvent, keepalive, retryLine } from './sse.ts';

export interface LiveTimes {
  readonly keepaliveMs: number;
  /** Between two events; what happens meanwhile goes out together. */
  readonly gapMs: number;
  /** A stream ends after this; whoever was signed out does not come back. */
  readonly lifeMs: number;
  readonly retryMs: number;
}

export const liveTimes: LiveTimes = { keepaliveMs: 15_000, gapMs: 100, lifeMs: 75_000, retryMs: 1_000 };

/**
 * The events of one browser's stream: `change` with the set of changes since the last one, `reset` when some may
 * have been missed. Ends after its life or when the signal aborts; every event's id resumes after it.
 */
export async function* liveEvents(
  inbox: Inbox,
  clock: StreamClock,
  signal: AbortSignal,
  times: LiveTimes = liveTimes,
): AsyncGenerator<string, void, void> {
  const end = clock.now() + times.lifeMs;
  // The first event gives the browser a cursor, so that a reconnection resumes even when nothing changed before it.
  yield (
    retryLine(times.retryMs) +
    encodeEvent({ event: 'hello', data: JSON.stringify({ cursor: inbox.start }), id: String(inbox.start) })
  );
  let spoken = clock.now();
  let sent = Number.NEGATIVE_INFINITY;
  while (!signal.aborted && clock.now() < end) {
    const until = Math.min(spoken + times.keepaliveMs, end);
    await inbox.wait(until - clock.now(), clock, signal);
    if (!inbox.empty) await clock.wait(sent + times.gapMs - clock.now(), signal);
    if (signal.aborted) return;
    if (inbox.empty) {
      if (clock.now() >= end) return;
      if (clock.now() < spoken + times.keepaliveMs) continue;
      yield keepalive;
    } else {
      const { cursor, reset, changes } = inbox.take();
      if (reset) yield encodeEvent({ event: 'reset', data: JSON.stringify({ cursor }), id: String(cursor) });
      if (changes.length > 0)
        yield encodeEvent({ event: 'change', data: JSON.stringify({ cursor, changes }), id: String(cursor) });
      sent = clock.now();
    }
    spoken = clock.now();
  }
}
