import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, choose, effectivePriority, type Room } from './choose.ts';

const groups = ['trading', 'reporting', 'exits'] as const;
const rooms = fc
  .record({
    total: fc.nat(12),
    totalUsed: fc.nat(12),
    trading: fc.nat(4),
    reporting: fc.nat(2),
    exits: fc.nat(3),
  })
  .map(({ total, totalUsed, trading, reporting, exits }): Room[] => [
    { name: 'total', kind: 'total', capacity: total, used: totalUsed },
    { name: 'trading', kind: 'group', capacity: trading, used: 0 },
    { name: 'reporting', kind: 'group', capacity: reporting, used: 0 },
    { name: 'exits', kind: 'reserved', capacity: exits, used: 0 },
  ]);
const candidates = fc
  .array(
    fc.record({
      job: fc.nat(5),
      maxParallel: fc.integer({ min: 1, max: 3 }),
      priority: fc.nat(3),
      waitedSec: fc.nat(5_000),
      resourceGroup: fc.option(fc.constantFrom(...groups), { nil: null }),
      locks: fc.uniqueArray(fc.constantFrom('cycle', 'positions', 'books'), { maxLength: 2 }),
    }),
    { maxLength: 40 },
  )
  .map((list): Candidate<number>[] => list.map((entry, id) => ({ ...entry, id, jobId: `j${entry.job}` })));

function usedBy(list: readonly Candidate<number>[], room: Room): number {
  const inRoom = (run: Candidate<number>) =>
    room.kind === 'total' ? run.resourceGroup !== 'exits' : run.resourceGroup === room.name;
  return list.filter(inRoom).length;
}

const waiting = (
  id: number,
  priority: number,
  waitedSec: number,
  resourceGroup: string | null = null,
): Candidate<number> => ({
  id,
  job: id,
  jobId: `j${id}`,
  maxParallel: 1,
  priority,
  waitedSec,
  resourceGroup,
  locks: [],
});

describe('choose', () => {
  it('with a limit takes the first ones only, and says nothing of those it did not look at', () => {
    fc.assert(
      fc.property(candidates, rooms, fc.nat(5), (list, places, most) => {
        const all = choose(list, places, new Map());
        const some = choose(list, places, new Map(), { most });
        expect(some.admitted).toEqual(all.admitted.slice(0, most));
        expect(all.passedOver.slice(0, some.passedOver.length)).toEqual(some.passedOver);
      }),
    );
  });

  it('never fills a room or a job beyond its limit, and answers for every candidate once', () => {
    fc.assert(
      fc.property(candidates, rooms, (list, places) => {
        const { admitted, passedOver, lockedOut } = choose(list, places, new Map());
        const chosen = list.filter((run) => admitted.includes(run.id));
        for (const room of places) {
          const now = usedBy(chosen, room);
          if (now > 0) expect(room.used + now).toBeLessThanOrEqual(room.capacity);
        }
        for (const run of chosen)
          expect(chosen.filter((other) => other.job === run.job).length).toBeLessThanOrEqual(
            Math.max(...chosen.filter((other) => other.job === run.job).map((other) => other.maxParallel)),
          );
        expect(
          [...admitted, ...[...passedOver, ...lockedOut].map((run) => run.id)].toSorted((a, b) => a - b),
        ).toEqual(list.map((run) => run.id));
      }),
    );
  });

  it('leaves nobody waiting who would fit', () => {
    fc.assert(
      fc.property(candidates, rooms, (list, places) => {
        const { admitted } = choose(list, places, new Map());
        const chosen = list.filter((run) => admitted.includes(run.id));
        for (const run of list) {
          if (admitted.includes(run.id)) continue;
          const wanted = places.filter((room) =>
            room.kind === 'total' ? run.resourceGroup !== 'exits' : room.name === run.resourceGroup,
          );
          const full = wanted.some((room) => room.used + usedBy(chosen, room) >= room.capacity);
          const busy = chosen.filter((other) => other.job === run.job).length >= run.maxParallel;
          const locked = run.locks.some((name) => chosen.some((other) => other.locks.includes(name)));
          expect(full || busy || locked).toBe(true);
        }
      }),
    );
  });

  it('never gives one lock to two, and names who has it', () => {
    const held = { holder: 'trader', runId: null, outside: true };
    fc.assert(
      fc.property(candidates, rooms, fc.boolean(), (list, places, cycleHeld) => {
        const taken = new Map(cycleHeld ? [['cycle', held]] : []);
        const { admitted, lockedOut } = choose(list, places, new Map(), { taken });
        const given = list.filter((run) => admitted.includes(run.id)).flatMap((run) => run.locks);
        expect(new Set(given).size).toBe(given.length);
        if (cycleHeld) expect(given).not.toContain('cycle');
        for (const { lock, by } of lockedOut)
          expect(by.outside ? lock : admitted.map(String)).toEqual(
            by.outside ? 'cycle' : expect.arrayContaining([by.runId]),
          );
      }),
    );
  });

  it('a full group is passed over, not waited behind', () => {
    const places: Room[] = [
      { name: 'total', kind: 'total', capacity: 10, used: 0 },
      { name: 'trading', kind: 'group', capacity: 2, used: 2 },
    ];
    const choice = choose([waiting(1, 0, 10, 'trading'), waiting(2, 3, 10)], places, new Map());
    expect(choice.admitted).toEqual([2]);
    expect(choice.passedOver).toEqual([{ id: 1, code: 'room_full', group: 'trading', used: 2, limit: 2 }]);
  });

  it('goes by priority, then age; exits do not count to the total', () => {
    const places: Room[] = [
      { name: 'total', kind: 'total', capacity: 1, used: 0 },
      { name: 'exits', kind: 'reserved', capacity: 1, used: 0 },
    ];
    expect(
      choose([waiting(1, 3, 0), waiting(2, 1, 0), waiting(3, 3, 0, 'exits')], places, new Map()).admitted,
    ).toEqual([2, 3]);
    expect(choose([waiting(1, 2, 5), waiting(2, 2, 9)], places, new Map()).admitted).toEqual([2]);
  });

  it('age raises a run up to high, never to urgent', () => {
    expect(effectivePriority(3, 0)).toBe(3);
    expect(effectivePriority(3, 600)).toBe(2);
    expect(effectivePriority(3, 1e9)).toBe(1);
    expect(effectivePriority(0, 0)).toBe(0);
  });
});
