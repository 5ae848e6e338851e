'use client';

import '#components/query/setup-zod.ts';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { z } from 'zod';
import { logLine } from '#domain/runs/view.ts';
import { runsPath } from '#components/runs/queries.ts';
import { LogBuffer, type LogSnapshot } from '#components/runs/log/log-buffer.ts';

const firstRetryMs = 500;
const lastRetryMs = 10_000;
const lines = z.array(logLine);

function parseLines(text: string): z.output<typeof lines> {
  try {
    return lines.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}

/**
 * Streams a run's log into the buffer until the signal aborts or the server says that it has ended.
 * Every connection continues after the last line held, so nothing is missed or shown twice.
 */
function streamLog(scope: string, runId: string, buffer: LogBuffer, signal: AbortSignal): void {
  let retryMs = firstRetryMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource | null = null;

  const open = () => {
    const current = new EventSource(
      runsPath(scope, `/${runId}/logs/stream?after_seq=${buffer.snapshot().lastSeq}`),
    );
    source = current;
    current.addEventListener('open', () => {
      retryMs = firstRetryMs;
      buffer.setPhase('open');
    });
    current.addEventListener('lines', (event: MessageEvent<string>) => buffer.add(parseLines(event.data)));
    current.addEventListener('end', () => {
      buffer.setPhase('ended');
      current.close();
    });
    current.addEventListener('error', () => {
      current.close();
      if (signal.aborted) return;
      buffer.setPhase('reconnecting');
      timer = setTimeout(open, retryMs);
      retryMs = Math.min(retryMs * 2, lastRetryMs);
    });
  };
  signal.addEventListener(
    'abort',
    () => {
      clearTimeout(timer);
      source?.close();
    },
    { once: true },
  );
  open();
}

/**
 * The log of a run, live.
 * @param open whether the run can still write; a rerun opens the stream again.
 */
export function useRunLog(scope: string, runId: string, open: boolean): LogSnapshot {
  const [buffer] = useState(() => new LogBuffer());
  useEffect(() => {
    if (!open && buffer.snapshot().phase === 'ended') return;
    const stream = new AbortController();
    streamLog(scope, runId, buffer, stream.signal);
    return () => stream.abort();
  }, [scope, runId, buffer, open]);
  return useSyncExternalStore(buffer.subscribe, buffer.snapshot, buffer.snapshot);
}
