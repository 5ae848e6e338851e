import { expect, test, vi } from 'vitest';
import type { FeedItem, FeedPage } from '#db/core/feed.ts';
import { systemClock } from './clock.ts';
import { createHub, type FeedEvent, type FeedSource } from './hub.ts';

const item = (id: number): FeedItem => ({ id, topic: 'runs', entity: `r${id}`, scope: 'real' });

/** A feed in memory, with a bell; `fail` makes the next reads throw. */
function feed() {
  const rows: FeedItem[] = [];
  const state = { fail: 0, reset: false, ring: () => {}, trouble: 0 };
  const source: FeedSource = {
    current: () => Promise.resolve(rows.at(-1)?.id ?? 0),
    read(after): Promise<FeedPage> {
      if (state.fail > 0) {
        state.fail -= 1;
        return Promise.reject(new Error('away'));
      }
      if (state.reset) {
        state.reset = false;
        return Promise.resolve({ items: [], cursor: 1, reset: true, more: false });
      }
      // Everything comes again, as rows below the cursor may.
      const found = rows.filter(({ id }) => id > after - 1_000).slice(0, 1_000);
      return Promise.resolve({
        items: found,
        cursor: Math.max(after, found.at(-1)?.id ?? 0),
        reset: false,
        more: false,
      });
    },
    listen(onRing) {
      state.ring = onRing;
      return Promise.resolve({ close: () => Promise.resolve() });
    },
    onTrouble: () => void (state.trouble += 1),
  };
  return { rows, state, source };
}

function heardBy(hub: ReturnType<typeof createHub>) {
  const heard: FeedEvent[] = [];
  hub.subscribe((event) => void heard.push(event));
  const ids = () =>
    heard.flatMap((event) => (event.kind === 'changes' ? event.items.map(({ id }) => id) : []));
  return { heard, ids };
}

test('each change is told once, also one whose id commits late', async () => {
  const { rows, state, source } = feed();
  rows.push(item(1));
  const hub = createHub(source, systemClock);
  expect(await hub.start()).toBe(1);
  const { ids } = heardBy(hub);
  rows.push(item(3));
  state.ring();
  await vi.waitFor(() => expect(ids()).toEqual([3]));
  rows.push(item(2));
  state.ring();
  state.ring();
  await vi.waitFor(() => expect(ids()).toEqual([3, 2]));
  await hub.close();
});

test('an outage is reported and what happened in it is told afterwards', async () => {
  const { rows, state, source } = feed();
  const hub = createHub(source, systemClock);
  await hub.start();
  const { ids } = heardBy(hub);
  state.fail = 1;
  rows.push(item(1));
  state.ring();
  await vi.waitFor(() => expect(state.trouble).toBe(1));
  rows.push(item(2));
  state.ring();
  await vi.waitFor(() => expect(ids()).toEqual([1, 2]), { timeout: 4_000 });
  await hub.close();
});

test('a feed that went back resets everybody', async () => {
  const { state, source } = feed();
  const hub = createHub(source, systemClock);
  await hub.start();
  const { heard } = heardBy(hub);
  state.reset = true;
  state.ring();
  await vi.waitFor(() => expect(heard).toEqual([{ kind: 'reset', cursor: 1 }]));
  await hub.close();
});

test('closing ends streams, those opened afterwards too; a start that failed can be tried again', async () => {
  const { state, source } = feed();
  const hub = createHub(source, systemClock);
  state.fail = 1;
  await expect(hub.start()).rejects.toThrow('away');
  await hub.start();
  const stream = hub.openStream();
  expect([hub.streams, stream.signal.aborted]).toEqual([1, false]);
  await hub.close();
  expect([hub.streams, stream.signal.aborted, hub.closed]).toEqual([0, true, true]);
  expect(hub.openStream().signal.aborted).toBe(true);
});
