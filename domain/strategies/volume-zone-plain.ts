/**
 * The volume profile as it is defined: the rule that `volume-zone-breakout.ts` must agree with on every input, and
 * runs itself where its shortcut cannot be sure.
 */
export interface ZoneBars {
  /** Lower and upper end of what a bar's volume is spread over. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly volume: Float64Array;
}

/** Bin of a price: equal bins from `min`, the last one closed above. */
export function binOf(price: number, min: number, width: number, bins: number): number {
  return Math.max(0, Math.min(bins - 1, Math.floor((price - min) / width)));
}

/** Lower edge of a bin; `max` for the edge above the last. */
export function edgeOf(bin: number, min: number, max: number, width: number, bins: number): number {
  return bin === bins ? max : min + bin * width;
}

/** Volume in each bin: in proportion to the overlap of bar and bin; a bar without range puts all in its bin. */
export function zoneHistogram(bars: ZoneBars, min: number, max: number, bins: number): Float64Array {
  const histogram = new Float64Array(bins);
  const width = (max - min) / bins;
  for (let j = 0; j < bars.volume.length; j += 1) {
    const from = bars.from[j] ?? 0;
    const to = bars.to[j] ?? 0;
    const volume = bars.volume[j] ?? 0;
    if (to <= from) {
      const bin = binOf(from, min, width, bins);
      histogram[bin] = (histogram[bin] ?? 0) + volume;
      continue;
    }
    for (let bin = 0; bin < bins; bin += 1) {
      const low = Math.max(from, edgeOf(bin, min, max, width, bins));
      const high = Math.min(to, edgeOf(bin + 1, min, max, width, bins));
      if (high > low) histogram[bin] = (histogram[bin] ?? 0) + (volume * (high - low)) / (to - from);
    }
  }
  return histogram;
}

/**
 * The bin whose lower edge is the resistance: the first from the top at which the cumulative volume reaches
 * `total x share`. Needs `max > min` and a positive total.
 */
export function zoneBin(bars: ZoneBars, min: number, max: number, bins: number, share: number): number {
  const histogram = zoneHistogram(bars, min, max, bins);
  let total = 0;
  for (const volume of bars.volume) total += volume;
  let sum = 0;
  for (let bin = bins - 1; bin > 0; bin -= 1) {
    sum += histogram[bin] ?? 0;
    if (sum >= total * share) return bin;
  }
  return 0;
}
