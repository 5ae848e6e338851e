/**
 * Candles as columns of equal length, oldest first. Prices in the quote currency, volumes in units of the symbol.
 * Columns are what makes a backtest of a million bars a matter of milliseconds; nobody writes into them.
 */
export interface Candles {
  readonly length: number;
  /** Start of each candle, milliseconds since 1970-01-01 UTC, strictly rising. */
  readonly ts: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** The venue's trading day of each candle (`dayColumn`), never falling. */
  readonly day: Int32Array;
}

/** One candle as a row. */
export interface Candle {
  readonly ts: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

const dayMs = 86_400_000;
/** Minutes east of UTC at which a venue's date changes: KRX by Seoul's midnight, crypto by midnight UTC. */
export const dayOffsetMin = { KRX: 540, UPBIT: 0 } as const;

/** Trading day of an instant as a count of days: Seoul's date for KRX, the day from 00:00 UTC for crypto. */
export function dayNumber(ts: number, offsetMin: number): number {
  return Math.floor((ts + offsetMin * 60_000) / dayMs);
}

/** The `day` column of a `ts` column. */
export function dayColumn(ts: Float64Array, offsetMin: number): Int32Array {
  const day = new Int32Array(ts.length);
  for (let i = 0; i < ts.length; i += 1) day[i] = dayNumber(ts[i] ?? 0, offsetMin);
  return day;
}

/** Rows as columns. */
export function candlesOf(rows: readonly Candle[], offsetMin: number): Candles {
  const column = (pick: (row: Candle) => number) => Float64Array.from(rows, pick);
  const ts = column((row) => row.ts);
  return {
    length: rows.length,
    ts,
    open: column((row) => row.open),
    high: column((row) => row.high),
    low: column((row) => row.low),
    close: column((row) => row.close),
    volume: column((row) => row.volume),
    day: dayColumn(ts, offsetMin),
  };
}

/** The candles from `from` up to, not including, `to`, without copying. */
export function sliceCandles(candles: Candles, from: number, to: number): Candles {
  const ts = candles.ts.subarray(from, to);
  return {
    length: ts.length,
    ts,
    open: candles.open.subarray(from, to),
    high: candles.high.subarray(from, to),
    low: candles.low.subarray(from, to),
    close: candles.close.subarray(from, to),
    volume: candles.volume.subarray(from, to),
    day: candles.day.subarray(from, to),
  };
}

/** The most decimals (0–8) that any of these prices has: what `PriceScale` needs to count in whole ticks. */
export function decimalsOf(prices: Float64Array): number {
  let decimals = 0;
  for (const price of prices) {
    while (decimals < 8 && Number(price.toFixed(decimals)) !== price) decimals += 1;
    if (decimals === 8) break;
  }
  return decimals;
}
