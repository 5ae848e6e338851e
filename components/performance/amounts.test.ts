import { expect, test } from 'vitest';
import { axisMoney } from './amounts.ts';

test('lines of an axis that stand close to each other have different names', () => {
  const values = [99_900_000, 100_000_000, 100_100_000, 100_200_000];
  const names = values.map((value) => axisMoney(value, 'ko', 300_000));
  expect(new Set(names).size).toBe(values.length);
  expect(axisMoney(1_234_567, 'en', 5_000_000)).toBe('1.23M');
  expect(axisMoney(0, 'ko', 0)).toBe('0');
});
