import { type Decimal, decimal, zero } from '#domain/core/decimal.ts';
import { type DatedRules, ruleOn } from './dated.ts';
import type { Instrument, KrxInstrument, KrxMarket } from './instrument.ts';
import { type Price, price } from './money.ts';
import { type TickTable, roundToTick, tickAt } from './tick.ts';
import { ticksOf } from './ticks.ts';

/** The prices an order may name on a day, both ends included. */
export interface PriceLimits {
  readonly lower: Price;
  readonly upper: Price;
}

/** Largest change of a day against the base price, as a fraction: ±30 % since 2015-06-15, before ±15 %; KONEX ±15 %. */
const rates: Record<KrxMarket, DatedRules<string>> = {
  KOSPI: [
    { since: '1998-12-07', rule: '0.15' },
    { since: '2015-06-15', rule: '0.30' },
  ],
  KOSDAQ: [
    { since: '2005-03-28', rule: '0.15' },
    { since: '2015-06-15', rule: '0.30' },
  ],
  KONEX: [{ since: '2013-07-01', rule: '0.15' }],
};

/** The daily rate of an instrument; an ETF or ETN of a multiple moves by as many times. */
export function limitRate(
  { market, kind, leverage }: Pick<KrxInstrument, 'market' | 'kind' | 'leverage'>,
  date: string,
): Decimal {
  const rate = decimal(ruleOn(rates[market], date));
  return kind === 'stock' ? rate : rate.times(leverage);
}

/** The limits around a base price in won, rounded inward to the ticks. The lowest is one tick at least. */
export function limitsAround(base: Price, rate: Decimal, ticks: TickTable): PriceLimits {
  const least = tickAt(ticks, zero);
  const low = base.times(decimal(1).minus(rate));
  const lower = low.lessThan(least) ? price(least) : roundToTick(ticks, low, 'up');
  const upper = roundToTick(ticks, base.times(rate.plus(1)), 'down');
  return { lower: lower ?? price(least), upper: upper ?? price(least) };
}

/**
 * The limits of a trading day (YYYY-MM-DD): what the exchange says, else reckoned from the base price.
 * @returns null for crypto, which has none, and for an instrument whose base price is not known.
 */
export function limitsOf(instrument: Instrument, date: string): PriceLimits | null {
  if (instrument.venue !== 'KRX') return null;
  const { base_price: base, lower_limit: lower, upper_limit: upper } = instrument;
  if (lower !== null && upper !== null) return { lower, upper };
  const ticks = ticksOf(instrument, date);
  if (base === null || ticks === null) return null;
  const reckoned = limitsAround(base, limitRate(instrument, date), ticks);
  return { lower: lower ?? reckoned.lower, upper: upper ?? reckoned.upper };
}

export interface LimitProblem {
  readonly code: 'above_limit' | 'below_limit';
  readonly price: Decimal;
  readonly limit: Price;
  readonly message: string;
}

/** Null for a price between the limits. */
export function limitProblem({ lower, upper }: PriceLimits, asked: Decimal): LimitProblem | null {
  if (asked.greaterThan(upper))
    return {
      code: 'above_limit',
      price: asked,
      limit: upper,
      message: `${asked.toFixed()} is above the day's limit: ${upper.toFixed()} is the highest`,
    };
  if (asked.lessThan(lower))
    return {
      code: 'below_limit',
      price: asked,
      limit: lower,
      message: `${asked.toFixed()} is below the day's limit: ${lower.toFixed()} is the lowest`,
    };
  return null;
}
