import type { ProcessId } from '#domain/core/ids.ts';
import type { Database } from '#db/core/client.ts';
import type { Task } from '#worker/tasks/task.ts';

/** What the trading tasks have in hand beside their run. */
export interface TradingDeps {
  readonly db: Database;
  readonly processId: ProcessId;
}

/** The tasks of the trading desk, bound to a process. */
export function tradingTasks(_deps: TradingDeps): readonly Task[] {
  return [];
}
