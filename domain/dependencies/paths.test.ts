import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { criticalPath, nearest, neighbourhood, type Link } from './paths.ts';

const link = (text: string): Link => {
  const [upstream = '', downstream = ''] = text.split('>');
  return { upstream, downstream };
};
const links = (...texts: string[]) => texts.map(link);

/** Random graphs without a cycle: edges lead from lower to higher numbers. */
const graphs = fc
  .uniqueArray(fc.tuple(fc.nat(7), fc.nat(7)), { selector: ([a, b]) => `${a} ${b}`, maxLength: 16 })
  .map((pairs) =>
    pairs.filter(([a, b]) => a < b).map(([a, b]): Link => ({ upstream: `j${a}`, downstream: `j${b}` })),
  );

function everyPath(edges: readonly Link[]): string[][] {
  const extend = (path: string[]): string[][] => [
    path,
    ...edges
      .filter(({ upstream }) => upstream === path.at(-1))
      .flatMap(({ downstream }) => extend([...path, downstream])),
  ];
  return [...new Set(edges.map(({ upstream }) => upstream))].flatMap((start) => extend([start]));
}

describe('the critical path', () => {
  it('is the chain that takes longest, not the one with most jobs', () => {
    const durations = new Map([
      ['a', 5],
      ['b', 100],
      ['c', 1],
      ['d', 1],
      ['e', 1],
    ]);
    expect(criticalPath(durations, links('a>b', 'a>c', 'c>d', 'd>e'))).toEqual({ path: ['a', 'b'], ms: 105 });
  });

  it('is none without edges or without time', () => {
    expect(criticalPath(new Map([['a', 5]]), [])).toBeNull();
    expect(criticalPath(new Map(), links('a>b'))).toBeNull();
  });

  it('property: no other chain takes longer', () => {
    fc.assert(
      fc.property(graphs, fc.array(fc.nat(100), { minLength: 8, maxLength: 8 }), (edges, times) => {
        const durations = new Map(times.map((ms, index) => [`j${index}`, ms]));
        const sum = (path: readonly string[]) =>
          path.reduce((total, id) => total + (durations.get(id) ?? 0), 0);
        const most = Math.max(
          0,
          ...everyPath(edges)
            .filter((path) => path.length > 1)
            .map(sum),
        );
        const found = criticalPath(durations, edges);
        expect(found?.ms ?? 0).toBe(most);
        if (found !== null) {
          expect(sum(found.path)).toBe(found.ms);
          for (const [index, id] of found.path.slice(1).entries())
            expect(edges).toContainEqual({ upstream: found.path[index], downstream: id });
        }
      }),
    );
  });
});

describe('neighbours', () => {
  const edges = links('a>b', 'b>c', 'x>c', 'c>d', 'y>z');

  it('finds all before and all after', () => {
    const { upstream, downstream } = neighbourhood('c', edges);
    expect([...upstream].toSorted()).toEqual(['a', 'b', 'x']);
    expect([...downstream]).toEqual(['d']);
  });

  it('takes the nearest first, as many as asked for', () => {
    expect(nearest('c', edges, 4)).toEqual(['c', 'b', 'x', 'd']);
    expect(nearest('c', edges, 100).toSorted()).toEqual(['a', 'b', 'c', 'd', 'x']);
    expect(nearest('lonely', edges, 10)).toEqual(['lonely']);
  });
});
