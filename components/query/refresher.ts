import type { QueryClient } from '@tanstack/react-query';
import { StaleSet, withShown } from '#components/query/live-changes.ts';
import type { LiveChange } from '#components/query/live-changes.ts';

/** Changes are gathered this long, so that a burst of them redraws once. */
const gatherMs = 50;

/** Makes queries stale as changes come in; while held it gathers, and catches up when let go. */
export class Refresher {
  readonly #client: QueryClient;
  readonly #stale = new StaleSet();
  #held = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient) {
    this.#client = client;
  }

  changed(changes: readonly LiveChange[]): void {
    this.#stale.add(changes);
    this.#schedule();
  }

  /** Something may have been missed. */
  everythingChanged(): void {
    this.#stale.addEverything();
    this.#schedule();
  }

  hold(held: boolean): void {
    this.#held = held;
    if (!held) this.#flush();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#flush(), gatherMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#held || this.#stale.empty) return;
    const prefixes = this.#stale.take();
    if (prefixes === null) void this.#client.invalidateQueries();
    else for (const queryKey of withShown(prefixes)) void this.#client.invalidateQueries({ queryKey });
  }
}
