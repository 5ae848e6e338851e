import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Span,
  breakWidth,
  findBreaks,
  instantShown,
  makeScale,
  moveView,
  shownTime,
  ticksOf,
} from './scale.ts';

const hour = 3_600_000;
const day: Span = { from: 0, to: 24 * hour };
const spans = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 24 * hour }), fc.integer({ min: 0, max: 2 * hour }))
    .map(([from, length]): Span => ({ from, to: from + length })),
  { maxLength: 12 },
);
const options = { longest: hour, margin: 60_000 };

describe('findBreaks', () => {
  it('never hides anything that is busy, and hides every long stretch that is not', () => {
    fc.assert(
      fc.property(spans, (busy) => {
        const breaks = findBreaks(busy, day, options);
        for (const gap of breaks) {
          expect(gap.to - gap.from).toBeGreaterThan(options.longest);
          expect(busy.some(({ from, to }) => to >= gap.from && from <= gap.to)).toBe(false);
        }
        const ends = breaks.flatMap(({ from, to }) => [from, to]);
        expect(ends).toEqual(ends.toSorted((a, b) => a - b));
      }),
    );
  });

  it('leaves an empty range as it is', () => {
    expect(findBreaks([], day, options)).toEqual([]);
  });
});

describe('the axis', () => {
  it('goes to and fro without loss outside the breaks', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 0, max: 24 * hour }), (busy, at) => {
        const breaks = findBreaks(busy, day, options);
        const scale = makeScale(breaks, day, 1_000);
        expect(scale.x(day.from)).toBeCloseTo(0);
        expect(scale.x(day.to)).toBeCloseTo(1_000);
        if (breaks.some(({ from, to }) => at >= from && at <= to)) return;
        expect(instantShown(breaks, shownTime(breaks, at))).toBe(at);
        expect(Math.abs(scale.at(scale.x(at)) - at)).toBeLessThan(5);
      }),
    );
  });

  it('keeps the order of time', () => {
    fc.assert(
      fc.property(
        spans,
        fc.array(fc.integer({ min: -hour, max: 25 * hour }), { maxLength: 20 }),
        (busy, times) => {
          const scale = makeScale(findBreaks(busy, day, options), day, 800);
          const pixels = times.toSorted((a, b) => a - b).map(scale.x);
          expect(pixels).toEqual(pixels.toSorted((a, b) => a - b));
        },
      ),
    );
  });

  it('gives a break its fixed width', () => {
    const breaks = findBreaks(
      [
        { from: 0, to: hour },
        { from: 20 * hour, to: 24 * hour },
      ],
      day,
      options,
    );
    const { pieces } = makeScale(breaks, day, 1_000);
    expect(pieces.map(({ kind }) => kind)).toEqual(['time', 'break', 'time']);
    const gap = pieces[1];
    expect((gap?.x1 ?? 0) - (gap?.x0 ?? 0)).toBeCloseTo(breakWidth);
  });

  it('stretches around an instant that stays where it was, and moves by shown time', () => {
    const breaks = [{ from: 2 * hour, to: 20 * hour }];
    const closer = moveView(breaks, day, { factor: 0.5, around: hour });
    expect(shownTime(breaks, closer.to) - shownTime(breaks, closer.from)).toBeCloseTo(3 * hour);
    const before = makeScale([], { from: 0, to: 10 * hour }, 1_000).x(3 * hour);
    const near = moveView([], { from: 0, to: 10 * hour }, { factor: 0.3, around: 3 * hour });
    expect(makeScale([], near, 1_000).x(3 * hour)).toBeCloseTo(before);
    expect(moveView(breaks, { from: 0, to: hour }, { by: hour })).toEqual({ from: hour, to: 2 * hour });
  });

  it('has ticks at round times of the zone, apart, and none in a break', () => {
    const breaks = [{ from: 3 * hour, to: 18 * hour }];
    const scale = makeScale(breaks, day, 900);
    const { ticks, stepMs } = ticksOf(scale, 70, 9 * hour);
    for (const [index, tick] of ticks.entries()) {
      expect((tick.at + 9 * hour) % stepMs).toBe(0);
      expect(tick.at <= 3 * hour || tick.at >= 18 * hour).toBe(true);
      if (index > 0) expect(tick.x - (ticks[index - 1]?.x ?? 0)).toBeGreaterThanOrEqual(56);
    }
    expect(ticks.length).toBeGreaterThan(5);
  });
});
