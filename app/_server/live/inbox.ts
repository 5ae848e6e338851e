import type { StreamClock } from './clock.ts';

/** What a browser is told: ids of rows never travel further than their topic. `entity` null: several. */
export interface LiveChange {
  readonly topic: string;
  readonly entity: string | null;
  readonly scope: string | null;
}

/** Above this many, a set of changes says topics only. */
const mostChanges = 200;

/** Gathers changes between two events of one stream, each once, and wakes the stream at the first. */
export class Inbox {
  readonly #changes = new Map<string, LiveChange>();
  /** Where the reader stood when the stream began; what is gathered comes after it. */
  readonly start: number;
  #cursor: number;
  #reset = false;
  #wake: AbortController | null = null;

  constructor(cursor: number) {
    this.start = cursor;
    this.#cursor = cursor;
  }

  /** @param items those the caller of the stream may see. */
  add(items: readonly LiveChange[], cursor: number): void {
    this.#cursor = Math.max(this.#cursor, cursor);
    for (const { topic, entity, scope } of items)
      this.#changes.set(`${topic}\n${entity ?? ''}\n${scope ?? ''}`, { topic, entity, scope });
    if (items.length > 0) this.#wake?.abort();
  }

  /** Something went by unseen; the cursor may also go back, when the database was restored. */
  reset(cursor: number): void {
    this.#cursor = cursor;
    this.#reset = true;
    this.#changes.clear();
    this.#wake?.abort();
  }

  get empty(): boolean {
    return !this.#reset && this.#changes.size === 0;
  }

  /** Waits until there is something, the time is over or the signal aborts. */
  async wait(ms: number, clock: StreamClock, signal: AbortSignal): Promise<void> {
    if (!this.empty) return;
    const wake = new AbortController();
    this.#wake = wake;
    await clock.wait(ms, AbortSignal.any([wake.signal, signal]));
    this.#wake = null;
  }

  /** Hands over what was gathered. */
  take(): { readonly cursor: number; readonly reset: boolean; readonly changes: readonly LiveChange[] } {
    const taken = { cursor: this.#cursor, reset: this.#reset, changes: fewer([...this.#changes.values()]) };
    this.#changes.clear();
    this.#reset = false;
    return taken;
  }
}

function fewer(list: readonly LiveChange[]): readonly LiveChange[] {
  if (list.length <= mostChanges) return list;
  return [
    ...new Map(
      list.map(({ topic, scope }) => [`${topic}\n${scope ?? ''}`, { topic, entity: null, scope }]),
    ).values(),
  ];
}
