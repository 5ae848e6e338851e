import { z } from 'zod';
import { type CandleInterval, candleMinutes } from '#domain/jobs/schedule-fields.ts';
import { instantText } from '#domain/jobs/view.ts';
import { symbolName } from '#domain/locks/symbol.ts';
import { venue } from './instrument.ts';
import type { Decimal } from '#domain/core/decimal.ts';
import { priceField, quantityField } from './money.ts';
import { sourceName } from './quote.ts';

export const candleInterval = z
  .string()
  .refine((text): text is CandleInterval => Object.hasOwn(candleMinutes, text), {
    error: `one of ${Object.keys(candleMinutes).join(', ')}`,
    params: { code: 'candle_interval' },
  });

/** The four prices of a candle. */
export interface Ohlc {
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
}

/** What is wrong with a candle's shape, by the field to blame. */
export interface ShapeProblem {
  readonly field: 'high' | 'low';
  readonly code: 'high_too_low' | 'low_too_high';
  /** The price that the field would have to reach. */
  readonly bound: Decimal;
}

/** A candle's high is its highest price and its low the lowest. */
export function shapeProblem({ open, high, low, close }: Ohlc): ShapeProblem | null {
  const top = open.greaterThan(close) ? open : close;
  const bottom = open.greaterThan(close) ? close : open;
  if (high.lessThan(top)) return { field: 'high', code: 'high_too_low', bound: top };
  if (low.greaterThan(bottom)) return { field: 'low', code: 'low_too_high', bound: bottom };
  return null;
}

/**
 * The prices of a stretch [start, end) of one session; the last of a session holds its close too. Known to readers from
 * `available_at` on, never before its end.
 */
export const candle = z
  .strictObject({
    venue,
    source: sourceName,
    symbol: symbolName,
    interval: candleInterval,
    start: instantText,
    end: instantText,
    available_at: instantText,
    open: priceField,
    high: priceField,
    low: priceField,
    close: priceField,
    volume: quantityField.describe('Shares or coins.'),
    value: quantityField.nullable().default(null).describe('Turnover in the quote currency.'),
    adjusted: z.boolean().default(false).describe('Prices are reckoned back over splits and rights.'),
  })
  .superRefine((row, context) => {
    const wrong = shapeProblem(row);
    if (wrong !== null)
      context.addIssue({
        code: 'custom',
        path: [wrong.field],
        message: `must reach ${wrong.bound.toFixed()}`,
        params: { code: wrong.code },
      });
    if (Date.parse(row.start) >= Date.parse(row.end))
      context.addIssue({
        code: 'custom',
        path: ['end'],
        message: 'is after the start',
        params: { code: 'end_before_start' },
      });
    if (Date.parse(row.available_at) < Date.parse(row.end))
      context.addIssue({
        code: 'custom',
        path: ['available_at'],
        message: 'no candle is known before its end',
        params: { code: 'available_before_end' },
      });
  });
export type Candle = z.output<typeof candle>;
