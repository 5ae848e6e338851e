import { sql } from 'drizzle-orm';
import type { CandleInterval } from '#domain/jobs/schedule-fields.ts';
import type { Venue } from '#domain/market/instrument.ts';
import type { Queryable } from '#db/core/client.ts';

/** Where a scope's market data comes from: one line per feed of its accounts. */
export interface ScopeFeed {
  readonly feed: string;
  readonly venue: Venue;
  readonly calendar: string;
}

export async function feedsOf(q: Queryable, scope: string): Promise<readonly ScopeFeed[]> {
  return q.execute<{ feed: string; venue: Venue; calendar: string }>(sql`
    select feed, venue, min(calendar) as calendar from accounts where scope = ${scope}
    group by feed, venue order by feed, venue`);
}

/** End of the newest stored candle of each symbol that has any. */
export async function newestEnds(
  q: Queryable,
  of: {
    readonly venue: Venue;
    readonly source: string;
    readonly interval: CandleInterval;
    readonly symbols: readonly string[];
  },
): Promise<ReadonlyMap<string, Date>> {
  const rows = await q.execute<{ symbol: string; ts: number }>(sql`
    select wanted.symbol, (extract(epoch from newest."end") * 1000)::float8 as ts
    from unnest(${sql.param([...of.symbols])}::text[]) as wanted(symbol) cross join lateral (
      select "end" from candles c where c.venue = ${of.venue} and c.source = ${of.source}
        and c.symbol = wanted.symbol and c.interval = ${of.interval} order by start desc limit 1) newest`);
  return new Map(rows.map(({ symbol, ts }) => [symbol, new Date(ts)]));
}
