import type { FeedItem, FeedPage } from '#db/core/feed.ts';
import type { StreamClock } from './clock.ts';

export type FeedEvent =
  | { readonly kind: 'changes'; readonly items: readonly FeedItem[]; readonly cursor: number }
  | { readonly kind: 'reset'; readonly cursor: number };

/** Where the hub gets its changes; rings may be lost or come twice. */
export interface FeedSource {
  current(): Promise<number>;
  read(after: number): Promise<FeedPage>;
  listen(onRing: () => void): Promise<{ close(): Promise<void> }>;
  onTrouble(error: unknown): void;
}

export interface LiveHub {
  /** Connects at first use. @returns the newest change's id. @throws while the database is away. */
  start(): Promise<number>;
  subscribe(listener: (event: FeedEvent) => void): () => void;
  /** A signal that aborts when the process stops; `done` is called when the stream has ended. */
  openStream(): { readonly signal: AbortSignal; readonly stop: () => void };
  readonly streams: number;
  readonly closed: boolean;
  /** Ends every stream at once and disconnects; nothing is served afterwards. */
  close(): Promise<void>;
}

/** The poll finds what a lost ring did not tell. */
const pollMs = 5_000;
/** Between two reads, however often it rings. */
const readGapMs = 30;
const mostKnown = 5_000;

/** One reader of the change feed for all streams of a process. */
export function createHub(source: FeedSource, clock: StreamClock): LiveHub {
  const listeners = new Set<(event: FeedEvent) => void>();
  const streams = new Set<AbortController>();
  const ended = new AbortController();
  const known = new Set<number>();
  let bell = new AbortController();
  let cursor = 0;
  let line: { close(): Promise<void> } | null = null;
  let started: Promise<number> | null = null;

  const tell = (event: FeedEvent) => listeners.forEach((listener) => listener(event));
  const ring = () => bell.abort();

  function remember(items: readonly FeedItem[]): FeedItem[] {
    const fresh = items.filter((item) => !known.has(item.id));
    for (const item of fresh) known.add(item.id);
    for (const id of known) {
      if (known.size <= mostKnown) break;
      known.delete(id);
    }
    return fresh;
  }

  async function readOn(): Promise<void> {
    for (let more = true; more && !ended.signal.aborted;) {
      const page = await source.read(cursor);
      if (page.reset) {
        known.clear();
        cursor = page.cursor;
        return tell({ kind: 'reset', cursor });
      }
      more = page.more;
      cursor = page.cursor;
      const items = remember(page.items);
      if (items.length > 0) tell({ kind: 'changes', items, cursor });
    }
  }

  async function follow(): Promise<void> {
    while (!ended.signal.aborted) {
      await clock.wait(pollMs, AbortSignal.any([bell.signal, ended.signal]));
      bell = new AbortController();
      try {
        line ??= await source.listen(ring);
        await readOn();
      } catch (error) {
        source.onTrouble(error);
        await clock.wait(1_000, ended.signal);
      }
      await clock.wait(readGapMs, ended.signal);
    }
    await line?.close();
  }

  async function begin(): Promise<number> {
    cursor = await source.current();
    const recent = await source.read(cursor);
    remember(recent.items);
    line = await source.listen(ring);
    following = follow();
    return cursor;
  }
  let following: Promise<void> = Promise.resolve();

  return {
    start() {
      started ??= begin().catch((error: unknown) => {
        started = null;
        throw error;
      });
      return started.then(() => cursor);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    openStream() {
      const stream = new AbortController();
      if (ended.signal.aborted) stream.abort();
      streams.add(stream);
      const stop = () => {
        streams.delete(stream);
        stream.abort();
      };
      return { signal: stream.signal, stop };
    },
    get streams() {
      return streams.size;
    },
    get closed() {
      return ended.signal.aborted;
    },
    async close() {
      ended.abort();
      for (const stream of streams) stream.abort();
      streams.clear();
      await following;
    },
  };
}
