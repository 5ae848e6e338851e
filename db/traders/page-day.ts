import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, lte, sql } from 'drizzle-orm';
import { decimal, plain } from '#domain/core/decimal.ts';
import { notFound } from '#domain/core/errors.ts';
import { candleMinutes } from '#domain/jobs/schedule-fields.ts';
import type { Venue } from '#domain/market/instrument.ts';
import { calendarDay, sessionOf } from '#domain/time/calendar/calendar.ts';
import type { TraderDayView } from '#domain/traders/view.ts';
import { accounts } from '#db/accounts/schema.ts';
import { loadCalendars } from '#db/calendars/load.ts';
import type { Queryable } from '#db/core/client.ts';
import { ledgerEntries } from '#db/ledger/schema.ts';
import { candles } from '#db/market/schema.ts';
import { orders } from '#db/orders/schema.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { symbolNames, transitionView } from './page-history.ts';
import { iso, reasonView } from './page-view.ts';
import { traderTransitions, traders } from './schema.ts';

/** Transitions of a day answered at most: a busy trader has some hundred. */
const transitionsMax = 3_000;
const daysMax = 60;
/** Steps looked back through for days on which it did something. */
const stepsBack = 40_000;
const symbolsMax = 20;
const dayMs = 86_400_000;

const of = (scope: string, trader: string) =>
  and(eq(traderTransitions.scope, scope), eq(traderTransitions.trader, trader));

/** The days among a trader's newest steps. */
async function daysOf(q: Queryable, scope: string, trader: string, version: number): Promise<string[]> {
  const found = await q
    .selectDistinct({ day: traderTransitions.tradingDay })
    .from(traderTransitions)
    .where(and(of(scope, trader), gt(traderTransitions.seq, version - stepsBack)))
    .orderBy(desc(traderTransitions.tradingDay))
    .limit(daysMax);
  return found.map(({ day }) => day);
}

async function fillsOf(q: Queryable, scope: string, account: string, trader: string, day: string) {
  const rows = await q
    .select()
    .from(ledgerEntries)
    .where(
      and(
        eq(ledgerEntries.scope, scope),
        eq(ledgerEntries.account, account),
        eq(ledgerEntries.trader, trader),
        eq(ledgerEntries.tradingDay, day),
        eq(ledgerEntries.kind, 'fill'),
      ),
    )
    .orderBy(asc(ledgerEntries.seq));
  return rows.flatMap(({ at, symbol, side, quantity, amount }) =>
    symbol === null || side === null || quantity === null || amount === null
      ? []
      : [
          {
            at: at.toISOString(),
            symbol,
            side,
            quantity: plain(quantity),
            price: plain(decimal(amount.div(quantity).toDecimalPlaces(8))),
          },
        ],
  );
}

async function ordersOf(q: Queryable, scope: string, trader: string, day: string) {
  const rows = await q
    .select()
    .from(orders)
    .where(and(eq(orders.scope, scope), eq(orders.trader, trader), eq(orders.tradingDay, day)))
    .orderBy(asc(orders.seq));
  return rows.map((row) => ({
    order_id: row.id,
    seq: row.seq,
    symbol: row.symbol,
    side: row.side,
    state: row.state,
    quantity: plain(row.quantity),
    filled: plain(row.filled),
    price: row.price === null ? null : plain(row.price),
    average: row.filled.isZero() ? null : plain(decimal(row.amount.div(row.filled).toDecimalPlaces(8))),
    at: row.at.toISOString(),
    ended_at: iso(row.endedAt),
    cause: reasonView(row.cause),
    reason: row.reason === null ? null : reasonView(row.reason),
  }));
}

interface Stretch {
  readonly venue: Venue;
  readonly source: string;
  readonly from: Date;
  readonly to: Date;
  readonly now: Date;
}

