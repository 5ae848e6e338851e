import { setTimeout as setTimeoutAsync } from 'node:timers/promises';
import { isUnavailable } from '#db/core/availability.ts';
import { appendLog, type Claim, type NewLogLine } from '#db/engine/claim.ts';
import type { Database } from '#db/core/client.ts';
import { log } from '#worker/log.ts';

const flushMs = 100;
const batchLines = 500;
const mostBuffered = 5_000;
const longestWaitMs = 2_000;

/** Gathers an attempt's lines and writes them in batches, so that a line is readable within a fraction of a second. */
export interface LogSink {
  /** Resolves when the buffer has room again. */
  write(stream: NewLogLine['stream'], line: string): Promise<void>;
  /** Writes what is left. @throws the database's error when it cannot. */
  close(): Promise<void>;
}

/**
 * Writes a batch. One that the database refuses is lost, and a line says so: it would be refused for ever.
 * @returns false when the attempt is over. @throws when the database is away.
 */
async function append(db: Database, claim: Claim, batch: readonly NewLogLine[]): Promise<boolean> {
  const last = batch.at(-1);
  if (last === undefined) return true;
  try {
    return await appendLog(db, claim, batch);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    log.error({ run_id: claim.id, lines: batch.length, err: error }, 'output refused by the database');
  }
  const line = `${batch.length} lines of output were lost: the database refused them`;
  try {
    return await appendLog(db, claim, [{ ...last, stream: 'system', line }]);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return true;
  }
}

/** @param onFenced called once when the attempt is no longer ours. */
export function logSink(db: Database, claim: Claim, onFenced: () => void): LogSink {
  let seq = claim.last_seq;
  let buffer: NewLogLine[] = [];
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  let fenced = false;

  async function flush(): Promise<void> {
    while (buffer.length > 0) {
      const batch = buffer.slice(0, batchLines);
      if (await append(db, claim, batch)) buffer = buffer.slice(batch.length);
      else {
        fenced = true;
        buffer = [];
        onFenced();
      }
    }
  }
  function schedule(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    writing = writing.then(flush, flush);
    return writing;
  }

  /** Holds the writer back while the database is away, so that what waits here stays bounded. */
  async function room(): Promise<void> {
    for (let delay = flushMs; buffer.length >= mostBuffered; delay = Math.min(delay * 2, longestWaitMs)) {
      const written = await schedule().then(
        () => true,
        () => false,
      );
      if (!written) await setTimeoutAsync(delay);
    }
  }

  return {
    async write(stream, line) {
      if (fenced) return;
      seq += 1;
      buffer.push({ seq, stream, line, at: new Date() });
      if (buffer.length >= mostBuffered) await room();
      else if (buffer.length >= batchLines) schedule().catch(() => undefined);
      else timer ??= setTimeout(() => void schedule().catch(() => undefined), flushMs);
    },
    close: schedule,
  };
}
