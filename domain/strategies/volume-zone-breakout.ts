import { z } from 'zod';
import { type Signal, type StrategyState, confidenceOf, defineStrategy, verdict } from './strategy.ts';
import { binOf, edgeOf, zoneBin } from './volume-zone-plain.ts';
import { RollingExtreme } from './windows.ts';

const params = z.strictObject({
  volume_window: z
    .int()
    .min(2)
    .max(5_000)
    .default(60)
    .describe('Bars of the volume profile, before this one.'),
  top_percentile: z
    .number()
    .gt(0)
    .max(1)
    .default(0.2)
    .describe('Share of the volume, counted from the highest price down, that lies above the resistance.'),
  breakout_buffer: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('How far above the resistance the high must be.'),
  hold_period_bars: z.int().min(1).max(10_000).default(1).describe('Bars held after the entry.'),
  num_bins: z.int().min(1).max(1_000).default(20).describe('Equal price bins of the profile.'),
  include_wicks: z.boolean().default(true).describe('Spread volume over high–low; else over open–close.'),
});
type Params = z.output<typeof params>;

/**
 * VolumeZoneBreakout. Over the previous N bars prices are binned from the lowest low to the highest high and each
 * bar's volume is spread over the bins of its range. From the top bin down, the first at which the cumulative volume
 * reaches `total x top_percentile` has the resistance as its lower edge. Buy at the close when
 * `high >= resistance x (1 + buffer)`, exit at the close `hold_period_bars` later.
 * Confidence `min(0.5 + (high - resistance) / resistance, 1)`.
 */
export const volumeZoneBreakout = defineStrategy({
  name: 'VolumeZoneBreakout',
  schema: params,
  fill: 'close',
  warmUp: (p) => p.volume_window,
  exitPlan: (p) => ({ kind: 'bars', bars: p.hold_period_bars }),
  start: (p) => new VolumeZone(p),
});

/** Several times the rounding unit of a double: every bound below is taken generously. */
const rounding = 16 * Number.EPSILON;

/**
 * Exact without a histogram. The volume above an edge is a sum over the window of volume x share of the bar above that
 * edge, and the high breaks out unless the bins it does not clear reach the target: one sum per candle decides. A sum
 * too near the target to be certain of its rounding is decided by the plain definition.
 */
class VolumeZone implements StrategyState {
  readonly #p: Params;
  readonly #from: Float64Array;
  readonly #to: Float64Array;
  readonly #volume: Float64Array;
  /** Volume per unit of price; 0 for a bar without range. */
  readonly #density: Float64Array;
  readonly #highest: RollingExtreme;
  readonly #lowest: RollingExtreme;
  #at = 0;
  #total = 0;
  #doubt = 0;
  #said: number = verdict.none;
  /** The last candle joins the window when the next one comes: until then the window is the one it was judged by. */
  #pending = false;
  #open = 0;
  #high = 0;
  #low = 0;
  #close = 0;
  #barVolume = 0;

  constructor(p: Params) {
    this.#p = p;
    this.#from = new Float64Array(p.volume_window);
    this.#to = new Float64Array(p.volume_window);
    this.#volume = new Float64Array(p.volume_window);
    this.#density = new Float64Array(p.volume_window);
    this.#highest = new RollingExtreme(p.volume_window, 1);
    this.#lowest = new RollingExtreme(p.volume_window, -1);
  }

