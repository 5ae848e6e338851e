import { and, eq, sql } from 'drizzle-orm';
import type { Bar, SimulatedWorld } from '#domain/simulation/market.ts';
import type { Queryable } from '#db/core/client.ts';
import { candles, instruments, quotes } from '#db/market/schema.ts';
import { simulatorSource } from './source.ts';

/** Rows of one statement. */
const chunkRows = 20_000;

/**
 * Stores one-minute candles of a simulated market. Its numbers are whole and new by construction, so they go in as they
 * are: the general way costs seconds for the tens of thousands that a new market has.
 */
export async function writeBars(
  q: Queryable,
  scope: string,
  { config }: SimulatedWorld,
  bars: readonly Bar[],
): Promise<void> {
  for (let at = 0; at < bars.length; at += chunkRows) {
    const rows = bars.slice(at, at + chunkRows);
    const column = (pick: (bar: Bar) => number) => sql`${sql.param(rows.map(pick))}::bigint[]`;
    await q.execute(sql`
      insert into candles (venue, source, symbol, interval, start, "end", available_at, open, high, low, close, volume,
        value, adjusted)
      select 'KRX', ${simulatorSource(scope)}, symbol, '1m', to_timestamp(start / 1000), to_timestamp(start / 1000 + 60),
        to_timestamp(start / 1000 + 60) + ${config.candle_latency_ms}::int * interval '1 ms',
        open, high, low, close, volume, value, false
      from unnest(${sql.param(rows.map(({ symbol }) => symbol))}::text[], ${column((bar) => bar.start)},
        ${column((bar) => bar.open)}, ${column((bar) => bar.high)}, ${column((bar) => bar.low)},
        ${column((bar) => bar.close)}, ${column((bar) => bar.volume)}, ${column((bar) => bar.value)})
        as given(symbol, start, open, high, low, close, volume, value)
      order by symbol, start
      on conflict do nothing`);
  }
}

/** Forgets all market data of a scope's simulator: another market begins. */
export async function clearMarketData(q: Queryable, scope: string): Promise<void> {
  const source = simulatorSource(scope);
  await q.delete(candles).where(and(eq(candles.venue, 'KRX'), eq(candles.source, source)));
  await q.delete(quotes).where(and(eq(quotes.venue, 'KRX'), eq(quotes.source, source)));
  await q.delete(instruments).where(and(eq(instruments.venue, 'KRX'), eq(instruments.source, source)));
}
