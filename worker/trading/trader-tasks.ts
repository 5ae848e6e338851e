import { taskParams } from '#domain/jobs/tasks.ts';
import type { Database } from '#db/core/client.ts';
import { type Task, TaskFailure, type TaskContext } from '#worker/tasks/task.ts';
import type { FeedOf } from './collect-candles.ts';
import { tradingCycle } from './cycle.ts';
import { flattenBackstop } from './flatten.ts';
import { monitor, refreshQuotes } from './monitor.ts';
import { managePositions } from './positions.ts';
import type { SteppedAll } from './step.ts';

/** Some traders could not be stepped: the others were, and the next run tries again. */
function requireAll({ failed }: SteppedAll): void {
  if (failed === 0) return;
  throw new TaskFailure(`${failed} traders could not be stepped`, {
    code: 'task_error',
    params: { message: `${failed} traders could not be stepped` },
  });
}

const said = (context: TaskContext, line: string) => context.log('stdout', line);

/** Looks for entries: every started trader whose scan interval is over. */
const cycleTask = (db: Database, feedOf: FeedOf): Task<typeof taskParams.trading_cycle> => ({
  name: 'trading_cycle',
  params: taskParams.trading_cycle,
  async run(context, { traders }) {
    const { scope } = context.claim;
    await refreshQuotes({ db, scope, feedOf, signal: context.signal });
    const { scanned, entering } = await tradingCycle(db, scope, traders ?? null);
    await said(context, `${scanned} traders looked over the market, ${entering} are entering`);
    return {};
  },
});

/** Asks strategies of what is held whether to leave, and takes the broker's word for how much there is. */
const positionsTask = (db: Database): Task<typeof taskParams.position_management> => ({
  name: 'position_management',
  params: taskParams.position_management,
  async run(context, { traders }) {
    const done = await managePositions(db, context.claim.scope, traders ?? null);
    await said(context, `${done.stepped} traders moved`);
    requireAll(done);
    return {};
  },
});

/** A tick of the service that watches stops, holds, news, switches and the close. */
const monitorTask = (db: Database, feedOf: FeedOf): Task<typeof taskParams.market_monitor> => ({
  name: 'market_monitor',
  params: taskParams.market_monitor,
  async run(context) {
    const { scope } = context.claim;
    const { signal } = context;
    const done = await monitor({ db, scope, signal, feedOf });
    if (done.stepped > 0) await said(context, `${done.stepped} traders moved`);
    requireAll(done);
    if (done.blind > 0)
      throw new TaskFailure(`${done.blind} feeds gave no answer`, {
        code: 'task_error',
        params: { message: `${done.blind} feeds gave no answer` },
      });
    return {};
  },
});

/** The backstop of the day's end. */
const flattenTask = (db: Database): Task<typeof taskParams.flatten> => ({
  name: 'flatten',
  params: taskParams.flatten,
  async run(context, { traders }) {
    const done = await flattenBackstop(db, context.claim.scope, traders ?? null);
    await said(context, `${done.stepped} traders were told to get out`);
    requireAll(done);
    return {};
  },
});

/** The tasks that step traders. */
export function traderTasks(db: Database, feedOf: FeedOf): readonly Task[] {
  return [cycleTask(db, feedOf), positionsTask(db), monitorTask(db, feedOf), flattenTask(db)];
}
