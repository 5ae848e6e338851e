import { z } from 'zod';
import { type Signal, type StrategyState, confidenceOf, defineStrategy, verdict } from './strategy.ts';
import { RollingExtreme } from './windows.ts';

const params = z.strictObject({
  entry_window: z.int().min(1).max(5_000).default(20).describe('Bars of the upper channel, before this one.'),
  exit_window: z.int().min(1).max(5_000).default(10).describe('Bars of the lower channel, before this one.'),
});
type Params = z.output<typeof params>;

/**
 * Donchian channel (R. Donchian's four-week rule; 20 and 10 bars as the Turtles traded it): enters on the bar whose
 * close is above the highest high of the previous `entry_window` bars, says exit while the close is below the lowest
 * low of the previous `exit_window` bars. Confidence: half, plus ten times the distance beyond the channel's edge.
 */
export const donchian = defineStrategy({
  name: 'Donchian',
  schema: params,
  fill: 'next_open',
  warmUp: (p) => Math.max(p.entry_window, p.exit_window),
  exitPlan: () => ({ kind: 'signal' }),
  start: (p) => new Channel(p),
});

class Channel implements StrategyState {
  readonly #upper: RollingExtreme;
  readonly #lower: RollingExtreme;
  #said: number = verdict.none;
  #edge = 0;
  #close = 0;

  constructor(p: Params) {
    this.#upper = new RollingExtreme(p.entry_window, 1);
    this.#lower = new RollingExtreme(p.exit_window, -1);
  }

  next(_open: number, high: number, low: number, close: number): number {
    this.#said = verdict.none;
    this.#close = close;
    if (this.#upper.full && close > this.#upper.value()) {
      this.#said = verdict.enter;
      this.#edge = this.#upper.value();
    } else if (this.#lower.full && close < this.#lower.value()) {
      this.#said = verdict.exit;
      this.#edge = this.#lower.value();
    }
    this.#upper.push(high);
    this.#lower.push(low);
    return this.#said;
  }

  entry(): Signal | null {
    return this.#said === verdict.enter ? this.#signal('channel_break_up') : null;
  }

  exit(): Signal | null {
    return this.#said === verdict.exit ? this.#signal('channel_break_down') : null;
  }

  #signal(code: 'channel_break_up' | 'channel_break_down'): Signal {
    return {
      confidence: confidenceOf((10 * Math.abs(this.#close - this.#edge)) / this.#edge),
      reason: { code, params: { close: this.#close, edge: this.#edge } },
      level: this.#edge,
    };
  }
}
