import '#components/query/setup-zod.ts';
import { z } from 'zod';

/** One `change` event of `/api/v1/live`: ids of rows never travel further than their topic. */
export const liveEvent = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  changes: z.array(
    z.object({ topic: z.string(), entity: z.string().nullish(), scope: z.string().nullish() }),
  ),
});
export type LiveChange = z.output<typeof liveEvent>['changes'][number];

/** What tabs tell each other: the tab with the stream speaks, the others listen. */
export const tabMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('change'), changes: liveEvent.shape.changes }),
  z.object({ kind: z.literal('reset') }),
  z.object({ kind: z.literal('status'), connected: z.boolean() }),
  z.object({ kind: z.literal('hello') }),
]);
export type TabMessage = z.output<typeof tabMessage>;

/** The query-key prefix a change makes stale: `[scope, topic]`, or `['instance', topic]` where no scope is named. */
export function prefixOf(change: LiveChange): readonly [string, string] {
  return [change.scope ?? 'instance', change.topic];
}

/** Queries that show more than one topic stand under the first of these; a change of the others makes them stale too. */
const shownWith: Readonly<Record<string, readonly string[]>> = {
  runs: ['dependencies', 'desk'],
  jobs: ['dependencies', 'desk'],
  accounts: ['desk', 'traders'],
  orders: ['desk'],
  positions: ['desk', 'traders'],
  performance: ['desk'],
  controls: ['desk', 'traders'],
};

/** Prefixes with those that show the same things under another topic, each once. */
export function withShown(
  prefixes: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  const all = prefixes.flatMap(([scope, topic]): [string, string][] => [
    [scope, topic],
    ...(shownWith[topic] ?? []).map((other): [string, string] => [scope, other]),
  ]);
  return [...new Map(all.map((prefix) => [prefix.join(' '), prefix])).values()];
}

/**
 * Gathers what became stale while nobody may redraw. `everything` stands for changes we could not see.
 */
export class StaleSet {
  readonly #prefixes = new Map<string, readonly [string, string]>();
  #everything = false;

  add(changes: readonly LiveChange[]): void {
    for (const change of changes) {
      const prefix = prefixOf(change);
      this.#prefixes.set(prefix.join(' '), prefix);
    }
  }

  addEverything(): void {
    this.#everything = true;
  }

  get empty(): boolean {
    return !this.#everything && this.#prefixes.size === 0;
  }

  /** Hands over what was gathered and starts anew; `null` means everything. */
  take(): readonly (readonly [string, string])[] | null {
    const taken = this.#everything ? null : [...this.#prefixes.values()];
    this.#prefixes.clear();
    this.#everything = false;
    return taken;
  }
}

/** The JSON text of an event, or null when it is not one of ours. */
export function parseLiveEvent(text: string): z.output<typeof liveEvent> | null {
  try {
    const parsed = liveEvent.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
