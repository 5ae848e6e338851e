import { decimal } from '#domain/core/decimal.ts';
import type { CandleInterval } from '#domain/jobs/schedule-fields.ts';
import type { Candle } from '#domain/market/candle.ts';
import { type Instrument, instrument } from '#domain/market/instrument.ts';
import type { Quote } from '#domain/market/quote.ts';

/** Rows of market data for tests; what is not given is of no matter. */
export function candleRow(
  given: { symbol: string; start: Date; minutes: number; close: number } & Partial<{
    source: string;
    venue: 'KRX' | 'UPBIT';
    interval: CandleInterval;
    availableAt: Date;
    open: number;
    volume: number;
    value: number | null;
  }>,
): Candle {
  const { close, open = close, value = null } = given;
  const end = new Date(given.start.getTime() + given.minutes * 60_000);
  return {
    venue: given.venue ?? 'KRX',
    source: given.source ?? 'simulator:desk',
    symbol: given.symbol,
    interval: given.interval ?? '1m',
    start: given.start.toISOString(),
    end: end.toISOString(),
    available_at: (given.availableAt ?? end).toISOString(),
    open: decimal(open),
    high: decimal(Math.max(open, close)),
    low: decimal(Math.min(open, close)),
    close: decimal(close),
    volume: decimal(given.volume ?? 1_000),
    value: value === null ? null : decimal(value),
    adjusted: false,
  };
}

const amount = (value: number | null | undefined) =>
  value === null || value === undefined ? null : decimal(value);

export function quoteRow(
  given: { symbol: string; at: Date; last: number | null } & Partial<{
    source: string;
    availableAt: Date;
    bid: number;
    ask: number;
    volume: number;
  }>,
): Quote {
  return {
    venue: 'KRX',
    source: given.source ?? 'simulator:desk',
    symbol: given.symbol,
    at: given.at.toISOString(),
    available_at: (given.availableAt ?? given.at).toISOString(),
    bid: amount(given.bid ?? given.last),
    ask: amount(given.ask ?? given.last),
    bid_size: amount(100),
    ask_size: null,
    last: amount(given.last),
    volume: amount(given.volume),
  };
}

export const krxInstrument = (symbol: string, more: object = {}): Instrument =>
  instrument.parse({ venue: 'KRX', market: 'KOSPI', symbol, name: `Stock ${symbol}`, ...more });
