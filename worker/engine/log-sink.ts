import { appendLog, type Claim, type NewLogLine } from '#db/engine/claim.ts';
import type { Database } from '#db/core/client.ts';

const flushMs = 100;
const batchLines = 500;
const mostBuffered = 5_000;

/** Gathers an attempt's lines and writes them in batches, so that a line is readable within a fraction of a second. */
export interface LogSink {
  /** Resolves when the buffer has room again. */
  write(stream: NewLogLine['stream'], line: string): Promise<void>;
  /** Writes what is left. @throws the database's error when it cannot. */
  close(): Promise<void>;
}

/** @param onFenced called once when the attempt is no longer ours. */
export function logSink(db: Database, claim: Claim, onFenced: () => void): LogSink {
  let seq = claim.last_seq;
  let buffer: NewLogLine[] = [];
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  let fenced = false;

  async function flush(): Promise<void> {
    while (buffer.length > 0 && !fenced) {
      const batch = buffer.slice(0, batchLines);
      if (!(await appendLog(db, claim, batch))) {
        fenced = true;
        onFenced();
      }
      buffer = buffer.slice(batch.length);
    }
  }
  function schedule(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    writing = writing.then(flush, flush);
    return writing;
  }

  return {
    async write(stream, line) {
      seq += 1;
      buffer.push({ seq, stream, line, at: new Date() });
      if (buffer.length >= mostBuffered) await schedule().catch(() => undefined);
      else if (buffer.length >= batchLines) schedule().catch(() => undefined);
      else timer ??= setTimeout(() => void schedule().catch(() => undefined), flushMs);
    },
    close: schedule,
  };
}
