import { greatest, zero } from '#domain/core/decimal.ts';
import type { Won } from '#domain/market/money.ts';
import type { EquityCurve } from './equity.ts';

/** How far below its peak a curve is at the end of a period. */
export interface DrawdownPoint {
  readonly label: string;
  /** Won below the peak; the peak moves with deposits and withdrawals. */
  readonly amount: Won;
  /** Fraction of the peak, 0 to 1; over 1 when more than everything is lost. Free of deposits and withdrawals. */
  readonly ratio: number;
  /** Periods since the peak. */
  readonly periods: number;
}

/** A stretch below a peak. */
export interface DrawdownEpisode {
  /** Label of the peak; null: the opening balance. */
  readonly peak: string | null;
  readonly trough: string;
  /** The first period at the peak again or above; null while it lasts. */
  readonly recovered: string | null;
  /** At their worst, which need not be the same period. */
  readonly amount: Won;
  readonly ratio: number;
  /** Periods from the peak to the recovery, or to the end of the curve. */
  readonly periods: number;
}

export interface Drawdown {
  /** The underwater curve, one point for each of the equity curve. */
  readonly points: readonly DrawdownPoint[];
  readonly episodes: readonly DrawdownEpisode[];
  /** Largest fraction lost from a peak; 0 when the curve never fell. */
  readonly max_ratio: number;
  /** Most won lost from a peak, which may be another time. */
  readonly max_amount: Won;
  /** Longest stretch below a peak, in periods. */
  readonly longest: number;
}

interface Open {
  peak: string | null;
  trough: string;
  recovered: string | null;
  amount: Won;
  ratio: number;
  periods: number;
}

function deepen(episode: Open, point: DrawdownPoint): void {
  if (point.ratio > episode.ratio) episode.trough = point.label;
  episode.ratio = Math.max(episode.ratio, point.ratio);
  episode.amount = greatest(episode.amount, point.amount);
  episode.periods = point.periods;
}

/**
 * Drawdown of a curve against its running peak, the opening balance included: `1 - V / max(V)`. Money paid in or out is
 * neither gain nor loss: the peak of the ratio is scaled by it, so that the ratio stays, and the peak of the amount is
 * moved by it.
 */
export function drawdownOf({ opening, points: curve }: EquityCurve): Drawdown {
  const points: DrawdownPoint[] = [];
  const episodes: Open[] = [];
  let [peak, scaledPeak, before] = [opening, opening, opening];
  let [peakLabel, since]: [string | null, number] = [null, 0];
  let open: Open | null = null;
  for (const { label, equity, flow = zero } of curve) {
    if (!flow.isZero()) {
      const base = before.plus(flow);
      scaledPeak = before.greaterThan(0) ? scaledPeak.times(base).dividedBy(before) : base;
      peak = peak.plus(flow);
    }
    before = equity;
    since += 1;
    const over = equity.greaterThanOrEqualTo(scaledPeak);
    const point: DrawdownPoint = over
      ? { label, amount: zero, ratio: 0, periods: 0 }
      : {
          label,
          amount: greatest(zero, peak.minus(equity)),
          ratio: scaledPeak.greaterThan(0) ? scaledPeak.minus(equity).dividedBy(scaledPeak).toNumber() : 1,
          periods: since,
        };
    points.push(point);
    if (over) {
      if (open !== null) [open.recovered, open.periods] = [label, since];
      [peak, scaledPeak, peakLabel, since, open] = [equity, equity, label, 0, null];
      continue;
    }
    if (open === null) {
      open = { peak: peakLabel, trough: label, recovered: null, amount: zero, ratio: 0, periods: since };
      episodes.push(open);
    }
    deepen(open, point);
  }
  return {
    points,
    episodes,
    max_ratio: episodes.reduce((max, { ratio }) => Math.max(max, ratio), 0),
    max_amount: episodes.reduce((max, { amount }) => greatest(max, amount), zero),
    longest: episodes.reduce((max, { periods }) => Math.max(max, periods), 0),
  };
}
