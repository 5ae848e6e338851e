import { z } from 'zod';
import { type Signal, type StrategyState, confidenceOf, defineStrategy, verdict } from './strategy.ts';

const params = z
  .strictObject({
    period: z.int().min(2).max(1_000).default(14).describe('Bars of Wilder’s smoothing.'),
    oversold: z.number().gt(0).lt(100).default(30).describe('Buy when the index rises back to this.'),
    overbought: z.number().gt(0).lt(100).default(70).describe('Sell while the index is at or above this.'),
  })
  .refine((p) => p.oversold < p.overbought, { path: ['oversold'], error: 'must be below overbought' });
type Params = z.output<typeof params>;

/**
 * Reversion by the relative strength index (J. W. Wilder, "New Concepts in Technical Trading Systems", 1978): the
 * first averages are plain means of `period` gains and losses, then `(before x (period - 1) + now) / period`;
 * `RSI = 100 - 100 / (1 + gain / loss)`, 100 without losses and 50 without either. Enters when it was below oversold
 * and is at or above it; says exit while at or above overbought. The smoothing never forgets: ten periods of warm-up
 * leave under 0.01 % of the weight outside. Confidence: half, plus the depth of the dip over `2 x oversold`.
 */
export const rsiReversion = defineStrategy({
  name: 'Rsi',
  schema: params,
  fill: 'next_open',
  warmUp: (p) => 10 * p.period,
  exitPlan: () => ({ kind: 'signal' }),
  start: (p) => new Rsi(p),
});

class Rsi implements StrategyState {
  readonly #p: Params;
  #close: number | null = null;
  #changes = 0;
  #gain = 0;
  #loss = 0;
  #rsi: number | null = null;
  /** Lowest value since it fell below oversold. */
  #dip = 100;
  #said: number = verdict.none;
  #depth = 0;

  constructor(p: Params) {
    this.#p = p;
  }

  next(_open: number, _high: number, _low: number, close: number): number {
    const last = this.#close;
    this.#close = close;
    this.#said = verdict.none;
    if (last === null) return verdict.none;
    const before = this.#rsi;
    this.#smooth(close - last);
    const rsi = this.#rsi;
    if (rsi === null) return verdict.none;
    const { oversold, overbought } = this.#p;
    if (rsi < oversold) this.#dip = Math.min(this.#dip, rsi);
    else {
      if (before !== null && before < oversold) {
        this.#said |= verdict.enter;
        this.#depth = (oversold - this.#dip) / (2 * oversold);
      }
      this.#dip = 100;
    }
    if (rsi >= overbought) this.#said |= verdict.exit;
    return this.#said;
  }

  entry(): Signal | null {
    if ((this.#said & verdict.enter) === 0 || this.#rsi === null) return null;
    return {
      confidence: confidenceOf(this.#depth),
      reason: { code: 'rsi_back_from_oversold', params: { rsi: this.#rsi, oversold: this.#p.oversold } },
      level: null,
    };
  }

  exit(): Signal | null {
    if ((this.#said & verdict.exit) === 0 || this.#rsi === null) return null;
    const { overbought } = this.#p;
    return {
      confidence: confidenceOf((this.#rsi - overbought) / (2 * (100 - overbought))),
      reason: { code: 'rsi_overbought', params: { rsi: this.#rsi, overbought } },
      level: null,
    };
  }

  #smooth(change: number): void {
    const { period } = this.#p;
    const gain = Math.max(change, 0);
    const loss = Math.max(-change, 0);
    this.#changes = Math.min(this.#changes + 1, period + 1);
    if (this.#changes <= period) {
      this.#gain += gain;
      this.#loss += loss;
      if (this.#changes < period) return;
      this.#gain /= period;
      this.#loss /= period;
    } else {
      this.#gain = (this.#gain * (period - 1) + gain) / period;
      this.#loss = (this.#loss * (period - 1) + loss) / period;
    }
    this.#rsi = rsiOf(this.#gain, this.#loss);
  }
}

function rsiOf(gain: number, loss: number): number {
  if (loss === 0) return gain === 0 ? 50 : 100;
  return 100 - 100 / (1 + gain / loss);
}
