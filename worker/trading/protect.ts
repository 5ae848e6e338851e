import { type Decimal, sum } from '#domain/core/decimal.ts';
import { unrealised } from '#domain/ledger/position.ts';
import { lotsOf } from '#domain/performance/day.ts';
import { netOf } from '#domain/performance/trades.ts';
import { type Protection, protectionsOf } from '#domain/risk/protection.ts';
import { lossLimits } from '#domain/traders/definition.ts';
import { startOfDay, tradingDayNumber } from '#domain/time/calendar/calendar.ts';
import type { Database } from '#db/core/client.ts';
import { type AccountFacts, accountFacts } from '#db/performance/book.ts';
import { bookMark } from '#db/ledger/mark.ts';
import { noEquity, readEquity, storeProtections } from '#db/traders/protections.ts';
import { type World, type WorldTrader, readWorld } from '#db/traders/world.ts';

/** Books as they stood at a mark: reckoned again only when an entry was added. */
const books = new WeakMap<Database, Map<string, { mark: string; facts: readonly AccountFacts[] }>>();

async function booksOf(db: Database, scope: string): Promise<readonly AccountFacts[]> {
  const cache = books.get(db) ?? new Map<string, { mark: string; facts: readonly AccountFacts[] }>();
  books.set(db, cache);
  const mark = await bookMark(db, scope);
  const known = cache.get(scope);
  if (known?.mark === mark) return known.facts;
  const facts = await accountFacts(db, scope);
  cache.set(scope, { mark, facts });
  return facts;
}

/**
 * Works out which protections hold of each trader that traded today or holds something, from the books and the newest
 * prices, and stores what changed. They stop entries only.
 */
export async function protect(db: Database, scope: string): Promise<number> {
  const facts = new Map((await booksOf(db, scope)).map((each) => [each.id, each]));
  const world = await readWorld(db, scope);
  const concerned = world.traders.flatMap((trader) => {
    const account = world.accounts.get(trader.account);
    const history = facts.get(trader.account)?.history;
    if (account === undefined || history === undefined) return [];
    const trips = history.trips.filter(
      (trip) => trip.trader === trader.id && trip.trading_day === account.day,
    );
    const lots = lotsOf(history, trader.id);
    const known = trader.protections.length > 0;
    return trips.length === 0 && lots.length === 0 && !known ? [] : [{ trader, account, trips, lots }];
  });
  const days = Map.groupBy(concerned, ({ account }) => account.day);
  const equity = new Map(
    (
      await Promise.all(
        [...days].map(([day, group]) =>
          readEquity(
            db,
            scope,
            group.map(({ trader }) => trader.id),
            day,
          ),
        ),
      )
    ).flatMap((each) => [...each]),
  );
  const holding = new Map<string, readonly Protection[]>();
  for (const { trader, account, trips, lots } of concerned) {
    const prices = account.quotes;
    const open: Decimal = sum(
      lots.flatMap(({ symbol, position }) => {
        const last = prices.get(symbol)?.last ?? null;
        return last === null ? [] : [unrealised(position, last)];
      }),
    );
    holding.set(
      trader.id,
      protectionsOf(lossLimits(trader.definition), {
        now: world.now,
        dayEnds: dayEnd(world, trader),
        trades: trips.map((trip) => ({ symbol: trip.symbol, closedAt: trip.exit_at, net: netOf(trip) })),
        unrealised: open,
        equity: equity.get(trader.id) ?? noEquity,
      }),
    );
  }
  return storeProtections(db, scope, holding, world.now);
}

function dayEnd(world: World, trader: WorldTrader): Date {
  const calendar = world.accounts.get(trader.account)?.calendar;
  return calendar === undefined ? world.now : startOfDay(calendar, tradingDayNumber(calendar, world.now) + 1);
}
