import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { type Decimal, plain } from '#domain/core/decimal.ts';
import { invalidField } from '#domain/core/errors.ts';
import type { CandleInterval } from '#domain/jobs/schedule-fields.ts';
import type { Venue } from '#domain/market/instrument.ts';
import type { CandleImportView, InstrumentView, MarketSourceView, QuoteView } from '#domain/market/view.ts';
import type { Queryable } from '#db/core/client.ts';
import { readQuotes } from './quotes.ts';
import { candleImports, candles } from './schema.ts';

const iso = (ms: number) => new Date(ms).toISOString();
const text = (value: Decimal | null) => (value === null ? null : plain(value));

/** The time that readers of a source live in: the scope's for its simulated market, else the wall clock's. */
export async function sourceTime(q: Queryable, source: string): Promise<Date> {
  const [, scope] = /^simulator:(.+)$/.exec(source) ?? [];
  const [row] = await q.execute<{ now: string }>(sql`
    select coalesce((select scope_now(name) from scopes where name = ${scope ?? ''}), clock_timestamp()) as now`);
  return row === undefined ? new Date() : new Date(row.now);
}

interface SeriesRow extends Record<string, unknown> {
  readonly venue: Venue;
  readonly source: string;
  readonly interval: CandleInterval;
  readonly symbols: number;
  readonly candles: number;
  readonly first: number;
  readonly last: number;
  readonly gaps: number;
}

/** Every source with what is stored of it, by venue and name. */
export async function listSources(q: Queryable): Promise<MarketSourceView[]> {
  const heads = await q.execute<{
    venue: Venue;
    source: string;
    instruments: number;
    quotes: number;
    newest: number | null;
  }>(sql`
    with i as (select venue, source, count(*)::int as instruments from instruments group by 1, 2),
    q as (select venue, source, count(*)::int as quotes, (extract(epoch from max(at)) * 1000)::float8 as newest
      from quotes group by 1, 2)
    select venue, source, coalesce(instruments, 0) as instruments, coalesce(quotes, 0) as quotes, newest
    from i full join q using (venue, source)`);
  const series = await q.execute<SeriesRow>(sql`
    with c as (
      select venue, source, interval, count(distinct symbol)::int as symbols, count(*)::int as candles,
        (extract(epoch from min(start)) * 1000)::float8 as first, (extract(epoch from max("end")) * 1000)::float8 as last
      from candles group by 1, 2, 3),
    g as (select venue, source, interval, count(*)::int as gaps from candle_gaps group by 1, 2, 3)
    select c.*, coalesce(gaps, 0) as gaps from c left join g using (venue, source, interval)
    order by array_position(array['1m', '3m', '5m', '10m', '15m', '30m', '1h', '4h', '1d'], interval)`);
  const keys = new Map<string, { readonly venue: Venue; readonly source: string }>();
  for (const { venue, source } of [...heads, ...series]) keys.set(`${venue} ${source}`, { venue, source });
  const views: MarketSourceView[] = [];
  for (const { venue, source } of [...keys.values()].toSorted(
    (a, b) => a.venue.localeCompare(b.venue) || a.source.localeCompare(b.source),
  )) {
    const mine = (row: { readonly venue: Venue; readonly source: string }) =>
      row.venue === venue && row.source === source;
    const head = heads.find(mine);
    const newest = head?.newest ?? null;
    const now = newest === null ? null : await sourceTime(q, source);
    views.push({
      venue,
      source,
      instruments: head?.instruments ?? 0,
      quotes: head?.quotes ?? 0,
      newest_quote_at: newest === null ? null : iso(newest),
      newest_quote_age_sec:
        newest === null || now === null ? null : Math.max(0, now.getTime() - newest) / 1_000,
      series: series.filter(mine).map((row) => ({
        interval: row.interval,
        symbols: row.symbols,
        candles: row.candles,
        from: iso(row.first),
        to: iso(row.last),
        gaps: row.gaps,
      })),
    });
  }
  return views;
}