  next(open: number, high: number, low: number, close: number, volume: number): number {
    if (this.#pending) this.#join();
    this.#pending = true;
    this.#open = open;
    this.#high = high;
    this.#low = low;
    this.#close = close;
    this.#barVolume = volume;
    this.#said = this.#highest.full && this.#breaksOut(high) ? verdict.enter : verdict.none;
    return this.#said;
  }

  entry(): Signal | null {
    if (this.#said === verdict.none) return null;
    const level = this.#resistance();
    return {
      confidence: confidenceOf((this.#high - level) / level),
      reason: { code: 'volume_zone_breakout', params: { resistance: level, high: this.#high } },
      level,
    };
  }

  exit(): Signal | null {
    return null;
  }

  #join(): void {
    const at = this.#at;
    const wicks = this.#p.include_wicks;
    const from = wicks ? this.#low : Math.min(this.#open, this.#close);
    const to = wicks ? this.#high : Math.max(this.#open, this.#close);
    this.#from[at] = from;
    this.#to[at] = to;
    this.#volume[at] = this.#barVolume;
    this.#density[at] = to > from ? this.#barVolume / (to - from) : 0;
    this.#highest.push(this.#high);
    this.#lowest.push(this.#low);
    this.#at = at + 1 === this.#p.volume_window ? 0 : at + 1;
  }

  /** Whether the high clears the resistance: the bins whose edge it does not clear hold less than the target. */
  #breaksOut(high: number): boolean {
    const { num_bins: bins, top_percentile: share, breakout_buffer: buffer } = this.#p;
    const min = this.#lowest.value();
    const max = this.#highest.value();
    const factor = 1 + buffer;
    if (high < min * factor) return false;
    const width = (max - min) / bins;
    let cleared = width > 0 ? binOf(high / factor, min, width, bins) : bins - 1;
    while (cleared + 1 < bins && high >= (min + (cleared + 1) * width) * factor) cleared += 1;
    while (cleared > 0 && high < (min + cleared * width) * factor) cleared -= 1;
    const above = this.#above(cleared + 1, min, max);
    if (!(this.#total > 0)) return false;
    if (cleared + 1 === bins) return true;
    const excess = above - this.#total * share;
    if (Math.abs(excess) > this.#doubt) return excess < 0;
    return this.#plainBin(min, max) <= cleared;
  }

  /** Volume in this bin and all above it. Leaves the window's total and the bound of this sum's rounding behind. */
  #above(bin: number, min: number, max: number): number {
    const bins = this.#p.num_bins;
    const width = (max - min) / bins;
    const edge = min + bin * width;
    const from = this.#from;
    const to = this.#to;
    const volume = this.#volume;
    const density = this.#density;
    let sum = 0;
    let total = 0;
    let densities = 0;
    for (let j = 0; j < volume.length; j += 1) {
      const top = to[j] ?? 0;
      const bottom = from[j] ?? 0;
      const all = volume[j] ?? 0;
      const perPrice = density[j] ?? 0;
      total += all;
      densities += perPrice;
      if (bottom >= top) {
        if (width > 0 && binOf(bottom, min, width, bins) >= bin) sum += all;
      } else if (bottom >= edge) sum += all;
      else if (top > edge) sum += (top - edge) * perPrice;
    }
    this.#total = total;
    this.#doubt = rounding * (bins + volume.length) * (total + densities * max);
    return sum;
  }

  /** Price of the resistance: the highest edge above which the target is reached. */
  #resistance(): number {
    const { num_bins: bins, top_percentile: share } = this.#p;
    const min = this.#lowest.value();
    const max = this.#highest.value();
    if (!(max > min)) return min;
    let bin = bins;
    let excess = -Infinity;
    while (excess < 0 && bin > 1) {
      bin -= 1;
      excess = this.#above(bin, min, max) - this.#total * share;
      if (!(Math.abs(excess) > this.#doubt)) {
        bin = this.#plainBin(min, max);
        excess = 0;
      }
    }
    return edgeOf(excess < 0 ? 0 : bin, min, max, (max - min) / bins, bins);
  }

  #plainBin(min: number, max: number): number {
    const at = this.#at;
    const ordered = (ring: Float64Array) => {
      const column = new Float64Array(ring.length);
      column.set(ring.subarray(at));
      column.set(ring.subarray(0, at), ring.length - at);
      return column;
    };
    const bars = { from: ordered(this.#from), to: ordered(this.#to), volume: ordered(this.#volume) };
    return zoneBin(bars, min, max, this.#p.num_bins, this.#p.top_percentile);
  }
}
