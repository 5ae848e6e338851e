import type { Venue } from '#domain/market/instrument.ts';
import type { Won } from '#domain/market/money.ts';
import { type Drawdown, drawdownOf } from './drawdown.ts';
import { type EquityCurve, returnsOf } from './equity.ts';
import { type Measure, type UndefinedReason, measured, unmeasured } from './measure.ts';

/** Periods of a year by which daily measures are annualised: sessions of KRX, days of crypto. */
export const periodsPerYear: Record<Venue, number> = { KRX: 252, UPBIT: 365 };

/** A yearly rate of a shorter time than this says nothing. */
const leastYears = 30 / 365;

/** Measures of a daily curve. Fractions, not percent. */
export interface EquityMetrics {
  readonly days: number;
  /** Won gained, deposits and withdrawals apart. */
  readonly profit: Won;
  /** Compounded return of all periods. */
  readonly total_return: Measure;
  /** `(1 + total_return)^(A / n) - 1`; from 30 calendar days on. */
  readonly cagr: Measure;
  /** Standard deviation of returns (n - 1), annualised. */
  readonly volatility: Measure;
  /** `mean(r - rf) / std(r) * sqrt(A)`, std over n - 1. */
  readonly sharpe: Measure;
  /** `mean(r - t) * A / (sqrt(mean(min(r - t, 0)^2)) * sqrt(A))`, over all n. */
  readonly sortino: Measure;
  /** `cagr / max_drawdown`. */
  readonly calmar: Measure;
  /** `total_return / max_drawdown`. */
  readonly recovery: Measure;
  readonly max_drawdown: Measure;
  readonly drawdown: Drawdown;
}

export interface EquityOptions {
  /** A: see {@link periodsPerYear}. */
  readonly periods: number;
  /** Risk-free rate of a year, a fraction; spread evenly over the periods. Also Sortino's target. */
  readonly riskFree?: number;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Sample standard deviation; 0 where the values differ by no more than binary rounding. */
function deviation(values: readonly number[]): number {
  const middle = mean(values);
  const spread = Math.sqrt(
    values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1),
  );
  return spread <= 1e-13 * Math.max(...values.map(Math.abs)) ? 0 : spread;
}

function yearly(total: number, days: number, periods: number): Measure {
  const years = days / periods;
  if (years < leastYears) return unmeasured('too_short');
  return total <= -1 ? unmeasured('ruined') : measured((1 + total) ** (1 / years) - 1);
}

function sharpeOf(excess: readonly number[], periods: number): Measure {
  if (excess.length < 2) return unmeasured('too_few_days');
  const spread = deviation(excess);
  return spread === 0 ? unmeasured('no_variation') : measured((mean(excess) / spread) * Math.sqrt(periods));
}

function sortinoOf(excess: readonly number[], periods: number): Measure {
  if (excess.length < 2) return unmeasured('too_few_days');
  const downside = Math.sqrt(mean(excess.map((value) => Math.min(value, 0) ** 2)));
  return downside === 0
    ? unmeasured('no_downside')
    : measured((mean(excess) / downside) * Math.sqrt(periods));
}

/** A measure per fraction lost at worst. */
function perDrawdown(gain: Measure, { max_ratio }: Drawdown): Measure {
  if (gain.value === null) return gain;
  return max_ratio === 0 ? unmeasured('no_drawdown') : measured(gain.value / max_ratio);
}

function profitOf({ opening, points }: EquityCurve): Won {
  return points.reduce(
    (sum, { flow }) => (flow === undefined ? sum : sum.minus(flow)),
    (points.at(-1)?.equity ?? opening).minus(opening),
  );
}

/** The measures of a curve with one point per trading day. */
export function equityMetrics(curve: EquityCurve, { periods, riskFree = 0 }: EquityOptions): EquityMetrics {
  const drawdown = drawdownOf(curve);
  const base = { days: curve.points.length, profit: profitOf(curve), drawdown };
  const returns = returnsOf(curve);
  const missing: UndefinedReason | null =
    curve.points.length === 0 ? 'no_days' : returns === null ? 'ruined' : null;
  if (missing !== null || returns === null) {
    const none = unmeasured(missing ?? 'ruined');
    return {
      ...base,
      total_return: none,
      cagr: none,
      volatility: none,
      sharpe: none,
      sortino: none,
      calmar: none,
      recovery: none,
      max_drawdown: none,
    };
  }
  const total = returns.reduce((growth, value) => growth * (1 + value), 1) - 1;
  const excess = returns.map((value) => value - riskFree / periods);
  const cagr = yearly(total, returns.length, periods);
  return {
    ...base,
    total_return: measured(total),
    cagr,
    volatility:
      returns.length < 2 ? unmeasured('too_few_days') : measured(deviation(returns) * Math.sqrt(periods)),
    sharpe: sharpeOf(excess, periods),
    sortino: sortinoOf(excess, periods),
    calmar: perDrawdown(cagr, drawdown),
    recovery: perDrawdown(measured(total), drawdown),
    max_drawdown: measured(drawdown.max_ratio),
  };
}
