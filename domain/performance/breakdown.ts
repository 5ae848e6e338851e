import { plain } from '#domain/core/decimal.ts';
import { drawdownOf } from './drawdown.ts';
import type { EquityMetrics } from './equity-metrics.ts';
import type { EquityCurve } from './equity.ts';
import { type RoundTrip, tradeMetrics } from './trades.ts';
import type { CurvePoint, PnlRow, TradeFigures, pnlView } from './view.ts';
import type { z } from 'zod';

/** The measures of round trips as the API answers them. */
export function tradeFiguresOf(trips: readonly RoundTrip[]): TradeFigures {
  const metrics = tradeMetrics(trips);
  const least = trips.length === 0 ? null : (metrics.largest_loss?.neg() ?? null);
  return {
    trades: metrics.trades,
    wins: metrics.wins,
    losses: metrics.losses,
    draws: metrics.draws,
    win_rate: metrics.win_rate,
    gross_profit: plain(metrics.gross_profit),
    gross_loss: plain(metrics.gross_loss),
    profit_factor: metrics.profit_factor,
    payoff: metrics.payoff,
    expectancy: metrics.expectancy,
    fees: plain(metrics.fees),
    taxes: plain(metrics.taxes),
    net: plain(metrics.net),
    best: metrics.largest_win === null ? null : plain(metrics.largest_win),
    worst: least === null ? null : plain(least),
    average_hold_sec: metrics.average_hold_ms === null ? null : Math.round(metrics.average_hold_ms / 1_000),
  };
}

/** Rows of a breakdown, what brought most first; days by date. */
export function breakdownOf<Trip extends RoundTrip>(
  trips: readonly Trip[],
  keyOf: (trip: Trip) => string | null,
  nameOf: (key: string) => string | null,
  order: 'key' | 'net',
): PnlRow[] {
  const rows = [...Map.groupBy(trips, keyOf)].map(([key, of]) => ({
    key,
    name: key === null ? null : nameOf(key),
    ...tradeFiguresOf(of),
  }));
  return rows.toSorted((a, b) =>
    order === 'key'
      ? (a.key ?? '').localeCompare(b.key ?? '')
      : Number(b.net) - Number(a.net) || (a.key ?? '').localeCompare(b.key ?? ''),
  );
}

/** Equity measures as the API answers them. */
export function equityFiguresOf(metrics: EquityMetrics): z.input<typeof pnlView>['equity'] {
  const { drawdown, profit, ...rest } = metrics;
  return {
    ...rest,
    profit: plain(profit),
    max_drawdown_amount: plain(drawdown.max_amount),
    longest_drawdown: drawdown.longest,
  };
}

/** The points of a curve with how far below their peak they are. @param points those of `curve`, in its order. */
export function underwater(
  curve: EquityCurve,
  points: readonly Omit<CurvePoint, 'drawdown' | 'equity'>[],
): CurvePoint[] {
  const { points: below } = drawdownOf(curve);
  return points.map((point, index) => ({
    ...point,
    equity: plain(curve.points[index]?.equity ?? curve.opening),
    drawdown: below[index]?.ratio ?? 0,
  }));
}
