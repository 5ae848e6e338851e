import { z } from 'zod';
import { conflict } from '#domain/core/errors.ts';
import { type SummaryDayView } from '#domain/performance/view.ts';
import { scopedOperation } from '#db/core/operation.ts';
import { settleDay } from './settle.ts';
import { readSummaryDay } from './summaries.ts';

/**
 * Makes the summaries of a trading day, or makes them again. It is for those who trade: it moves no money, but changes
 * what the desk's books say of a day.
 * @throws Problem 409 for a day that has not begun, and for one without a session on which nothing happened.
 */
export const generateSummary = scopedOperation({
  name: 'generate_summary',
  permission: 'traders.control',
  input: z.strictObject({ date: z.iso.date() }),
  async run({ tx, scope, now, audit }, { date }): Promise<SummaryDayView> {
    const before = await readSummaryDay(tx, scope.name, date);
    const settled = await settleDay(tx, scope.name, date, now);
    if (settled.summaries.length === 0)
      throw conflict('nothing_to_settle', `Nothing was traded on ${date}: the market was closed.`, {
        day: date,
      });
    const after = await readSummaryDay(tx, scope.name, date);
    audit({
      entityType: 'daily_summary',
      entityId: date,
      before: before.summary,
      after: after.summary,
    });
    return after;
  },
});
