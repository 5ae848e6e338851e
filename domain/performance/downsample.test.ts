import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { downsample } from './downsample.ts';

const value = ({ value: it }: { readonly value: number }) => it;

test('first, last, highest and lowest stay, in order, among no more than asked', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 600 }),
      fc.integer({ min: 6, max: 120 }),
      (values, most) => {
        const points = values.map((each, index) => ({ index, value: each }));
        const kept = downsample(points, most, [value]);
        expect(kept.length).toBeLessThanOrEqual(Math.max(most, Math.min(points.length, most)));
        expect(kept[0]?.index).toBe(0);
        expect(kept.at(-1)?.index).toBe(points.length - 1);
        expect(Math.max(...kept.map(value))).toBe(Math.max(...values));
        expect(Math.min(...kept.map(value))).toBe(Math.min(...values));
        const order = kept.map(({ index }) => index);
        expect(order).toEqual([...new Set(order)].toSorted((a, b) => a - b));
      },
    ),
  );
});

test('a short series stays as it is', () => {
  const points = [{ value: 3 }, { value: 1 }];
  expect(downsample(points, 10, [value])).toEqual(points);
});
