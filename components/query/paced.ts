import type { QueryClient, QueryKey } from '@tanstack/react-query';

/**
 * Reads at most once per `everyMs`, whoever asks; those who ask meanwhile share the next reading. What is read is also
 * delivered, so that an asker who gave up for a newer one does not lose it: a busy desk changes many times a second.
 */
export class Paced<T> {
  readonly #read: () => Promise<T>;
  readonly #deliver: (value: T) => void;
  readonly #everyMs: number;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<T> | null = null;
  #startedAt = -Infinity;

  constructor(read: () => Promise<T>, deliver: (value: T) => void, everyMs: number) {
    this.#read = read;
    this.#deliver = deliver;
    this.#everyMs = everyMs;
  }

  /** The result of a reading that begins after this call. */
  read(): Promise<T> {
    this.#next ??= this.#begin();
    return this.#next;
  }

  async #begin(): Promise<T> {
    await this.#running;
    const wait = this.#startedAt + this.#everyMs - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    this.#next = null;
    this.#startedAt = performance.now();
    const reading = this.#read();
    this.#running = reading.catch(() => undefined);
    const value = await reading;
    this.#deliver(value);
    return value;
  }
}

/** Reads queries at most once per `everyMs` each; for what a busy desk makes stale many times a second. */
export function pacedReader<T>(everyMs: number) {
  const readers = new WeakMap<QueryClient, Map<string, Paced<T>>>();
  return (client: QueryClient, key: QueryKey, read: () => Promise<T>): Promise<T> => {
    const mine = readers.get(client) ?? new Map<string, Paced<T>>();
    readers.set(client, mine);
    const name = JSON.stringify(key);
    const paced =
      mine.get(name) ?? new Paced(read, (value) => void client.setQueryData<T>(key, () => value), everyMs);
    mine.set(name, paced);
    return paced.read();
  };
}
