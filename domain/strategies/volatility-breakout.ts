import { z } from 'zod';
import { type Signal, type StrategyState, confidenceOf, defineStrategy, verdict } from './strategy.ts';

const params = z.strictObject({
  k: z.number().gt(0).max(5).default(0.5).describe('Share of the previous day’s range above the open.'),
  exit: z
    .enum(['next_open', 'day_close'])
    .default('next_open')
    .describe('Sell at the next day’s open, or before the day ends.'),
});
type Params = z.output<typeof params>;

/**
 * Volatility breakout (L. Williams, "Long-Term Secrets to Short-Term Trading", 1999): the target is the day's open
 * plus `k` times the previous day's range. Buy when the price crosses it, once a day; a bar that opens above it fills
 * at its open. Works on daily and on intraday candles alike, for days come from the candle.
 * Confidence: half, plus how far the high cleared the target in previous ranges, at most one.
 */
export const volatilityBreakout = defineStrategy({
  name: 'VolatilityBreakout',
  schema: params,
  fill: 'level',
  warmUp: () => 1,
  exitPlan: (p) => ({ kind: p.exit === 'next_open' ? 'next_day_open' : 'day_close' }),
  start: (p) => new Volatility(p),
});

class Volatility implements StrategyState {
  readonly #p: Params;
  #day: number | null = null;
  #high = 0;
  #low = 0;
  #range = 0;
  #target = 0;
  #fill = 0;
  #crossed = false;
  #said: number = verdict.none;

  constructor(p: Params) {
    this.#p = p;
  }

  next(open: number, high: number, low: number, _close: number, _volume: number, day: number): number {
    if (day === this.#day) {
      this.#high = Math.max(this.#high, high);
      this.#low = Math.min(this.#low, low);
    } else {
      // A first day has no day before it: its target is out of reach.
      this.#range = this.#day === null ? 0 : this.#high - this.#low;
      this.#target = this.#range > 0 ? open + this.#p.k * this.#range : Infinity;
      this.#day = day;
      this.#high = high;
      this.#low = low;
      this.#crossed = false;
    }
    this.#said = !this.#crossed && high >= this.#target ? verdict.enter : verdict.none;
    if (this.#said === verdict.enter) {
      this.#crossed = true;
      this.#fill = Math.max(open, this.#target);
    }
    return this.#said;
  }

  entry(): Signal | null {
    if (this.#said === verdict.none) return null;
    return {
      confidence: confidenceOf((this.#high - this.#target) / this.#range),
      reason: { code: 'volatility_breakout', params: { target: this.#target, range: this.#range } },
      level: this.#fill,
    };
  }

  exit(): Signal | null {
    return null;
  }
}
