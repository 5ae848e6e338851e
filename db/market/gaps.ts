import { sql } from 'drizzle-orm';
import type { CandleInterval } from '#domain/jobs/schedule-fields.ts';
import { gapsIn } from '#domain/market/candle-span.ts';
import type { Venue } from '#domain/market/instrument.ts';
import type { Calendar } from '#domain/time/calendar/calendar.ts';
import type { Queryable } from '#db/core/client.ts';

/** Why candles are missing, as `reasons.<code>`. */
export const gapCodes = ['gap_halted', 'gap_no_trades', 'gap_missing'] as const;
export type GapCode = (typeof gapCodes)[number];

/** The candles of one symbol between two instants. */
export interface CandleStretch {
  readonly venue: Venue;
  readonly source: string;
  readonly symbol: string;
  readonly interval: CandleInterval;
  readonly from: Date;
  readonly to: Date;
}

export interface StoredGap {
  /** Start of the first candle missing. */
  readonly start: Date;
  /** End of the last one missing. */
  readonly end: Date;
  readonly code: GapCode;
}

/** Stores the gaps that begin in [from, to) in place of those stored for it before. */
export async function noteGaps(
  q: Queryable,
  stretch: CandleStretch,
  gaps: readonly StoredGap[],
  now: Date,
): Promise<void> {
  const { venue, source, symbol, interval, from, to } = stretch;
  await q.execute(sql`
    delete from candle_gaps where venue = ${venue} and source = ${source} and symbol = ${symbol}
      and interval = ${interval} and start >= ${from.toISOString()}::timestamptz
      and start < ${to.toISOString()}::timestamptz`);
  if (gaps.length === 0) return;
  const texts = (pick: (gap: StoredGap) => string) => sql`${sql.param(gaps.map(pick))}::text[]`;
  await q.execute(sql`
    insert into candle_gaps (venue, source, symbol, interval, start, "end", code, noticed_at)
    select ${venue}, ${source}, ${symbol}, ${interval}, start::timestamptz, until::timestamptz, code,
      ${now.toISOString()}::timestamptz
    from unnest(${texts((gap) => gap.start.toISOString())}, ${texts((gap) => gap.end.toISOString())},
      ${texts((gap) => gap.code)}) as given(start, until, code)
    on conflict (venue, source, symbol, interval, start) do update
      set "end" = excluded."end", code = excluded.code`);
}

/**
 * Finds the gaps of a stretch from the candles that are stored and the calendar's sessions, and stores them.
 * @param idle spans that the source itself says nobody traded in, by their start in milliseconds.
 * @param code what the others are put down to.
 */
export async function findGaps(
  q: Queryable,
  calendar: Calendar,
  stretch: CandleStretch,
  idle: ReadonlyMap<number, { readonly end: Date; readonly code: GapCode }>,
  now: Date,
  code: GapCode = 'gap_missing',
): Promise<readonly StoredGap[]> {
  const { venue, source, symbol, interval, from, to } = stretch;
  const rows = await q.execute<{ ts: number }>(sql`
    select (extract(epoch from start) * 1000)::float8 as ts from candles
    where venue = ${venue} and source = ${source} and symbol = ${symbol} and interval = ${interval}
      and start >= ${from.toISOString()}::timestamptz and start < ${to.toISOString()}::timestamptz`);
  const there = [...rows.map(({ ts }) => new Date(ts)), ...[...idle.keys()].map((ts) => new Date(ts))];
  const stored: StoredGap[] = [
    ...[...idle].map(([ts, { end, code }]) => ({ start: new Date(ts), end, code })),
    ...gapsIn(calendar, interval, { from, to }, there).map((gap) => ({
      start: gap.from,
      end: gap.to,
      code,
    })),
  ].toSorted((a, b) => a.start.getTime() - b.start.getTime());
  await noteGaps(q, stretch, stored, now);
  return stored;
}
