import { sql } from 'drizzle-orm';
import { type Decimal, plain } from '#domain/core/decimal.ts';
import type { CandleInterval } from '#domain/jobs/schedule-fields.ts';
import type { Candle } from '#domain/market/candle.ts';
import type { Venue } from '#domain/market/instrument.ts';
import { type Candles, dayColumn, dayOffsetMin } from '#domain/strategies/candles.ts';
import type { Queryable } from '#db/core/client.ts';

export interface Written {
  readonly added: number;
  /** Were there with other figures. */
  readonly changed: number;
}

/** Rows of one statement: some MB of parameters at most. */
const chunkRows = 20_000;

const keyOf = ({ venue, source, symbol, interval, start }: Candle) =>
  `${venue} ${source} ${symbol} ${interval} ${Date.parse(start)}`;

/**
 * Adds candles and replaces those whose figures changed; the same figures again change nothing and keep the time they
 * were first known at. A candle given twice: the last counts.
 */
export async function writeCandles(q: Queryable, candles: readonly Candle[]): Promise<Written> {
  const rows = [...new Map(candles.map((row) => [keyOf(row), row])).values()];
  let [added, changed] = [0, 0];
  for (let at = 0; at < rows.length; at += chunkRows) {
    const written = await writeChunk(q, rows.slice(at, at + chunkRows));
    added += written.added;
    changed += written.changed;
  }
  return { added, changed };
}

async function writeChunk(q: Queryable, rows: readonly Candle[]): Promise<Written> {
  const texts = (pick: (row: Candle) => string) => sql`${sql.param(rows.map(pick))}::text[]`;
  const numbers = (pick: (row: Candle) => Decimal | null) =>
    sql`${sql.param(
      rows.map((row) => {
        const value = pick(row);
        return value === null ? null : plain(value);
      }),
    )}::text[]`;
  // `xmax` is 0 for a row that was not there before.
  const [counts] = await q.execute<{ added: number; changed: number }>(sql`
    with written as (
      insert into candles (venue, source, symbol, interval, start, "end", available_at, open, high, low, close, volume,
        value, adjusted)
      select venue, source, symbol, interval, start::timestamptz, until::timestamptz, available_at::timestamptz,
        open::numeric, high::numeric, low::numeric, close::numeric, volume::numeric, value::numeric, adjusted::boolean
      from unnest(${texts((row) => row.venue)}, ${texts((row) => row.source)}, ${texts((row) => row.symbol)},
        ${texts((row) => row.interval)}, ${texts((row) => row.start)}, ${texts((row) => row.end)},
        ${texts((row) => row.available_at)}, ${numbers((row) => row.open)}, ${numbers((row) => row.high)},
        ${numbers((row) => row.low)}, ${numbers((row) => row.close)}, ${numbers((row) => row.volume)},
        ${numbers((row) => row.value)}, ${texts((row) => String(row.adjusted))})
        as given(venue, source, symbol, interval, start, until, available_at, open, high, low, close, volume, value,
          adjusted)
      order by venue, source, symbol, interval, start::timestamptz
      on conflict (venue, source, symbol, interval, start) do update
        set "end" = excluded."end", available_at = excluded.available_at, open = excluded.open, high = excluded.high,
          low = excluded.low, close = excluded.close, volume = excluded.volume, value = excluded.value,
          adjusted = excluded.adjusted
        where (candles."end", candles.open, candles.high, candles.low, candles.close, candles.volume, candles.value,
          candles.adjusted) is distinct from (excluded."end", excluded.open, excluded.high, excluded.low,
          excluded.close, excluded.volume, excluded.value, excluded.adjusted)
      returning xmax = 0 as fresh)
    select count(*) filter (where fresh)::int as added, count(*) filter (where not fresh)::int as changed
    from written`);
  return counts ?? { added: 0, changed: 0 };
}

export interface CandleQuery {
  readonly venue: Venue;
  readonly source: string;
  readonly symbols: readonly string[];
  readonly interval: CandleInterval;
  /** Scope time of the reader: nothing that became known later is seen. */
  readonly now: Date;
  /** The newest so many of each symbol. */
  readonly limit: number;
}

/** Numbers of a column that PostgreSQL joined with commas: thousands of cells without an object for each row. */
function numbersOf(text: string): Float64Array {
  return Float64Array.from(text.split(','), Number);
}

/** A column's cells in one text, oldest first. */
const joined = (column: string) => sql.raw(`string_agg(${column}::text, ',' order by start) as "${column}"`);

/**
 * The newest candles of each symbol as columns, oldest first; a symbol without any is left out. A gap stays a gap: the
 * neighbours of a missing candle stand side by side.
 */
export async function readCandles(q: Queryable, query: CandleQuery): Promise<ReadonlyMap<string, Candles>> {
  const { venue, source, symbols, interval, now, limit } = query;
  if (symbols.length === 0) return new Map();
  const rows = await q.execute<
    Record<'symbol' | 'ts' | 'open' | 'high' | 'low' | 'close' | 'volume', string>
  >(sql`
    select wanted.symbol, one.* from unnest(${sql.param([...new Set(symbols)])}::text[]) as wanted(symbol)
    cross join lateral (
      select string_agg((extract(epoch from start) * 1000)::bigint::text, ',' order by start) as ts,
        ${joined('open')}, ${joined('high')}, ${joined('low')}, ${joined('close')}, ${joined('volume')}
      from (
        select start, open, high, low, close, volume from candles
        where venue = ${venue} and source = ${source} and candles.symbol = wanted.symbol
          and interval = ${interval} and available_at <= ${now.toISOString()}::timestamptz
        order by start desc limit ${limit}) newest
      having count(*) > 0) one`);
  return new Map(
    rows.map((row) => {
      const ts = numbersOf(row.ts);
      const columns: Candles = {
        length: ts.length,
        ts,
        open: numbersOf(row.open),
        high: numbersOf(row.high),
        low: numbersOf(row.low),
        close: numbersOf(row.close),
        volume: numbersOf(row.volume),
        day: dayColumn(ts, dayOffsetMin[venue]),
      };
      return [row.symbol, columns];
    }),
  );
}
