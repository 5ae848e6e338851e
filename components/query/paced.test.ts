import { expect, test } from 'vitest';
import { Paced } from './paced.ts';

test('those who ask while a reading goes on share the next, and every reading is delivered', async () => {
  const delivered: number[] = [];
  const open: (() => void)[] = [];
  let reads = 0;
  const paced = new Paced(
    () => {
      const value = (reads += 1);
      return new Promise<number>((resolve) => open.push(() => resolve(value)));
    },
    (value) => delivered.push(value),
    0,
  );
  const first = paced.read();
  await expect.poll(() => open.length).toBe(1);
  const [second, third] = [paced.read(), paced.read()];
  open[0]?.();
  expect(await first).toBe(1);
  await expect.poll(() => open.length).toBe(2);
  open[1]?.();
  expect(await Promise.all([second, third])).toEqual([2, 2]);
  expect([reads, delivered]).toEqual([2, [1, 2]]);
});

test('readings begin apart, and one that fails does not stop the next', async () => {
  const starts: number[] = [];
  const paced = new Paced<number>(
    () => {
      starts.push(performance.now());
      return starts.length === 1 ? Promise.reject(new Error('away')) : Promise.resolve(starts.length);
    },
    () => undefined,
    60,
  );
  await expect(paced.read()).rejects.toThrow('away');
  expect(await paced.read()).toBe(2);
  expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeGreaterThan(40);
});
