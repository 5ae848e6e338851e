import { and, eq, inArray, lte, sql } from 'drizzle-orm';
import { type Decimal, plain } from '#domain/core/decimal.ts';
import type { Venue } from '#domain/market/instrument.ts';
import type { Quote } from '#domain/market/quote.ts';
import type { Queryable } from '#db/core/client.ts';
import { quotes } from './schema.ts';

export interface QuoteRow {
  /** The venue's time. */
  readonly at: Date;
  /** Scope time from which a reader may know it. */
  readonly availableAt: Date;
  /** Null when nobody bids. */
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
  readonly bidSize: Decimal | null;
  readonly askSize: Decimal | null;
  /** The last trade; null before the first of the day. */
  readonly last: Decimal | null;
  /** The day's volume so far. */
  readonly volume: Decimal | null;
}

const columns = {
  symbol: quotes.symbol,
  at: quotes.at,
  availableAt: quotes.availableAt,
  bid: quotes.bid,
  ask: quotes.ask,
  bidSize: quotes.bidSize,
  askSize: quotes.askSize,
  last: quotes.last,
  volume: quotes.volume,
};

/**
 * The newest quote of each symbol, by symbol, as it could be known at `now` (scope time); a symbol without one is left
 * out. @param symbols all of the source when left out.
 */
export async function readQuotes(
  q: Queryable,
  venue: Venue,
  source: string,
  now: Date,
  symbols?: readonly string[],
): Promise<ReadonlyMap<string, QuoteRow>> {
  if (symbols?.length === 0) return new Map();
  const rows = await q
    .select(columns)
    .from(quotes)
    .where(
      and(
        eq(quotes.venue, venue),
        eq(quotes.source, source),
        lte(quotes.availableAt, now),
        symbols === undefined ? undefined : inArray(quotes.symbol, [...symbols]),
      ),
    )
    .orderBy(quotes.symbol);
  return new Map(rows.map(({ symbol, ...row }) => [symbol, row]));
}

/**
 * Keeps the newest quote of each symbol; one older than what is stored is left out, so that a late packet never turns
 * the price back. Only one is kept: write a quote when it is known, not before.
 */
export async function writeQuotes(q: Queryable, given: readonly Quote[]): Promise<void> {
  const newest = new Map<string, Quote>();
  for (const row of given) {
    const key = `${row.venue} ${row.source} ${row.symbol}`;
    const other = newest.get(key);
    if (other === undefined || Date.parse(row.at) >= Date.parse(other.at)) newest.set(key, row);
  }
  const rows = [...newest.values()];
  if (rows.length === 0) return;
  const texts = (pick: (row: Quote) => string) => sql`${sql.param(rows.map(pick))}::text[]`;
  const numbers = (pick: (row: Quote) => Decimal | null) =>
    sql`${sql.param(
      rows.map((row) => {
        const value = pick(row);
        return value === null ? null : plain(value);
      }),
    )}::text[]`;
  // In the order of the key: two writers of the same symbols never wait for each other in a circle.
  await q.execute(sql`
    insert into quotes (venue, source, symbol, at, available_at, bid, ask, bid_size, ask_size, last, volume)
    select venue, source, symbol, at::timestamptz, available_at::timestamptz, bid::numeric, ask::numeric,
      bid_size::numeric, ask_size::numeric, last::numeric, volume::numeric
    from unnest(${texts((row) => row.venue)}, ${texts((row) => row.source)}, ${texts((row) => row.symbol)},
      ${texts((row) => row.at)}, ${texts((row) => row.available_at)}, ${numbers((row) => row.bid)},
      ${numbers((row) => row.ask)}, ${numbers((row) => row.bid_size)}, ${numbers((row) => row.ask_size)},
      ${numbers((row) => row.last)}, ${numbers((row) => row.volume)})
      as given(venue, source, symbol, at, available_at, bid, ask, bid_size, ask_size, last, volume)
    order by venue, source, symbol
    on conflict (venue, source, symbol) do update
      set at = excluded.at, available_at = excluded.available_at, bid = excluded.bid, ask = excluded.ask,
        bid_size = excluded.bid_size, ask_size = excluded.ask_size, last = excluded.last, volume = excluded.volume
      where excluded.at >= quotes.at`);
}
