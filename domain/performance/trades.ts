import { greatest, sum } from '#domain/core/decimal.ts';
import type { Won } from '#domain/market/money.ts';
import { type Measure, measured, unmeasured } from './measure.ts';

/** A position from its first fill to the one that closed it. Money in won. */
export interface RoundTrip {
  readonly entry_at: Date;
  readonly exit_at: Date;
  /** Proceeds less cost, before fees and taxes. */
  readonly gross: Won;
  readonly fees: Won;
  readonly taxes: Won;
}

/** What a round trip came to after fees and taxes. */
export function netOf({ gross, fees, taxes }: Pick<RoundTrip, 'gross' | 'fees' | 'taxes'>): Won {
  return gross.minus(fees).minus(taxes);
}

/** Measures of closed round trips, after fees and taxes. Fractions, not percent; money in won. */
export interface TradeMetrics {
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  /** Neither: they came to exactly nothing. They count as trades. */
  readonly draws: number;
  readonly fees: Won;
  readonly taxes: Won;
  readonly net: Won;
  /** Sum of what the wins brought. */
  readonly gross_profit: Won;
  /** Sum of what the losses cost, as a positive amount. */
  readonly gross_loss: Won;
  readonly average_win: Won | null;
  readonly average_loss: Won | null;
  readonly largest_win: Won | null;
  readonly largest_loss: Won | null;
  /** wins / trades. */
  readonly win_rate: Measure;
  /** gross_profit / gross_loss. */
  readonly profit_factor: Measure;
  /** average_win / average_loss. */
  readonly payoff: Measure;
  /** net / trades, in won: what a trade brings on average. */
  readonly expectancy: Measure;
  /** Most wins, and most losses, in a row by time of exit; a draw ends both. */
  readonly longest_winning: number;
  readonly longest_losing: number;
  /** Losses in a row at the end, which is what a protection counts. */
  readonly losing_now: number;
  readonly average_hold_ms: number | null;
}

function streaks(
  nets: readonly Won[],
): Pick<TradeMetrics, 'longest_winning' | 'longest_losing' | 'losing_now'> {
  let [winning, losing, longest_winning, longest_losing] = [0, 0, 0, 0];
  for (const net of nets) {
    winning = net.greaterThan(0) ? winning + 1 : 0;
    losing = net.lessThan(0) ? losing + 1 : 0;
    longest_winning = Math.max(longest_winning, winning);
    longest_losing = Math.max(longest_losing, losing);
  }
  return { longest_winning, longest_losing, losing_now: losing };
}

/** To eight places, the smallest part of a coin. */
const average = (total: Won, count: number) =>
  count === 0 ? null : total.dividedBy(count).toDecimalPlaces(8);

function largest([first, ...rest]: readonly Won[]): Won | null {
  return first === undefined ? null : greatest(first, ...rest);
}

/** A ratio of wins to losses, or why there is none. @param above null: there are no wins to speak of. */
function ratio(trades: number, above: Won | null, below: Won | null): Measure {
  if (trades === 0) return unmeasured('no_trades');
  if (below === null || below.isZero()) return unmeasured('no_losses');
  return above === null ? unmeasured('no_wins') : measured(above.dividedBy(below).toNumber());
}

/** The measures of round trips, in any order. */
export function tradeMetrics(trips: readonly RoundTrip[]): TradeMetrics {
  const byExit = trips.toSorted((a, b) => a.exit_at.getTime() - b.exit_at.getTime());
  const nets = byExit.map(netOf);
  const won = nets.filter((net) => net.greaterThan(0));
  const lost = nets.filter((net) => net.lessThan(0)).map((net) => net.negated());
  const [net, gross_profit, gross_loss] = [sum(nets), sum(won), sum(lost)];
  const [average_win, average_loss] = [average(gross_profit, won.length), average(gross_loss, lost.length)];
  const trades = trips.length;
  const held = trips.reduce((sum, trip) => sum + (trip.exit_at.getTime() - trip.entry_at.getTime()), 0);
  return {
    trades,
    wins: won.length,
    losses: lost.length,
    draws: trades - won.length - lost.length,
    fees: sum(trips.map(({ fees }) => fees)),
    taxes: sum(trips.map(({ taxes }) => taxes)),
    net,
    gross_profit,
    gross_loss,
    average_win,
    average_loss,
    largest_win: largest(won),
    largest_loss: largest(lost),
    win_rate: trades === 0 ? unmeasured('no_trades') : measured(won.length / trades),
    profit_factor: ratio(trades, gross_profit, gross_loss),
    payoff: ratio(
      trades,
      won.length === 0 ? null : gross_profit.times(lost.length),
      gross_loss.times(won.length || 1),
    ),
    expectancy: trades === 0 ? unmeasured('no_trades') : measured(net.dividedBy(trades).toNumber()),
    ...streaks(nets),
    average_hold_ms: trades === 0 ? null : held / trades,
  };
}
