import { z } from 'zod';
import { type Signal, type StrategyState, confidenceOf, defineStrategy, verdict } from './strategy.ts';
import { RollingSum } from './windows.ts';

const params = z.strictObject({
  volume_window: z
    .int()
    .min(2)
    .max(5_000)
    .default(20)
    .describe('Bars of the mean volume, this one included.'),
  volume_multiple: z.number().gt(0).max(1_000).default(1.5).describe('Volume in multiples of its mean.'),
  min_body: z
    .number()
    .gt(0)
    .max(1)
    .default(0.02)
    .describe('Rise from open to close, as a share of the open.'),
  max_wick: z.number().gt(0).max(100).default(2).describe('Each wick stays under this many bodies.'),
  hold_period_bars: z.int().min(1).max(10_000).default(1).describe('Bars held after the entry.'),
});
type Params = z.output<typeof params>;

/**
 * VolumeLongCandle: volume of at least 1.5 x its 20-bar mean, a bullish body of at least 2 % of the open, both wicks
 * shorter than two bodies. Buy at the close, exit at the close `hold_period_bars` later.
 * Confidence: half, plus a quarter of the multiples of the mean above the one asked for, at most one.
 */
export const volumeLongCandle = defineStrategy({
  name: 'VolumeLongCandle',
  schema: params,
  fill: 'close',
  warmUp: (p) => p.volume_window - 1,
  exitPlan: (p) => ({ kind: 'bars', bars: p.hold_period_bars }),
  start: (p) => new LongCandle(p),
});

class LongCandle implements StrategyState {
  readonly #p: Params;
  readonly #volumes: RollingSum;
  #said: number = verdict.none;
  #multiple = 0;
  #body = 0;

  constructor(p: Params) {
    this.#p = p;
    this.#volumes = new RollingSum(p.volume_window);
  }

  next(open: number, high: number, low: number, close: number, volume: number): number {
    const { volume_window: n, volume_multiple: multiple, min_body: minBody, max_wick: wick } = this.#p;
    this.#volumes.push(volume);
    this.#said = verdict.none;
    const body = close - open;
    if (volume > 0 && body > 0 && body >= minBody * open && this.#volumes.full) {
      const sum = this.#volumes.sum();
      // Multiplied out: dividing first would decide ties by rounding.
      if (volume * n >= multiple * sum && high - close < wick * body && open - low < wick * body) {
        this.#said = verdict.enter;
        this.#multiple = (volume * n) / sum;
        this.#body = body / open;
      }
    }
    return this.#said;
  }

  entry(): Signal | null {
    if (this.#said === verdict.none) return null;
    return {
      confidence: confidenceOf((this.#multiple - this.#p.volume_multiple) / 4),
      reason: { code: 'volume_long_candle', params: { multiple: this.#multiple, body: this.#body } },
      level: null,
    };
  }

  exit(): Signal | null {
    return null;
  }
}
