import { step } from '#domain/traders/step.ts';
import type { TraderPhase } from '#domain/traders/state.ts';
import type { TraderEvent } from '#domain/traders/step-types.ts';
import { type Database, type Transaction, sqlState } from '#db/core/client.ts';
import { markTold, untoldNews } from '#db/orders/news.ts';
import { type Stepped, stepTrader } from '#db/traders/step.ts';
import { type World, type WorldQuery, type WorldTrader, readWorld } from '#db/traders/world.ts';
import { log } from '#worker/log.ts';
import { contextLocked, contextNow } from './context.ts';

/** Steps that are stored at the same time: each takes a connection. */
const atOnce = 4;
/** So often is a trader looked at again whom somebody else stepped meanwhile. */
const looks = 5;
/** Another transaction was in the way (serialisation, deadlock, lock not to be had): it may be tried again. */
const again = new Set(['40001', '40P01', '55P03']);

/** An idle trader has nothing to watch. */
export const busyPhases: readonly TraderPhase[] = ['SCANNING', 'ENTERING', 'HOLDING', 'EXITING', 'HALTED'];

/** A trader that is sent events; what follows them is written in the same transaction. */
export interface Sending {
  readonly trader: WorldTrader;
  readonly events: readonly TraderEvent[];
  readonly also?: (tx: Transaction, stepped: Extract<Stepped, { kind: 'stepped' }>) => Promise<void>;
}

/** Whether events would change or do anything: the pure step, on what was read. */
export function wouldMove(world: World, trader: WorldTrader, events: readonly TraderEvent[]): boolean {
  const context = contextNow(world, trader);
  if (context === null) return false;
  return events.some((event) => {
    const next = step(trader.state, event, context);
    return (
      next.effects.length > 0 ||
      (next.state !== trader.state && JSON.stringify(next.state) !== JSON.stringify(trader.state))
    );
  });
}

/** Runs `work` on all items, so many at a time. */
export async function eachOf<T>(items: readonly T[], most: number, work: (item: T) => Promise<void>) {
  const queue = [...items];
  const one = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, queue.length) }, one));
}

/** Stores the steps of one trader. @returns false when it has to be looked at again. */
async function storeOne(db: Database, world: World, sending: Sending): Promise<boolean> {
  const { trader, events, also } = sending;
  const account = world.accounts.get(trader.account);
  if (account === undefined) return true;
  try {
    return await db.transaction(async (tx) => {
      const stepped = await stepTrader(tx, {
        scope: world.scope,
        account: trader.account,
        trader: trader.id,
        version: trader.version,
        events,
        now: world.now,
        tradingDay: account.day,
        contextOf: contextLocked(world, trader),
      });
      if (stepped.kind === 'stale') return false;
      await also?.(tx, stepped);
      return true;
    });
  } catch (error) {
    if (again.has(sqlState(error) ?? '')) return false;
    throw error;
  }
}

export interface SteppedAll {
  /** Traders whose steps were stored. */
  readonly stepped: number;
  /** Left to the next look: somebody else was stepping them. */
  readonly left: number;
  readonly failed: number;
}

/**
 * Sends events to the traders of a scope, set-based: one read, the pure step in memory, and a transaction only for
 * those that move. One trader's fault does not keep the others from their stops.
 * @param sendingOf what a trader is sent; null: nothing.
 * @param seen the world of the first look, where it was read just now.
 */
export async function stepAll(
  db: Database,
  scope: string,
  query: WorldQuery,
  sendingOf: (world: World, trader: WorldTrader) => Sending | null,
  seen: World | null = null,
): Promise<SteppedAll> {
  let only: readonly string[] | null = query.traders ?? null;
  let [stepped, failed] = [0, 0];
  for (let look = 0; look < looks; look += 1) {
    const world =
      look === 0 && seen !== null ? seen : await readWorld(db, scope, { ...query, traders: only });
    const sendings = world.traders.flatMap((trader): Sending[] => {
      const sending = sendingOf(world, trader);
      if (sending === null) return [];
      return sending.also !== undefined || wouldMove(world, trader, sending.events) ? [sending] : [];
    });
    const missed: string[] = [];
    await eachOf(sendings, atOnce, async (sending) => {
      try {
        if (await storeOne(db, world, sending)) stepped += 1;
        else missed.push(sending.trader.id);
      } catch (error) {
        failed += 1;
        log.error({ err: error, scope, trader: sending.trader.id }, 'a trader could not be stepped');
      }
    });
    if (missed.length === 0) return { stepped, left: 0, failed };
    only = missed;
  }
  return { stepped, left: only?.length ?? 0, failed };
}

/**
 * Tells traders what became of their orders: the news is marked as told in the transaction that stores what they make
 * of it, so it is heard once, whatever dies in between. What nobody could be told stays untold.
 * @param only these traders; null: all.
 */
export async function stepOnNews(
  db: Database,
  scope: string,
  only: readonly string[] | null,
): Promise<SteppedAll> {
  const news = await untoldNews(db, scope, only);
  const byTrader = Map.groupBy(news, ({ trader }) => trader);
  if (byTrader.size === 0) return { stepped: 0, left: 0, failed: 0 };
  return stepAll(db, scope, { traders: [...byTrader.keys()] }, (_world, trader) => {
    const own = byTrader.get(trader.id) ?? [];
    return {
      trader,
      events: own.flatMap(({ events }) => events),
      also: async (tx) => {
        for (const { order, version } of own) await markTold(tx, order, version);
      },
    };
  });
}