export interface InstrumentQuery {
  readonly venue: Venue;
  readonly source: string;
  /** Part of a symbol or name. */
  readonly search?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

interface InstrumentRow extends Record<string, unknown> {
  readonly symbol: string;
  readonly name: string | null;
  readonly market: string | null;
  readonly state: InstrumentView['state'];
  readonly series: readonly {
    readonly interval: CandleInterval;
    readonly candles: number;
    readonly first: number;
    readonly last: number;
    readonly gaps: number;
  }[];
}

/** The symbols of a source, those of which there are only candles too, by symbol. */
export async function listInstruments(
  q: Queryable,
  { venue, source, search = '', limit: asked = 50, cursor = '' }: InstrumentQuery,
): Promise<{ items: InstrumentView[]; next_cursor: string | null }> {
  const limit = Math.min(Math.max(asked, 1), 200);
  const of = sql`venue = ${venue} and source = ${source}`;
  const wanted = `%${search.replaceAll(/[%_\\]/g, String.raw`\$&`)}%`;
  // Symbols are looked up one after another in the keys: a `distinct` would read every candle.
  const rows = await q.execute<InstrumentRow>(sql`
    with recursive known(symbol) as (
      (select least((select min(symbol) from candles where ${of} and symbol > ${cursor}),
        (select min(symbol) from instruments where ${of} and symbol > ${cursor})))
      union all
      select least((select min(c.symbol) from candles c where ${of} and c.symbol > known.symbol),
        (select min(i.symbol) from instruments i where ${of} and i.symbol > known.symbol))
      from known where known.symbol is not null),
    shown as (
      select k.symbol, i.name, i.market, i.definition->>'state' as state from known k
      left join instruments i on i.venue = ${venue} and i.source = ${source} and i.symbol = k.symbol
      where k.symbol is not null and (k.symbol ilike ${wanted} or i.name ilike ${wanted}) limit ${limit + 1})
    select s.symbol, s.name, s.market, s.state, coalesce((
      select json_agg(json_build_object('interval', v.interval, 'candles', c.candles, 'first', c.first, 'last', c.last,
        'gaps', (select count(*) from candle_gaps g where ${of} and g.symbol = s.symbol and g.interval = v.interval))
        order by v.place)
      from unnest(array['1m', '3m', '5m', '10m', '15m', '30m', '1h', '4h', '1d']) with ordinality as v(interval, place)
      cross join lateral (select count(*)::int as candles, extract(epoch from min(start)) * 1000 as first,
        extract(epoch from max("end")) * 1000 as last
        from candles x where ${of} and x.symbol = s.symbol and x.interval = v.interval having count(*) > 0) c), '[]') as series
    from shown s order by s.symbol`);
  const shown = rows.slice(0, limit);
  return {
    items: shown.map(({ symbol, name, market, state, series }) => ({
      venue,
      source,
      symbol,
      name,
      market,
      state,
      series: series.map(({ first, last, ...row }) => ({ ...row, from: iso(first), to: iso(last) })),
    })),
    next_cursor: rows.length > limit ? (shown.at(-1)?.symbol ?? null) : null,
  };
}

/** The newest quotes of a source as of its own time. */
export async function listQuotes(
  q: Queryable,
  venue: Venue,
  source: string,
  symbols?: readonly string[],
): Promise<QuoteView[]> {
  const found = await readQuotes(q, venue, source, await sourceTime(q, source), symbols);
  return [...found].map(([symbol, row]) => ({
    venue,
    source,
    symbol,
    at: row.at.toISOString(),
    available_at: row.availableAt.toISOString(),
    bid: text(row.bid),
    ask: text(row.ask),
    bid_size: text(row.bidSize),
    ask_size: text(row.askSize),
    last: text(row.last),
    volume: text(row.volume),
  }));
}

export interface CandleListQuery {
  readonly venue: Venue;
  readonly source: string;
  readonly symbol: string;
  readonly interval: CandleInterval;
  /** Included. */
  readonly from?: string | undefined;
  /** Not included. */
  readonly to?: string | undefined;
  readonly limit: number;
}

/** The newest candles of a range, oldest first, exactly as stored, and the gaps in it. */
export async function listCandles(q: Queryable, query: CandleListQuery) {
  const { venue, source, symbol, interval, limit } = query;
  const now = await sourceTime(q, source);
  const from = new Date(query.from ?? 0).toISOString();
  const to = new Date(query.to ?? now.getTime() + 1).toISOString();
  const rows = await q
    .select()
    .from(candles)
    .where(
      and(
        eq(candles.venue, venue),
        eq(candles.source, source),
        eq(candles.symbol, symbol),
        eq(candles.interval, interval),
        sql`start >= ${from}::timestamptz and start < ${to}::timestamptz`,
        sql`available_at <= ${now.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(desc(candles.start))
    .limit(limit + 1);
  const shown = rows.slice(0, limit).toReversed();
  const first = shown[0]?.start.toISOString() ?? from;
  const gaps = await q.execute<{ first: number; last: number; code: string }>(sql`
    select (extract(epoch from start) * 1000)::float8 as first, (extract(epoch from "end") * 1000)::float8 as last, code
    from candle_gaps where venue = ${venue} and source = ${source} and symbol = ${symbol} and interval = ${interval}
      and start >= ${rows.length > limit ? first : from}::timestamptz and start < ${to}::timestamptz
      and "end" <= ${now.toISOString()}::timestamptz order by start limit 1000`);
  return {
    candles: shown.map((row) => ({
      start: row.start.toISOString(),
      end: row.end.toISOString(),
      available_at: row.availableAt.toISOString(),
      open: plain(row.open),
      high: plain(row.high),
      low: plain(row.low),
      close: plain(row.close),
      volume: plain(row.volume),
      value: text(row.value),
      adjusted: row.adjusted,
    })),
    gaps: gaps.map((gap) => ({ start: iso(gap.first), end: iso(gap.last), code: gap.code })),
    /** Older ones of the range were left out. */
    more: rows.length > limit,
  };
}

/** Files that were brought in, newest first. */
export async function listImports(
  q: Queryable,
  {
    limit: asked = 50,
    cursor,
  }: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
): Promise<{ items: CandleImportView[]; next_cursor: string | null }> {
  const limit = Math.min(Math.max(asked, 1), 200);
  if (cursor !== undefined && !/^[\da-f-]{36}$/.test(cursor))
    throw invalidField('cursor', 'invalid_cursor', 'not a cursor of this list');
  const rows = await q
    .select()
    .from(candleImports)
    .where(cursor === undefined ? undefined : lt(candleImports.id, cursor))
    .orderBy(desc(candleImports.id))
    .limit(limit + 1);
  const shown = rows.slice(0, limit);
  return {
    items: shown.map(({ id, firstDay, lastDay, actorName, at, problems, ...row }) => ({
      import_id: id,
      ...row,
      problems: problems.map((problem) => ({ ...problem, params: { ...problem.params } })),
      first_day: firstDay,
      last_day: lastDay,
      actor_name: actorName,
      at: at.toISOString(),
    })),
    next_cursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
}
