import { zero } from '#domain/core/decimal.ts';
import type { Won } from '#domain/market/money.ts';
import type { RoundTrip } from './trades.ts';
import { netOf } from './trades.ts';

/** Equity marked to market at the end of a period, in won. */
export interface EquityPoint {
  /** The period: a trading day (YYYY-MM-DD), or an instant for a finer curve. */
  readonly label: string;
  readonly equity: Won;
  /** Deposits less withdrawals during the period; they are no profit. */
  readonly flow?: Won;
}

/** A curve that begins with what there was before its first period, so that a loss in that period counts. */
export interface EquityCurve {
  readonly opening: Won;
  /** Oldest first. */
  readonly points: readonly EquityPoint[];
}

/**
 * Return of each period as a fraction. Money that came in works from the start of its period:
 * `equity / (equity before + flow) - 1`.
 * @returns null when a period begins with nothing or less: there is no return on that.
 */
export function returnsOf({ opening, points }: EquityCurve): number[] | null {
  const returns: number[] = [];
  let before = opening;
  for (const { equity, flow = zero } of points) {
    const base = before.plus(flow);
    if (!base.greaterThan(0)) return null;
    returns.push(equity.dividedBy(base).minus(1).toNumber());
    before = equity;
  }
  return returns;
}

/** The curve of closed trades alone: one point per round trip, by time of exit, after fees and taxes. */
export function closedCurve(opening: Won, trips: readonly RoundTrip[]): EquityCurve {
  let equity = opening;
  const points = trips
    .toSorted((a, b) => a.exit_at.getTime() - b.exit_at.getTime())
    .map((trip): EquityPoint => {
      equity = equity.plus(netOf(trip));
      return { label: trip.exit_at.toISOString(), equity };
    });
  return { opening, points };
}
