import { sql } from 'drizzle-orm';
import type { Venue } from '#domain/market/instrument.ts';
import type { CrossSection } from '#domain/strategies/candidates.ts';
import { dayNumber, dayOffsetMin } from '#domain/strategies/candles.ts';
import type { Queryable } from '#db/core/client.ts';

export interface CrossSectionQuery {
  readonly venue: Venue;
  readonly source: string;
  /** Scope time of the reader. */
  readonly now: Date;
  /** Trading days, the running one included. */
  readonly days: number;
}

interface Cell {
  readonly day: number;
  readonly symbol: string;
  readonly open: number;
  readonly close: number;
  readonly volume: number;
  readonly value: number;
}

const dayMs = 86_400_000;

/** Daily candles of the last days that have any, and rows without trades as their gaps say. */
async function dailyCells(q: Queryable, query: CrossSectionQuery): Promise<Cell[]> {
  const { venue, source, days } = query;
  const now = sql`${query.now.toISOString()}::timestamptz`;
  const of = sql`venue = ${venue} and source = ${source} and interval = '1d'`;
  // The days are looked up one after another in the index: a count over years of candles would read them all.
  // One row a day with its cells in texts: as many rows as cells would take most of the time.
  const rows = await q.execute<
    Record<'symbol' | 'open' | 'close' | 'volume' | 'value', string> & { ts: number }
  >(sql`
    with recursive newest(start) as (
      (select start from candles where ${of} and available_at <= ${now} order by start desc limit 1)
      union all
      select (select c.start from candles c where ${of} and c.start < newest.start and available_at <= ${now}
        order by c.start desc limit 1) from newest where newest.start is not null),
    days as (select start from newest where start is not null limit ${days}),
    cells as (
      select start, symbol, open::float8, close::float8, volume::float8,
        coalesce(value, volume * close)::float8 as value
      from candles where ${of} and available_at <= ${now} and start >= (select min(start) from days)
      union all
      select g.start, g.symbol, case when g.code = 'gap_halted' then 0 else last.close::float8 end,
        last.close::float8, 0, 0
      from candle_gaps g cross join lateral (
        select close from candles c where c.venue = g.venue and c.source = g.source and c.symbol = g.symbol
          and c.interval = '1d' and c.start < g.start and c.available_at <= ${now}
        order by c.start desc limit 1) last
      where g.venue = ${venue} and g.source = ${source} and g.interval = '1d'
        and g.code in ('gap_halted', 'gap_no_trades') and g.start >= (select min(start) from days)
        and g."end" <= ${now})
    select (extract(epoch from start) * 1000)::float8 as ts, string_agg(symbol, ',') as symbol,
      string_agg(open::text, ',') as open, string_agg(close::text, ',') as close,
      string_agg(volume::text, ',') as volume, string_agg(value::text, ',') as value
    from cells group by start`);
  const offset = dayOffsetMin[venue];
  return rows.flatMap((row) => {
    const day = dayNumber(row.ts, offset);
    const column = (name: 'open' | 'close' | 'volume' | 'value') => row[name].split(',').map(Number);
    const [open, close, volume, value] = [column('open'), column('close'), column('volume'), column('value')];
    return row.symbol.split(',').map((symbol, at) => ({
      day,
      symbol,
      open: open[at] ?? 0,
      close: close[at] ?? 0,
      volume: volume[at] ?? 0,
      value: value[at] ?? 0,
    }));
  });
}

/**
 * The running day of each symbol that has a quote of it: price and volume of the quote, opening price and turnover of
 * its minute candles; without those, the turnover is volume x price.
 */
