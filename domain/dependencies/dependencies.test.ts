import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runState, type RunState } from '#domain/runs/run.ts';
import { cycleOf, findCycle } from './cycle.ts';
import { dependsOn, triggers } from './edge.ts';
import { counts, heldByUpstreams, type SeenUpstream } from './gate.ts';

const link = (upstream: string, downstream: string) => ({ upstream, downstream });
const jobNames = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const anyLinks = fc.array(
  fc.record({
    upstream: fc.constantFrom(...jobNames),
    downstream: fc.constantFrom(...jobNames),
  }),
  { maxLength: 12 },
);
const isPath = (path: readonly string[], edges: readonly ReturnType<typeof link>[]) =>
  path
    .slice(1)
    .every((to, index) => edges.some((edge) => edge.upstream === path[index] && edge.downstream === to));

/** Kahn's algorithm: whether every job can be put after those before it. */
function sortable(edges: readonly ReturnType<typeof link>[]): boolean {
  let left = [...edges];
  for (;;) {
    const open = left.filter((edge) => left.some((other) => other.downstream === edge.upstream));
    if (open.length === left.length) return left.length === 0;
    left = open;
  }
}

describe('cycles', () => {
  test('are found as the path that closes them', () => {
    expect(findCycle([link('a', 'b'), link('b', 'c'), link('c', 'a')])).toEqual(['a', 'b', 'c', 'a']);
    expect(findCycle([link('a', 'b'), link('a', 'c'), link('b', 'd'), link('c', 'd')])).toBeNull();
    expect(cycleOf([link('a', 'b'), link('b', 'c')], link('c', 'a'))).toEqual(['c', 'a', 'b', 'c']);
    expect(cycleOf([], link('a', 'a'))).toEqual(['a', 'a']);
    expect(cycleOf([link('a', 'b')], link('a', 'b'))).toBeNull();
  });

  test('are found exactly when the jobs cannot be put in order', () => {
    fc.assert(
      fc.property(anyLinks, (edges) => {
        const path = findCycle(edges);
        expect(path === null).toBe(sortable(edges));
        if (path !== null) {
          expect(path.at(0)).toBe(path.at(-1));
          expect(isPath(path, edges)).toBe(true);
        }
      }),
    );
  });

  test('of one more edge are those that were not there without it', () => {
    fc.assert(
      fc.property(anyLinks, fc.constantFrom(...jobNames), fc.constantFrom(...jobNames), (some, from, to) => {
        const edges = some.filter((_, index) => findCycle(some.slice(0, index + 1)) === null);
        fc.pre(findCycle(edges) === null);
        const path = cycleOf(edges, link(from, to));
        expect(path === null).toBe(findCycle([...edges, link(from, to)]) === null);
        if (path !== null) expect(isPath(path, [...edges, link(from, to)])).toBe(true);
      }),
    );
  });

  test('in a chain of ten thousand jobs need no deep stack', () => {
    const chain = Array.from({ length: 10_000 }, (_, index) => link(`j${index}`, `j${index + 1}`));
    expect(findCycle(chain)).toBeNull();
    expect(findCycle([...chain, link('j10000', 'j0')])).toHaveLength(10_002);
  });
});

test('an id alone is a gate, or a trigger, on success', () => {
  expect(dependsOn.parse(['a'])).toEqual([
    { job_id: 'a', kind: 'gate', on: 'success', satisfied_by: 'latest', each: false },
  ]);
  expect(triggers.parse([{ job_id: 'b', on: 'any' }])[0]).toEqual({ job_id: 'b', on: 'any', each: false });
});

const seen = (over: Partial<SeenUpstream>): SeenUpstream => ({
  jobId: 'up',
  rule: { on: 'success', satisfied_by: 'latest' },
  latest: null,
  counting: null,
  lacking: null,
  dueAt: null,
  ...over,
});
const rule = (satisfied_by: 'any' | 'all') => ({ on: 'success', satisfied_by }) as const;
const runOf = (state: RunState) => ({ runId: 'r', state });

describe('a gate', () => {
  test('waits for a run that is not there, not due, not finished or failed, and says which', () => {
    expect(heldByUpstreams([seen({})])?.code).toBe('upstream_none');
    expect(heldByUpstreams([seen({ dueAt: new Date(0) })])?.code).toBe('upstream_due');
    expect(heldByUpstreams([seen({ latest: runOf('running') })])?.code).toBe('upstream_open');
    expect(heldByUpstreams([seen({ latest: runOf('quarantined') })])?.code).toBe('upstream_failed');
    expect(heldByUpstreams([seen({ latest: runOf('succeeded') })])).toBeNull();
    expect(heldByUpstreams([])).toBeNull();
  });

  test('names the failure first and counts the rest', () => {
    const held = heldByUpstreams([
      seen({ jobId: 'a' }),
      seen({ jobId: 'b', latest: runOf('running') }),
      seen({ jobId: 'c', latest: runOf('failed') }),
    ]);
    expect(held).toMatchObject({ code: 'upstream_failed', params: { job: 'c', more: 2 } });
  });

  test('on any end takes a failure; on success only a success, whatever the state', () => {
    fc.assert(
      fc.property(fc.constantFrom(...runState.options), fc.constantFrom('success', 'any'), (state, on) => {
        fc.pre(state !== 'skipped');
        const held = heldByUpstreams([seen({ rule: { on, satisfied_by: 'latest' }, latest: runOf(state) })]);
        expect(held === null).toBe(counts(state, on));
      }),
    );
  });

  test('satisfied by any passes a later failure; by all is held by one lacking', () => {
    const mixed = { latest: runOf('failed'), counting: runOf('succeeded'), lacking: runOf('failed') };
    expect(heldByUpstreams([seen({ ...mixed, rule: rule('any') })])).toBeNull();
    expect(heldByUpstreams([seen({ ...mixed, rule: rule('all') })])?.code).toBe('upstream_failed');
    const good = { latest: runOf('succeeded'), counting: runOf('succeeded') };
    expect(heldByUpstreams([seen({ ...good, rule: rule('all') })])).toBeNull();
    expect(heldByUpstreams([seen({ ...good, rule: rule('all'), dueAt: new Date(0) })])?.code).toBe(
      'upstream_due',
    );
  });
});
