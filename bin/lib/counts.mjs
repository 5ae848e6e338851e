/** Sums of a suite. @typedef {{ passed: number, failed: number, skipped: number }} Counts */

export const none = { passed: 0, failed: 0, skipped: 0 };

/** @param {Counts} a @param {Counts} b */
export function add(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/**
 * Counts of a suite whose tool ended with `exitCode`. A failure that is no test (a file that does not load, a hook
 * that threw, a report never written) still counts as one.
 */
function settle(counts, exitCode) {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** Counts of a Vitest JSON report; null for a report that was not written. */
export function vitestCounts(report, exitCode) {
  if (report === null) return settle(none, exitCode || 1);
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
  return settle({ passed: report.numPassedTests, failed: report.numFailedTests, skipped }, exitCode);
}

/** Counts of a Playwright JSON report; a test that passed only when repeated has failed. */
export function playwrightCounts(report, exitCode) {
  if (report === null) return settle(none, exitCode || 1);
  const { expected, unexpected, flaky, skipped } = report.stats;
  return settle({ passed: expected, failed: unexpected + flaky, skipped }, exitCode);
}
