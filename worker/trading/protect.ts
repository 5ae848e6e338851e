import { type Decimal, sum } from '#domain/core/decimal.ts';
import type { LedgerEntry } from '#domain/ledger/entry.ts';
import { unrealised } from '#domain/ledger/position.ts';
import { lotsOf } from '#domain/performance/day.ts';
import { type AccountHistory, historyOf } from '#domain/performance/fold.ts';
import { fromFirstBuys } from '#domain/performance/recent.ts';
import { netOf } from '#domain/performance/trades.ts';
import { type Protection, protectionsOf } from '#domain/risk/protection.ts';
import { lossLimits } from '#domain/traders/definition.ts';
import { calendarDay, startOfDay, tradingDayNumber } from '#domain/time/calendar/calendar.ts';
import type { Database } from '#db/core/client.ts';
import { bookMark, entriesSince, oldestHeld } from '#db/ledger/recent.ts';
import { noEquity, readEquity, storeProtections } from '#db/traders/protections.ts';
import { type World, type WorldAccount, type WorldTrader, readWorld } from '#db/traders/world.ts';

/** Entries of so many days are looked at, more while an older position is held. */
const recentDays = 4;
const dayMs = 86_400_000;

/** The recent entries of an account's book as this process has read them. */
interface Recent {
  readonly from: string;
  readonly entries: LedgerEntry[];
  readonly history: AccountHistory;
}
interface Books {
  mark: string;
  readonly accounts: Map<string, Recent>;
}
const books = new WeakMap<Database, Map<string, Books>>();

/** What each account's recent entries come to: read on from where the last look ended, and only when one was added. */
async function recentBooks(db: Database, world: World): Promise<ReadonlyMap<string, Recent>> {
  const known = books.get(db) ?? new Map<string, Books>();
  books.set(db, known);
  const mark = `${await bookMark(db, world.scope)} ${[...world.accounts.values()].map(({ day }) => day).join()}`;
  const kept = known.get(world.scope) ?? { mark: '', accounts: new Map<string, Recent>() };
  known.set(world.scope, kept);
  if (kept.mark === mark) return kept.accounts;
  for (const [id, account] of world.accounts)
    kept.accounts.set(id, await readOn(db, world.scope, account, kept.accounts.get(id) ?? null));
  kept.mark = mark;
  return kept.accounts;
}

async function readOn(
  db: Database,
  scope: string,
  { row, calendar, day }: WorldAccount,
  before: Recent | null,
): Promise<Recent> {
  const usual = new Date(Date.parse(day) - recentDays * dayMs).toISOString().slice(0, 10);
  const oldest = await oldestHeld(db, scope, row.id);
  const held = oldest === null ? usual : calendarDay(calendar, oldest);
  const from = held < usual ? held : usual;
  const entries = before?.from === from ? before.entries : [];
  entries.push(...(await entriesSince(db, scope, row.id, from, entries.at(-1)?.seq ?? 0)));
  return { from, entries, history: historyOf(row.id, fromFirstBuys(entries)) };
}

/**
 * Works out which protections hold of each trader that traded today or holds something, from the books and the newest
 * prices, and stores what changed. They stop entries only.
 */
export async function protect(db: Database, scope: string): Promise<number> {
  const world = await readWorld(db, scope);
  const recent = await recentBooks(db, world);
  const concerned = world.traders.flatMap((trader) => {
    const account = world.accounts.get(trader.account);
    const history = recent.get(trader.account)?.history;
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