/** The finest candles there are of the stretch within the day, by symbol. */
async function candlesOf(
  q: Queryable,
  symbols: readonly string[],
  { venue, source, from, to, now }: Stretch,
) {
  if (symbols.length === 0) return new Map<string, (typeof candles.$inferSelect)[]>();
  const found = await q
    .select()
    .from(candles)
    .where(
      and(
        eq(candles.venue, venue),
        eq(candles.source, source),
        inArray(candles.symbol, [...symbols]),
        sql`${candles.interval} <> '1d'`,
        gte(candles.start, from),
        lt(candles.start, to),
        lte(candles.availableAt, now),
      ),
    )
    .orderBy(asc(candles.start));
  const minutes = (row: (typeof found)[number]) => candleMinutes[row.interval] ?? 1_440;
  return new Map(
    [...Map.groupBy(found, ({ symbol }) => symbol)].map(([symbol, rows]) => {
      const finest = Math.min(...rows.map(minutes));
      return [symbol, rows.filter((row) => minutes(row) === finest)] as const;
    }),
  );
}

/**
 * All that a trader's day is played back from.
 * @param day a trading day of its account; the newest on which it did something, else today's, when left out.
 * @throws Problem 404 for an unknown trader.
 */
export async function traderDay(
  q: Queryable,
  scope: string,
  id: string,
  day: string | undefined,
): Promise<TraderDayView> {
  const [row] = await q
    .select({ account: accounts, version: traders.stateVersion })
    .from(traders)
    .innerJoin(accounts, and(eq(accounts.scope, traders.scope), eq(accounts.id, traders.account)))
    .where(and(eq(traders.scope, scope), eq(traders.id, id), isNull(traders.deletedAt)));
  if (row === undefined) throw notFound('trader', id);
  const { account, version } = row;
  const [now, calendars, days] = await Promise.all([
    scopeTime(q, scope),
    loadCalendars(q, scope),
    daysOf(q, scope, id, version),
  ]);
  const calendar = calendars.find(account.calendar);
  const today = calendar === null ? now.toISOString().slice(0, 10) : calendarDay(calendar, now);
  const shown = day ?? days[0] ?? today;
  const session = calendar === null ? null : sessionOf(calendar, shown);
  const phases = session === null || session.kind === 'closed' ? [] : session.phases;
  const [found, fills, placed] = await Promise.all([
    q
      .select()
      .from(traderTransitions)
      .where(and(of(scope, id), eq(traderTransitions.tradingDay, shown)))
      .orderBy(asc(traderTransitions.seq))
      .limit(transitionsMax + 1),
    fillsOf(q, scope, account.id, id, shown),
    ordersOf(q, scope, id, shown),
  ]);
  const transitions = found.slice(0, transitionsMax);
  const symbols = worked(transitions);
  const [first] = transitions;
  const from = phases[0]?.start ?? first?.at ?? now;
  const to = phases.at(-1)?.end ?? new Date(from.getTime() + dayMs);
  const [paths, names] = await Promise.all([
    candlesOf(q, symbols, { venue: account.venue, source: account.feed, from, to, now }),
    symbolNames(q, scope, id, symbols),
  ]);
  return {
    trader_id: id,
    day: shown,
    days,
    now: now.toISOString(),
    phases: phases.map(({ name, start, end }) => ({
      name,
      start: start.toISOString(),
      end: end.toISOString(),
    })),
    phase_before: first?.from ?? 'IDLE',
    transitions: transitions.map(transitionView),
    capped: found.length > transitionsMax,
    fills,
    orders: placed,
    symbols: symbols.map((symbol) => {
      const path = paths.get(symbol) ?? [];
      return {
        symbol,
        name: names.get(symbol) ?? null,
        interval: path[0]?.interval ?? null,
        candles: path.map(({ start, open, high, low, close }) => [
          start.getTime(),
          open.toNumber(),
          high.toNumber(),
          low.toNumber(),
          close.toNumber(),
        ]),
      };
    }),
  };
}

/** The symbols it was on, in the order it came to them; one that was merely asked for is no part of the day. */
function worked(rows: readonly (typeof traderTransitions.$inferSelect)[]): string[] {
  const found = rows.flatMap(({ symbol, to }) => (symbol === null || to === 'SCANNING' ? [] : [symbol]));
  return [...new Set(found)].slice(0, symbolsMax);
}
