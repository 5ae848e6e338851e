import { Problem } from '#domain/core/errors.ts';
import { taskParams } from '#domain/jobs/tasks.ts';
import type { Database } from '#db/core/client.ts';
import { reportDay } from '#db/performance/report.ts';
import { settleDay } from '#db/performance/settle.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { type Task, TaskFailure } from '#worker/tasks/task.ts';

/** A day that has not begun is not settled by trying again; a report may be, once its settlement has come. */
function refused(error: unknown, day: string): unknown {
  if (!(error instanceof Problem)) return error;
  if (error.code !== 'day_not_begun' && error.code !== 'day_not_settled') return error;
  const reason = { code: error.code, params: { day } } as const;
  return new TaskFailure(error.message, reason, { retryable: error.code === 'day_not_settled' });
}

/** Settles the trading day of the run, or the one it names: closing equity points and daily summaries. */
export function dailySettlement(db: Database): Task<(typeof taskParams)['daily_settlement']> {
  return {
    name: 'daily_settlement',
    params: taskParams.daily_settlement,
    async run({ claim, log }, { date }) {
      const day = date ?? claim.trading_day;
      const settled = await db
        .transaction(async (tx) => settleDay(tx, claim.scope, day, await scopeTime(tx, claim.scope)))
        .catch((error: unknown) => {
          throw refused(error, day);
        });
      if (settled.summaries.length === 0) {
        await log('stdout', `${day}: the market was closed and nothing happened; nothing to settle.`);
        return {};
      }
      for (const {
        level,
        subject,
        trades,
        realised_pnl,
        unrealised_pnl,
        closing_equity,
      } of settled.summaries)
        await log(
          'stdout',
          `${day} ${level} ${subject}: trades ${trades}, realised ${realised_pnl}, unrealised ${unrealised_pnl}, equity ${closing_equity}`,
        );
      for (const { account, symbol } of settled.unpriced)
        await log('stderr', `${day} ${account} ${symbol}: no price of the day; valued at its cost.`);
      if (settled.provisional)
        await log('stderr', `${day}: the session still goes on; settle again after its close.`);
      return {};
    },
  };
}

/** Writes the report of the run's trading day, or of the one it names, into the log, and marks the day as reported. */
export function dailyReport(db: Database): Task<(typeof taskParams)['daily_report']> {
  return {
    name: 'daily_report',
    params: taskParams.daily_report,
    async run({ claim, log }, { date }) {
      const day = date ?? claim.trading_day;
      const report = await reportDay(db, claim.scope, day, await scopeTime(db, claim.scope)).catch(
        (error: unknown) => {
          throw refused(error, day);
        },
      );
      if (report.before !== null) await log('system', `${day} was reported before, at ${report.before}.`);
      for (const line of report.lines) await log('stdout', line);
      await log('stdout', report.json);
      return {};
    },
  };
}
