import { and, desc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { Decimal } from '#domain/core/decimal.ts';
import type { Venue } from '#domain/market/instrument.ts';
import { type Calendar, calendarDay } from '#domain/time/calendar/calendar.ts';
import type { Queryable } from '#db/core/client.ts';
import { readQuotes } from '#db/market/quotes.ts';
import { candles } from '#db/market/schema.ts';
import { closingMarks } from './schema.ts';

/** Whose prices an account is valued at. */
export interface PriceSource {
  readonly venue: Venue;
  /** The feed of the account. */
  readonly source: string;
}

export interface PriceMark {
  readonly price: Decimal;
  readonly at: Date;
  readonly origin: 'quote' | 'candle';
}

/** The newest prices known at an instant: of the last trade, without one the best bid. Old ones count: they are the last. */
export async function quotedPrices(
  q: Queryable,
  { venue, source }: PriceSource,
  symbols: readonly string[],
  now: Date,
): Promise<Map<string, PriceMark>> {
  const rows = await readQuotes(q, venue, source, now, symbols);
  return new Map(
    [...rows].flatMap(([symbol, { at, last, bid }]): [string, PriceMark][] => {
      const price = last ?? bid;
      return price === null ? [] : [[symbol, { price, at, origin: 'quote' }]];
    }),
  );
}

/** Closes of the newest candles that ended by an instant and were known at another. */
async function candlePrices(
  q: Queryable,
  { venue, source }: PriceSource,
  symbols: readonly string[],
  until: Date,
  now: Date,
): Promise<Map<string, PriceMark>> {
  if (symbols.length === 0) return new Map();
  const rows = await q
    .selectDistinctOn([candles.symbol], { symbol: candles.symbol, close: candles.close, at: candles.end })
    .from(candles)
    .where(
      and(
        eq(candles.venue, venue),
        eq(candles.source, source),
        inArray(candles.symbol, [...symbols]),
        lte(candles.end, until),
        lte(candles.availableAt, now),
        eq(candles.adjusted, false),
      ),
    )
    .orderBy(candles.symbol, desc(candles.end), candles.interval);
  return new Map(rows.map(({ symbol, close, at }) => [symbol, { price: close, at, origin: 'candle' }]));
}

/** {@link quotedPrices}, and for symbols without a quote their newest candle. */
export async function currentPrices(
  q: Queryable,
  source: PriceSource,
  symbols: readonly string[],
  now: Date,
): Promise<Map<string, Decimal>> {
  const found = await quotedPrices(q, source, symbols, now);
  const missing = symbols.filter((symbol) => !found.has(symbol));
  for (const [symbol, mark] of await candlePrices(q, source, missing, now, now)) found.set(symbol, mark);
  return new Map([...found].map(([symbol, { price }]) => [symbol, price]));
}

interface Closing extends PriceSource {
  readonly scope: string;
  readonly account: string;
  readonly calendar: Calendar;
  readonly day: string;
  /** End of the session. */
  readonly close: Date;
  readonly now: Date;
}

/**
 * The prices at which a day's end is valued: those kept of an earlier settlement, else the quote if it is still of that
 * day, else the newest candle that ended by the close. What is found after the close is kept.
 */
export async function closingPrices(
  q: Queryable,
  closing: Closing,
  symbols: readonly string[],
): Promise<Map<string, Decimal>> {
  const { scope, account, calendar, day, close, now } = closing;
  if (symbols.length === 0) return new Map();
  const kept = await q
    .select({ symbol: closingMarks.symbol, price: closingMarks.price })
    .from(closingMarks)
    .where(
      and(
        eq(closingMarks.scope, scope),
        eq(closingMarks.account, account),
        eq(closingMarks.tradingDay, day),
        inArray(closingMarks.symbol, [...symbols]),
      ),
    );
  const prices = new Map(kept.map(({ symbol, price }) => [symbol, price]));
  const missing = symbols.filter((symbol) => !prices.has(symbol));
  const found = new Map<string, PriceMark>();
  for (const [symbol, mark] of await candlePrices(q, closing, missing, close, now)) found.set(symbol, mark);
  for (const [symbol, mark] of await quotedPrices(q, closing, missing, now))
    if (calendarDay(calendar, mark.at) === day || (!found.has(symbol) && mark.at <= close))
      found.set(symbol, mark);
  if (now >= close && found.size > 0)
    await q
      .insert(closingMarks)
      .values([...found].map(([symbol, mark]) => ({ scope, account, symbol, tradingDay: day, ...mark })))
      .onConflictDoUpdate({
        target: [closingMarks.scope, closingMarks.account, closingMarks.symbol, closingMarks.tradingDay],
        set: { price: sql`excluded.price`, at: sql`excluded.at`, origin: sql`excluded.origin` },
      });
  for (const [symbol, { price }] of found) prices.set(symbol, price);
  return prices;
}
