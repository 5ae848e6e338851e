import { z } from 'zod';
import {
  type PriceScale,
  type Signal,
  type StrategyState,
  confidenceOf,
  defineStrategy,
  verdict,
} from './strategy.ts';
import { RollingSum } from './windows.ts';

const params = z
  .strictObject({
    fast: z.int().min(1).max(5_000).default(10).describe('Bars of the fast average.'),
    slow: z.int().min(2).max(5_000).default(30).describe('Bars of the slow average, more than the fast.'),
  })
  .refine((p) => p.fast < p.slow, {
    path: ['fast'],
    error: 'the fast average must be shorter than the slow',
  });
type Params = z.output<typeof params>;

/**
 * Crossing of simple moving averages of the close. Enters on the bar where the fast average rises above the slow one
 * (at or under it on the bar before); says exit while the fast average is below. Averages tie exactly on real prices,
 * so window sums are compared in whole ticks. Confidence: half, plus ten times the distance as a share of the slow.
 */
export const smaCross = defineStrategy({
  name: 'SmaCross',
  schema: params,
  fill: 'next_open',
  warmUp: (p) => p.slow,
  exitPlan: () => ({ kind: 'signal' }),
  start: (p, scale) => new Cross(p, scale),
});

class Cross implements StrategyState {
  readonly #p: Params;
  readonly #unit: number;
  readonly #fast: RollingSum;
  readonly #slow: RollingSum;
  /** Fast above (1), level with (0) or below (-1) the slow; null before both are full. */
  #order: number | null = null;
  #said: number = verdict.none;

  constructor(p: Params, scale: PriceScale) {
    this.#p = p;
    this.#unit = 10 ** scale.decimals;
    this.#fast = new RollingSum(p.fast);
    this.#slow = new RollingSum(p.slow);
  }

  next(_open: number, _high: number, _low: number, close: number): number {
    const ticks = Math.round(close * this.#unit);
    this.#fast.push(ticks);
    this.#slow.push(ticks);
    this.#said = verdict.none;
    if (!this.#slow.full) return verdict.none;
    const before = this.#order;
    const order = compareMeans(this.#fast.sum(), this.#p.fast, this.#slow.sum(), this.#p.slow);
    this.#order = order;
    if (order > 0 && before !== null && before <= 0) this.#said = verdict.enter;
    else if (order < 0) this.#said = verdict.exit;
    return this.#said;
  }

  entry(): Signal | null {
    if (this.#said !== verdict.enter) return null;
    const { fast, slow } = this.#means();
    return {
      confidence: confidenceOf((10 * (fast - slow)) / slow),
      reason: { code: 'sma_cross_up', params: { fast, slow } },
      level: null,
    };
  }

  exit(): Signal | null {
    if (this.#said !== verdict.exit) return null;
    const { fast, slow } = this.#means();
    return {
      confidence: confidenceOf((10 * (slow - fast)) / slow),
      reason: { code: 'sma_below', params: { fast, slow } },
      level: null,
    };
  }

  #means(): { fast: number; slow: number } {
    return {
      fast: this.#fast.sum() / this.#p.fast / this.#unit,
      slow: this.#slow.sum() / this.#p.slow / this.#unit,
    };
  }
}

/** Sign of `a / m - b / n` for whole sums, exact: beyond 2^53 in big integers. */
export function compareMeans(a: number, m: number, b: number, n: number): number {
  const left = a * n;
  const right = b * m;
  if (Math.abs(left) <= Number.MAX_SAFE_INTEGER && Math.abs(right) <= Number.MAX_SAFE_INTEGER)
    return Math.sign(left - right);
  const difference = BigInt(a) * BigInt(n) - BigInt(b) * BigInt(m);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}
