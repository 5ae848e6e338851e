import type { ProcessId } from '#domain/core/ids.ts';
import type { Database } from '#db/core/client.ts';
import { simulatorSource } from '#db/simulated/source.ts';
import { simulatedFeed } from '#worker/brokers/simulated/adapter.ts';
import type { Task } from '#worker/tasks/task.ts';
import { collectCandlesTask, type FeedOf } from './collect-candles.ts';
import { dailyReport, dailySettlement } from './settlement.ts';
import { systemCheckTask } from './system-check.ts';

/** What the trading tasks have in hand beside their run. */
export interface TradingDeps {
  readonly db: Database;
  readonly processId: ProcessId;
}

/** The tasks of the trading desk, bound to a process. */
export function tradingTasks({ db }: TradingDeps): readonly Task[] {
  const feedOf: FeedOf = (scope, source) =>
    source === simulatorSource(scope) ? simulatedFeed(db, scope) : null;
  return [collectCandlesTask(db, feedOf), systemCheckTask(db), dailySettlement(db), dailyReport(db)];
}
