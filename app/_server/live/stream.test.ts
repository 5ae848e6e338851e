import { describe, expect, test } from 'vitest';
import type { LogPage } from '#domain/runs/view.ts';
import type { StreamClock } from './clock.ts';
import { Inbox } from './inbox.ts';
import { logEvents } from './log-stream.ts';
import { encodeEvent } from './sse.ts';
import { liveEvents } from './stream.ts';

/** Time that moves only while a stream waits, and does what was planned on the way. */
class PlannedClock implements StreamClock {
  at = 0;
  readonly #plan: { at: number; act: () => void }[] = [];

  now(): number {
    return this.at;
  }
  plan(at: number, act: () => void): void {
    this.#plan.push({ at, act });
    this.#plan.sort((a, b) => a.at - b.at);
  }
  wait(ms: number, signal: AbortSignal): Promise<void> {
    const end = this.at + Math.max(0, ms);
    while (!signal.aborted && (this.#plan[0]?.at ?? Infinity) <= end) {
      const next = this.#plan.shift();
      this.at = Math.max(this.at, next?.at ?? this.at);
      next?.act();
    }
    if (!signal.aborted) this.at = end;
    return Promise.resolve();
  }
}

async function collect(source: AsyncGenerator<string>, clock: StreamClock): Promise<[number, string][]> {
  const seen: [number, string][] = [];
  for await (const text of source) seen.push([clock.now(), text]);
  return seen;
}

const never = () => new AbortController().signal;
const run = (entity: string) => ({ topic: 'runs', entity, scope: 'real' });

describe('live events', () => {
  test('the first change goes at once, those of the next 100 ms together, each once', async () => {
    const clock = new PlannedClock();
    const inbox = new Inbox(10);
    clock.plan(1_000, () => inbox.add([run('a')], 11));
    clock.plan(1_020, () => inbox.add([run('b')], 12));
    clock.plan(1_050, () => inbox.add([run('b'), run('c')], 14));
    const seen = await collect(liveEvents(inbox, clock, never()), clock);
    expect(seen[0]).toEqual([0, 'retry: 1000\n\nid: 10\nevent: hello\ndata: {"cursor":10}\n\n']);
    expect(seen[1]).toEqual([
      1_000,
      encodeEvent({ event: 'change', id: '11', data: JSON.stringify({ cursor: 11, changes: [run('a')] }) }),
    ]);
    expect(seen[2]).toEqual([
      1_100,
      encodeEvent({
        event: 'change',
        id: '14',
        data: JSON.stringify({ cursor: 14, changes: [run('b'), run('c')] }),
      }),
    ]);
  });

  test('silence is broken every 15 s and the stream ends at 75 s', async () => {
    const clock = new PlannedClock();
    const seen = await collect(liveEvents(new Inbox(0), clock, never()), clock);
    expect(seen.slice(1).map(([at, text]) => [at, text])).toEqual(
      [15, 30, 45, 60].map((at) => [at * 1_000, ': keepalive\n\n']),
    );
    expect(clock.at).toBe(75_000);
  });

  test('a reset goes before what follows it, and its cursor may go back', async () => {
    const clock = new PlannedClock();
    const inbox = new Inbox(900);
    inbox.add([run('lost')], 901);
    inbox.reset(7);
    inbox.add([run('a')], 8);
    const [, reset, change] = await collect(liveEvents(inbox, clock, never()), clock);
    expect(reset?.[1]).toBe('id: 8\nevent: reset\ndata: {"cursor":8}\n\n');
    expect(change?.[1]).toContain('"entity":"a"');
    expect(change?.[1]).not.toContain('lost');
  });

  test('the greeting never confirms what was not yet sent', async () => {
    const inbox = new Inbox(3);
    inbox.add([run('missed')], 9);
    const source = liveEvents(inbox, new PlannedClock(), never());
    expect((await source.next()).value).toContain('id: 3\n');
    expect((await source.next()).value).toContain('id: 9\n');
  });

  test('a flood says topics only', async () => {
    const inbox = new Inbox(0);
    inbox.add(
      Array.from({ length: 500 }, (_, index) => run(`r${index}`)),
      500,
    );
    const source = liveEvents(inbox, new PlannedClock(), never());
    await source.next();
    expect((await source.next()).value).toContain(
      '"changes":[{"topic":"runs","entity":null,"scope":"real"}]',
    );
  });

  test('the end of the process ends the stream while it waits', async () => {
    const clock = new PlannedClock();
    const stop = new AbortController();
    clock.plan(4_000, () => stop.abort());
    await collect(liveEvents(new Inbox(0), clock, stop.signal), clock);
    expect(clock.at).toBe(4_000);
  });
});

const line = (seq: number) => ({
  seq,
  attempt: 1,
  stream: 'stdout' as const,
  line: `line ${seq}`,
  at: '2026-11-20T00:00:00.000Z',
});

const page = (from: number, to: number, ended: boolean): LogPage => ({
  items: Array.from({ length: to - from }, (_, index) => line(from + index + 1)),
  next_seq: to,
  ended,
  first_seq: 1,
});

describe('log events', () => {
  test('lines follow within 300 ms, then the end', async () => {
    const clock = new PlannedClock();
    let written = 2;
    let over = false;
    clock.plan(1_000, () => (written = 5));
    clock.plan(2_000, () => (over = true));
    const seen = await collect(
      logEvents((after) => Promise.resolve(page(after, written, over)), 0, clock, never()),
      clock,
    );
    expect(seen.map(([at, text]) => [at, /^id: (.*)$/m.exec(text)?.[1] ?? null])).toEqual([
      [0, null],
      [0, '2'],
      [1_000, '5'],
      [2_000, '5:end'],
    ]);
  });

  test('a long log is read page by page without waiting', async () => {
    const clock = new PlannedClock();
    const seen = await collect(
      logEvents(
        (after) => Promise.resolve(page(after, Math.min(after + 500, 1_200), after + 500 >= 1_200)),
        0,
        clock,
        never(),
      ),
      clock,
    );
    expect(clock.at).toBe(0);
    expect(seen).toHaveLength(5);
  });

  test('line breaks stay inside one event', () => {
    expect(encodeEvent({ event: 'x', data: 'a\nb\r\nc' })).toBe('event: x\ndata: a\ndata: b\ndata: c\n\n');
  });
});
