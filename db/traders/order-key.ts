import { and, eq, sql } from 'drizzle-orm';
import { type CandleInterval, candleMinutes } from '#domain/jobs/schedule-fields.ts';
import { entryKey, exitKey } from '#domain/locks/idempotency.ts';
import type { TraderState } from '#domain/traders/state.ts';
import type { TraderEffect } from '#domain/traders/step-types.ts';
import type { Transaction } from '#db/core/client.ts';
import { orders } from '#db/orders/schema.ts';
import { workOf } from './rows.ts';

type Placing = Extract<TraderEffect, { kind: 'place_order' }>;

const minuteMs = 60_000;
const dayMinutes = 1_440;

/** Opening of the candle that an instant falls into, in Unix seconds; days are cut at 00:00 UTC (09:00 in Seoul). */
export function candleAt(interval: CandleInterval, atMs: number): number {
  const ms = (candleMinutes[interval] ?? dayMinutes) * minuteMs;
  return (Math.floor(atMs / ms) * ms) / 1_000;
}

/** Key of the entry that a signal's candle gives (Unix seconds of its opening). */
export function entryKeyOf(symbol: string, interval: CandleInterval, candleTs: number): string {
  return entryKey({ ticker: symbol, timeframe: interval, candle_ts: candleTs, action: 'buy' });
}

/**
 * The key of an order that the machine wants: an entry's is made of its signal's candle, an exit's of when the way out
 * began, which position of the trader in the symbol it leaves, and which try it is.
 */
export async function orderKey(
  tx: Transaction,
  scope: string,
  trader: string,
  interval: CandleInterval,
  placing: Placing,
  state: TraderState,
  nowMs: number,
): Promise<string> {
  const { symbol, side, seq, reason } = placing;
  if (side === 'buy') {
    const candle = reason.params['candle_ts'];
    return entryKeyOf(symbol, interval, typeof candle === 'number' ? candle : candleAt(interval, nowMs));
  }
  const work = workOf(state);
  const begun = work.phase === 'EXITING' ? work.exit.startedAt : nowMs;
  const [entries] = await tx
    .select({
      episodes: sql<number>`count(*) filter (where ${orders.filled} > 0)`.mapWith(Number),
      last: sql<number>`coalesce(max(${orders.seq}), 0)`.mapWith(Number),
    })
    .from(orders)
    .where(
      and(
        eq(orders.scope, scope),
        eq(orders.trader, trader),
        eq(orders.symbol, symbol),
        eq(orders.purpose, 'entry'),
      ),
    );
  return exitKey({
    ticker: symbol,
    timeframe: interval,
    candle_ts: candleAt(interval, begun),
    action: 'sell',
    episode: entries?.episodes ?? 0,
    step: seq - (entries?.last ?? 0),
  });
}
