import type { ProcessId } from '#domain/core/ids.ts';
import type { Database } from '#db/core/client.ts';
import type { Task } from '#worker/tasks/task.ts';
import { collectCandlesTask } from './collect-candles.ts';
import { feedsOf } from './feeds.ts';
import { dailyReport, dailySettlement } from './settlement.ts';
import { systemCheckTask } from './system-check.ts';
import { traderTasks } from './trader-tasks.ts';

/** What the trading tasks have in hand beside their run. */
export interface TradingDeps {
  readonly db: Database;
  readonly processId: ProcessId;
}

/** The tasks of the trading desk, bound to a process. */
export function tradingTasks({ db }: TradingDeps): readonly Task[] {
  const feedOf = feedsOf(db);
  return [
    ...traderTasks(db, feedOf),
    collectCandlesTask(db, feedOf),
    systemCheckTask(db),
    dailySettlement(db),
    dailyReport(db),
  ];
}
