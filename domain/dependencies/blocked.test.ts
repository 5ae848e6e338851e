import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockedBy, blocksOf, type BlockedJob } from './blocked.ts';
import { edge, type Edge } from './edge.ts';

const gate = (upstream: string, downstream: string, rules: Partial<Edge> = {}): Edge => ({
  ...edge.parse({ upstream, downstream, kind: 'gate' }),
  ...rules,
});

function job(jobId: string, latest: BlockedJob['latest'], more: Partial<BlockedJob> = {}): BlockedJob {
  return {
    jobId,
    scheduled: true,
    latest,
    succeeded: latest === 'succeeded' ? 1 : 0,
    bad: latest === 'bad' ? 1 : 0,
    open: latest === 'open' || latest === 'held' ? 1 : 0,
    ...more,
  };
}
const chain = [gate('a', 'b'), gate('b', 'c'), gate('c', 'd')];

describe('what blocks what', () => {
  it('names the failed root of a chain on everything behind it, and nothing on the root', () => {
    const found = blockedBy([job('a', 'bad'), job('b', 'held'), job('c', 'held'), job('d', null)], chain);
    expect(Object.fromEntries(found)).toEqual({ a: [], b: ['a'], c: ['a'], d: ['a'] });
  });

  it('tells a missing run from one that is merely not finished', () => {
    const missing = blockedBy([job('a', null), job('b', 'held'), job('c', null)], chain.slice(0, 2));
    expect(Object.fromEntries(missing)).toEqual({ a: [], b: ['a'], c: [] });
    const open = blockedBy([job('a', 'open'), job('b', 'held'), job('c', 'held')], chain.slice(0, 2));
    expect([...open.values()].flat()).toEqual([]);
  });

  it('lets pass what the edge asks for', () => {
    const jobs = [job('a', 'bad', { succeeded: 2, bad: 1 }), job('b', 'held')];
    expect(blockedBy(jobs, [gate('a', 'b', { on: 'any' })]).get('b')).toEqual([]);
    expect(blockedBy(jobs, [gate('a', 'b', { satisfied_by: 'any' })]).get('b')).toEqual([]);
    expect(blockedBy(jobs, [gate('a', 'b', { satisfied_by: 'all' })]).get('b')).toEqual(['a']);
    expect(blockedBy(jobs, [gate('a', 'b')]).get('b')).toEqual(['a']);
  });

  it('holds a job that only a trigger starts, and not one with a schedule of its own', () => {
    const edges = [gate('a', 'b', { kind: 'trigger' })];
    expect(blockedBy([job('a', 'bad'), job('b', null, { scheduled: false })], edges).get('b')).toEqual(['a']);
    expect(blockedBy([job('a', 'bad'), job('b', null)], edges).get('b')).toEqual([]);
  });

  it('believes the gates where a later run of the upstream hides the one that failed', () => {
    const jobs = [
      job('a', 'succeeded', { bad: 1 }),
      job('b', 'held', { told: { job: 'a', cause: 'failed' } }),
    ];
    expect(blockedBy(jobs, chain.slice(0, 1)).get('b')).toEqual(['a']);
    const open = [job('a', 'open'), job('b', 'held', { told: { job: 'a', cause: null } })];
    expect(blockedBy(open, chain.slice(0, 1)).get('b')).toEqual([]);
  });

  const graphs = fc
    .integer({ min: 2, max: 8 })
    .chain((size) =>
      fc.tuple(
        fc.array(
          fc.record({
            latest: fc.constantFrom('held', 'open', 'succeeded', 'bad', null),
            scheduled: fc.boolean(),
          }),
          { minLength: size, maxLength: size },
        ),
        fc.uniqueArray(
          fc.tuple(fc.nat(size - 1), fc.nat(size - 1), fc.constantFrom('gate', 'trigger', 'both')),
          { selector: ([from, to]) => `${from} ${to}`, maxLength: 20 },
        ),
      ),
    )
    .map(([states, pairs]) => ({
      jobs: states.map(({ latest, scheduled }, index) => job(`j${index}`, latest, { scheduled })),
      edges: pairs
        .filter(([from, to]) => from < to)
        .map(([from, to, kind]) => gate(`j${from}`, `j${to}`, { kind })),
    }));

  it('property: a cause is upstream, is not blocked itself, and has failed or has no run', () => {
    fc.assert(
      fc.property(graphs, ({ jobs, edges }) => {
        const found = blockedBy(jobs, edges);
        const states = new Map(jobs.map((entry) => [entry.jobId, entry]));
        for (const [id, causes] of found) {
          if (causes.length > 0) expect(['held', null]).toContain(states.get(id)?.latest);
          for (const cause of causes) {
            expect(Number(cause.slice(1))).toBeLessThan(Number(id.slice(1)));
            expect(['bad', null]).toContain(states.get(cause)?.latest);
            expect(found.get(cause)).toEqual([]);
          }
        }
      }),
    );
  });

  it('property: were every cause to succeed, it would be a cause no more', () => {
    fc.assert(
      fc.property(graphs, ({ jobs, edges }) => {
        const causes = new Set([...blockedBy(jobs, edges).values()].flat());
        const mended = jobs.map((entry) =>
          causes.has(entry.jobId) ? job(entry.jobId, 'succeeded', { scheduled: entry.scheduled }) : entry,
        );
        for (const left of [...blockedBy(mended, edges).values()].flat()) expect(causes).not.toContain(left);
      }),
    );
  });

  it('turns causes into what they hold', () => {
    const jobs = [
      { job_id: 'b', blocked_by: ['a'] },
      { job_id: 'c', blocked_by: ['a', 'x'] },
    ];
    expect(Object.fromEntries(blocksOf(jobs))).toEqual({ a: ['b', 'c'], x: ['c'] });
  });
});
