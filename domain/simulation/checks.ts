import { type Decimal, plain } from '#domain/core/decimal.ts';
import type { Side } from '#domain/orders/broker-order.ts';
import type { OrderReason } from '#domain/orders/order.ts';
import type { MarketConfig } from './config.ts';
import type { MarketPhase } from './day.ts';
import { type SymbolState, type Ticks, states, tickOf } from './symbol.ts';

/** What the broker looks at before it takes an order. */
export interface OrderToCheck {
  readonly side: Side;
  readonly quantity: Decimal;
  /** Null at the market's price. */
  readonly price: Decimal | null;
}
export interface CheckContext {
  readonly state: SymbolState;
  readonly ticks: Ticks;
  readonly phase: MarketPhase | null;
  readonly fund: boolean;
  readonly config: MarketConfig;
  /** Cash that no open buy reserves. */
  readonly cash: Decimal;
  /** Cash that this one would reserve. */
  readonly needed: Decimal;
  /** Held and not offered yet. */
  readonly sellable: Decimal;
}

const no = (code: string, params: OrderReason['params'] = {}): OrderReason => ({ code, params });

/** Why the market takes no order of this symbol now; null when it does. */
export function closedReason({ state, phase, fund, config }: CheckContext): OrderReason | null {
  if (phase === null || (fund && phase.name === 'after_market')) return no('market_closed');
  if (state.state === states.halted && config.halted_orders === 'refuse') return no('instrument_halted');
  return null;
}

function priceReason(asked: Decimal, { state, ticks }: CheckContext): OrderReason | null {
  const { lower, upper } = state;
  const bounds = { price: plain(asked), lower, upper };
  if (asked.gt(upper)) return no('above_limit', bounds);
  if (asked.lt(lower)) return no('below_limit', bounds);
  const tick = tickOf(ticks, asked.toNumber());
  return asked.mod(tick).isZero() ? null : no('off_tick', { price: plain(asked), tick });
}

/** Why the broker refuses an order; null when it takes it. */
export function orderRefusal(order: OrderToCheck, context: CheckContext): OrderReason | null {
  const { quantity, price, side } = order;
  const closed = closedReason(context);
  if (closed !== null) return closed;
  if (!quantity.gt(0)) return no('not_positive', { quantity: plain(quantity) });
  if (!quantity.isInteger()) return no('off_lot', { quantity: plain(quantity), limit: 1 });
  if (price === null && context.phase?.name === 'after_market') return no('limit_orders_only');
  const wrong = price === null ? null : priceReason(price, context);
  if (wrong !== null) return wrong;
  if (side === 'sell')
    return quantity.gt(context.sellable)
      ? no('sellable_exceeded', { quantity: plain(quantity), sellable: plain(context.sellable) })
      : null;
  return context.needed.gt(context.cash)
    ? no('cash_short', { needed: plain(context.needed), cash: plain(context.cash) })
    : null;
}
