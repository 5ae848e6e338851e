import { expect, test } from 'vitest';
import { add, none, playwrightCounts, vitestCounts } from './counts.mjs';

const vitest = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1 };

test('tests are counted from the reports', () => {
  expect(vitestCounts(vitest, 0)).toEqual({ passed: 5, failed: 0, skipped: 2 });
  const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 0 };
  expect(playwrightCounts({ stats }, 1)).toEqual({ passed: 3, failed: 2, skipped: 0 });
});

test('a tool that fails without a failed test still counts as one failure', () => {
  expect(vitestCounts(vitest, 1)).toMatchObject({ passed: 5, failed: 1 });
  expect(vitestCounts(null, 0)).toMatchObject({ passed: 0, failed: 1 });
  expect(playwrightCounts(null, 0)).toMatchObject({ failed: 1 });
});

test('sums add up', () => {
  expect(add(add(none, { passed: 1, failed: 0, skipped: 0 }), { passed: 0, failed: 2, skipped: 3 })).toEqual({
    passed: 1,
    failed: 2,
    skipped: 3,
  });
});
