import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createProgress, elapsed } from './progress.mjs';

test('elapsed time is written for people', () => {
  expect([120, 9_900, 9_960, 59_400, 125_000].map(elapsed)).toEqual([
    '0.1 s',
    '9.9 s',
    '10 s',
    '59 s',
    '2 min 05 s',
  ]);
});

test('outside a terminal a step is one line, and a failed one says so', async () => {
  const out = new PassThrough();
  const progress = createProgress(out);
  await progress.step('Doing', () => Promise.resolve(1));
  await expect(progress.step('Failing', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(out.read().toString()).toMatch(/^✓ Doing \(0\.\d s\)\n✗ Failing \(0\.\d s\)\n$/);
});
