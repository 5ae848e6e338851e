import { greatest, least } from '#domain/core/decimal.ts';
import { type Price, price } from '#domain/market/money.ts';
import { roundToTick, stepTicks } from '#domain/market/tick.ts';
import { moved } from './rules.ts';
import type { ExitProgress } from './state.ts';
import type { TraderContext } from './step-types.ts';

/** The lowest price an exit may name: the day's lower limit, else the slippage floor of where the exit began. */
export function exitFloor(exit: ExitProgress, { limits, ticks, rules }: TraderContext): Price {
  if (limits !== null) return limits.lower;
  return roundToTick(ticks, moved(exit.reference, -rules.slippage_floor), 'up') ?? exit.reference;
}

/** Doubling stops here: thousands of ticks are below every floor. */
const mostDoublings = 12;

/**
 * Price of the next exit, never above the one before. Continuous: so many ticks under the bid, doubled by each attempt.
 * Auction: one marketable limit, at the floor when no matching follows it. Stuck: at the floor too, where it is first in
 * line by price.
 */
export function exitPrice(exit: ExitProgress, context: TraderContext): Price {
  const floor = exitFloor(exit, context);
  const asked = wantedPrice(exit, context, floor);
  const worse = exit.lastPrice === null ? asked : least(asked, exit.lastPrice);
  // The floor of a new day may lie above yesterday's price: an order there would be refused.
  return price(greatest(worse, floor));
}

function wantedPrice(exit: ExitProgress, context: TraderContext, floor: Price): Price {
  const { quote, ticks, rules, matching, lastChance, stuck } = context;
  if (stuck !== null) return floor;
  const last = quote?.last ?? exit.reference;
  if (matching === 'auction')
    return lastChance ? floor : (roundToTick(ticks, moved(last, -rules.auction_slippage), 'down') ?? floor);
  const steps = rules.exit_ticks * 2 ** Math.min(exit.attempts, mostDoublings);
  const bid = quote?.bid ?? last;
  return stepTicks(ticks, bid, -Math.min(steps, 4_096)) ?? floor;
}
