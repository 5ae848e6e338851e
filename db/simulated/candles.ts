import { and, asc, eq, gte, inArray, lt, lte } from 'drizzle-orm';
import { greatest, least } from '#domain/core/decimal.ts';
import type { CandleInterval } from '#domain/jobs/schedule-fields.ts';
import type { Candle } from '#domain/market/candle.ts';
import { candleSpan } from '#domain/market/candle-span.ts';
import type { Calendar } from '#domain/time/calendar/calendar.ts';
import type { Database } from '#db/core/client.ts';
import { candles } from '#db/market/schema.ts';
import { inMarket } from './hold.ts';
import { simulatorSource } from './source.ts';

/**
 * Closed candles of a simulated market that begin in [from, to), by symbol and time. Longer ones than a minute are made
 * of the minutes of the regular session.
 */
export async function simulatedCandles(
  db: Database,
  scope: string,
  symbols: readonly string[],
  interval: CandleInterval,
  from: Date,
  to: Date,
): Promise<readonly Candle[]> {
  if (symbols.length === 0) return [];
  return inMarket(db, scope, async ({ tx, now, world }) => {
    const source = simulatorSource(scope);
    const rows = await tx
      .select()
      .from(candles)
      .where(
        and(
          eq(candles.venue, 'KRX'),
          eq(candles.source, source),
          inArray(candles.symbol, [...symbols]),
          eq(candles.interval, '1m'),
          gte(candles.start, from),
          interval === '1m' ? lt(candles.start, to) : undefined,
          lte(candles.availableAt, now),
        ),
      )
      .orderBy(asc(candles.symbol), asc(candles.start));
    const minutes = rows.map(({ start, end, availableAt, ...row }): Candle => ({
      ...row,
      start: start.toISOString(),
      end: end.toISOString(),
      available_at: availableAt.toISOString(),
    }));
    return interval === '1m' ? minutes : joined(world.calendar, minutes, interval, from, to, now);
  });
}

function joined(
  calendar: Calendar,
  minutes: readonly Candle[],
  interval: CandleInterval,
  from: Date,
  to: Date,
  now: Date,
): Candle[] {
  const made = new Map<string, Candle>();
  for (const minute of minutes) {
    const span = candleSpan(calendar, interval, new Date(minute.start));
    // The last minute of a session holds its close; one that begins there is of the evening.
    if (span === null || minute.start >= span.end.toISOString()) continue;
    if (span.start < from || span.start >= to || span.end > now) continue;
    const key = `${minute.symbol} ${span.start.toISOString()}`;
    const one = made.get(key);
    const late = Date.parse(minute.available_at) - Date.parse(minute.end);
    made.set(
      key,
      one === undefined
        ? {
            ...minute,
            interval,
            start: span.start.toISOString(),
            end: span.end.toISOString(),
            available_at: new Date(span.end.getTime() + late).toISOString(),
          }
        : {
            ...one,
            high: greatest(one.high, minute.high),
            low: least(one.low, minute.low),
            close: minute.close,
            volume: one.volume.plus(minute.volume),
            value: one.value === null || minute.value === null ? null : one.value.plus(minute.value),
          },
    );
  }
  return [...made.values()].filter(({ available_at: known }) => Date.parse(known) <= now.getTime());
}
