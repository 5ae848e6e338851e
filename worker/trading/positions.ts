import { exitOf } from '#domain/strategies/signals.ts';
import type { TraderEvent } from '#domain/traders/step-types.ts';
import type { Database } from '#db/core/client.ts';
import { workOf } from '#db/traders/rows.ts';
import { type World, type WorldTrader, readWorld } from '#db/traders/world.ts';
import { candlesOfAll } from './cycle.ts';
import { intervalMs, strategyOf } from './scan.ts';
import { type SteppedAll, stepAll, stepOnNews } from './step.ts';

/** Newest candle that each trader's exit was asked on: asked again only on a new one. */
const asked = new WeakMap<Database, Map<string, number>>();

/**
 * The other half of the cycle: what holds a position asks its strategy on each new candle whether to leave, and takes
 * the broker's word for how much it holds. Stops and the day's end are watched each second by `market_monitor`.
 * @param only these traders; null: all.
 */
export async function managePositions(
  db: Database,
  scope: string,
  only: readonly string[] | null,
): Promise<SteppedAll> {
  await stepOnNews(db, scope, only);
  const signals = await exitSignals(db, scope, only);
  return stepAll(db, scope, { traders: only, phases: ['HOLDING', 'EXITING', 'HALTED'] }, (_world, trader) => {
    const events = [...reconciledEvents(trader), ...(signals.get(trader.id) ?? [])];
    return events.length === 0 ? null : { trader, events };
  });
}

/** What the broker holds of the trader's symbol, heard after everything we did in it. */
function reconciledEvents({ state, broker }: WorldTrader): readonly TraderEvent[] {
  const work = workOf(state);
  if (broker === null || !('position' in work)) return [];
  if (work.phase === 'EXITING' && work.order !== null) return [];
  return [{ kind: 'reconciled', held: broker.quantity, average: broker.average }];
}

async function exitSignals(
  db: Database,
  scope: string,
  only: readonly string[] | null,
): Promise<ReadonlyMap<string, readonly TraderEvent[]>> {
  const world = await readWorld(db, scope, { traders: only, phases: ['HOLDING'] });
  const wishes = world.traders.flatMap((trader) => {
    const account = world.accounts.get(trader.account);
    return account === undefined || trader.symbol === null
      ? []
      : [{ trader, account, symbols: [trader.symbol] }];
  });
  const candles = await candlesOfAll(db, world.now, wishes);
  const found = new Map<string, readonly TraderEvent[]>();
  for (const { trader, account } of wishes) {
    const key = `${account.row.venue} ${account.row.feed} ${trader.definition.interval}`;
    const own = candles.get(key)?.get(trader.symbol ?? '');
    const last = own?.ts.at(-1);
    if (own === undefined || last === undefined || !isNew(db, world, trader, last)) continue;
    const work = workOf(trader.state);
    if (work.phase !== 'HOLDING') continue;
    const exit = exitOf(strategyOf(trader.definition), own, work.position.openedAt);
    // A candle that began before the position knew nothing of it, unless it closed after it was opened.
    const closed = last + intervalMs(trader.definition.interval) > work.position.openedAt;
    if (exit === null || !closed) continue;
    const { confidence, reason } = exit;
    found.set(trader.id, [{ kind: 'exit_signal', confidence, reason }]);
  }
  return found;
}

function isNew(db: Database, { scope }: World, { id, symbol }: WorldTrader, last: number): boolean {
  const seen = asked.get(db) ?? new Map<string, number>();
  asked.set(db, seen);
  const key = `${scope} ${id} ${symbol ?? ''}`;
  if (seen.get(key) === last) return false;
  seen.set(key, last);
  return true;
}