async function runningCells(q: Queryable, query: CrossSectionQuery): Promise<Cell[]> {
  const { venue, source } = query;
  const day = dayNumber(query.now.getTime(), dayOffsetMin[venue]);
  const start = new Date(day * dayMs - dayOffsetMin[venue] * 60_000).toISOString();
  const now = sql`${query.now.toISOString()}::timestamptz`;
  const rows = await q.execute<Omit<Cell, 'day'>>(sql`
    with minutes as (
      select symbol, (array_agg(open order by start))[1] as open, sum(volume) as volume,
        sum(coalesce(value, volume * close)) as value
      from candles where venue = ${venue} and source = ${source} and interval = '1m'
        and start >= ${start}::timestamptz and available_at <= ${now}
      group by symbol)
    select symbol, coalesce(m.open, q.last)::float8 as open, q.last::float8 as close,
      coalesce(q.volume, m.volume, 0)::float8 as volume,
      coalesce(m.value + greatest(coalesce(q.volume, m.volume) - m.volume, 0) * q.last, q.volume * q.last, 0)::float8
        as value
    from quotes q left join minutes m using (symbol)
    where q.venue = ${venue} and q.source = ${source} and q.available_at <= ${now}
      and q.at >= ${start}::timestamptz and q.last is not null`);
  return rows.map((row) => ({ ...row, day }));
}

function filled(symbols: readonly string[], days: readonly number[], cells: readonly Cell[]) {
  const count = symbols.length * days.length;
  const column = () => new Float64Array(count);
  const [open, close, volume, value, change] = [column(), column(), column(), column(), column()];
  const dayAt = new Map(days.map((day, index) => [day, index * symbols.length]));
  const symbolAt = new Map(symbols.map((symbol, index) => [symbol, index]));
  for (const cell of cells) {
    const [row, index] = [dayAt.get(cell.day), symbolAt.get(cell.symbol)];
    if (row === undefined || index === undefined) continue;
    open[row + index] = cell.open;
    close[row + index] = cell.close;
    volume[row + index] = cell.volume;
    value[row + index] = cell.value;
  }
  return { open, close, volume, value, change };
}

/** Change of each cell against the symbol's last close before it; 0 where there is none. */
function writeChanges(change: Float64Array, close: Float64Array, width: number, base: Float64Array): void {
  const before = new Float64Array(width);
  before.set(base);
  for (let cell = 0; cell < close.length; cell += 1) {
    const [last, now] = [before[cell % width] ?? 0, close[cell] ?? 0];
    if (now === 0) continue;
    if (last > 0) change[cell] = now / last - 1;
    before[cell % width] = now;
  }
}

/**
 * The market as a reader could know it at `now`: the last days of daily candles and, where the source gives quotes, the
 * day that runs. Symbols in their order; those with an instrument but no candle are `not_listed` to the discovery.
 */
export async function readCrossSection(q: Queryable, query: CrossSectionQuery): Promise<CrossSection> {
  const { venue, source } = query;
  // One day more than asked for: the first one's change needs the close before it.
  const daily = await dailyCells(q, { ...query, days: query.days + 1 });
  const running = await runningCells(q, query);
  const known = await q.execute<{ symbol: string; market: string; halted: boolean }>(sql`
    select symbol, market, definition->>'state' = 'halted' as halted from instruments
    where venue = ${venue} and source = ${source}`);
  // A closed daily candle says more than the day's last quote.
  const closed = new Set(daily.map(({ day, symbol }) => `${day} ${symbol}`));
  const cells = [...daily, ...running.filter(({ day, symbol }) => !closed.has(`${day} ${symbol}`))];
  const allDays = [...new Set(cells.map(({ day }) => day))].toSorted((a, b) => a - b);
  const days = allDays.slice(-query.days);
  const symbols = [...new Set([...known, ...cells].map(({ symbol }) => symbol))].toSorted();
  const facts = new Map(known.map((row) => [row.symbol, row]));
  const columns = filled(symbols, days, cells);
  const older = filled(symbols, allDays.slice(0, -query.days).slice(-1), cells).close;
  writeChanges(columns.change, columns.close, symbols.length, older);
  return {
    symbols,
    markets: symbols.map((symbol) => facts.get(symbol)?.market ?? ''),
    halted: Uint8Array.from(symbols, (symbol) => (facts.get(symbol)?.halted === true ? 1 : 0)),
    days: days.length,
    ...columns,
  };
}
