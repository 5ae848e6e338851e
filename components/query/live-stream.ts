import { parseLiveEvent, tabMessage } from '#components/query/live-changes.ts';
import type { LiveChange, TabMessage } from '#components/query/live-changes.ts';

export interface StreamListener {
  readonly onChanges: (changes: readonly LiveChange[]) => void;
  /** Something may have been missed: everything shown is stale. */
  readonly onReset: () => void;
  readonly onConnected: (connected: boolean) => void;
}

const firstRetryMs = 2_000;
const lastRetryMs = 30_000;

/**
 * Follows the changes of one scope until the signal aborts. Of all visible tabs one holds the stream (Web Locks)
 * and passes events on (BroadcastChannel); where the browser has no locks, each tab holds its own.
 */
export function followChanges(scope: string, listener: StreamListener, signal: AbortSignal): void {
  const name = `bellkeeper-live-${scope}`;
  const channel = new BroadcastChannel(name);
  let leading = false;
  let connected = false;
  let followed = false;

  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none: it is of this origin.
  const tell = (message: TabMessage) => channel.postMessage(message);
  const setConnected = (value: boolean) => {
    connected = value;
    listener.onConnected(value);
    tell({ kind: 'status', connected: value });
  };

  channel.addEventListener('message', (event: MessageEvent<unknown>) => {
    const parsed = tabMessage.safeParse(event.data);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.kind === 'hello') {
      if (leading) tell({ kind: 'status', connected });
      return;
    }
    if (leading) return;
    followed = true;
    if (message.kind === 'change') listener.onChanges(message.changes);
    else if (message.kind === 'reset') listener.onReset();
    else listener.onConnected(message.connected);
  });
  signal.addEventListener('abort', () => channel.close(), { once: true });
  tell({ kind: 'hello' });

  const lead = async () => {
    if (signal.aborted) return;
    leading = true;
    // Between two holders of the stream, events may have gone by unseen.
    if (followed) listener.onReset();
    await holdStream(scope, signal, {
      onConnected: setConnected,
      onChanges: (changes) => {
        listener.onChanges(changes);
        tell({ kind: 'change', changes: [...changes] });
      },
      onReset: () => {
        listener.onReset();
        tell({ kind: 'reset' });
      },
    });
  };

  if (!('locks' in navigator)) {
    void lead();
    return;
  }
  navigator.locks.request(name, { signal }, lead).catch((error: unknown) => {
    if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
  });
}

/** Keeps one EventSource open; resolves when the signal aborts. */
function holdStream(scope: string, signal: AbortSignal, listener: StreamListener): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | null = null;
    let retryMs = firstRetryMs;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lost = false;

    const open = () => {
      const current = new EventSource(`/api/v1/live?scope=${encodeURIComponent(scope)}`);
      source = current;
      current.addEventListener('open', () => {
        retryMs = firstRetryMs;
        if (lost) listener.onReset();
        lost = false;
        listener.onConnected(true);
      });
      current.addEventListener('change', (event: MessageEvent<string>) => {
        const parsed = parseLiveEvent(event.data);
        if (parsed !== null) listener.onChanges(parsed.changes);
      });
      current.addEventListener('reset', () => listener.onReset());
      current.addEventListener('error', () => {
        listener.onConnected(false);
        if (current.readyState !== EventSource.CLOSED) return;
        // The browser gave up (an HTTP error): begin a new stream, which knows no last event.
        lost = true;
        timer = setTimeout(open, retryMs);
        retryMs = Math.min(retryMs * 2, lastRetryMs);
      });
    };

    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        source?.close();
        resolve();
      },
      { once: true },
    );
    open();
  });
}
