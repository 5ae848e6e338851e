import type { LogPage } from '#domain/runs/view.ts';
import type { StreamClock } from './clock.ts';
import { encodeEvent, keepalive, retryLine } from './sse.ts';

export interface LogTimes {
  readonly pollMs: number;
  readonly keepaliveMs: number;
  readonly lifeMs: number;
  readonly retryMs: number;
}
export const logTimes: LogTimes = { pollMs: 250, keepaliveMs: 15_000, lifeMs: 75_000, retryMs: 500 };

/** Most lines of one event. */
export const linesAtOnce = 500;
/** Marks the id of the last event: a browser that comes back with it has everything. */
export const endMark = ':end';

/**
 * The lines of one run as they are written: `lines` with a JSON array, `end` when no line will follow.
 * @param read lines after a cursor, oldest first.
 * @param after the last line the reader has; 0 for none.
 */
export async function* logEvents(
  read: (after: number) => Promise<LogPage>,
  after: number,
  clock: StreamClock,
  signal: AbortSignal,
  times: LogTimes = logTimes,
): AsyncGenerator<string, void, void> {
  const end = clock.now() + times.lifeMs;
  let spoken = clock.now();
  let at = after;
  yield retryLine(times.retryMs);
  while (!signal.aborted && clock.now() < end) {
    const page = await read(at);
    if (signal.aborted) return;
    if (page.items.length > 0) {
      at = page.next_seq;
      yield encodeEvent({ event: 'lines', data: JSON.stringify(page.items), id: String(at) });
      spoken = clock.now();
    }
    if (page.ended) {
      yield encodeEvent({ event: 'end', data: JSON.stringify({ next_seq: at }), id: `${at}${endMark}` });
      return;
    }
    if (clock.now() >= spoken + times.keepaliveMs) {
      yield keepalive;
      spoken = clock.now();
    }
    // A full page means that more is stored already.
    if (page.items.length < linesAtOnce) await clock.wait(Math.min(times.pollMs, end - clock.now()), signal);
  }
}
