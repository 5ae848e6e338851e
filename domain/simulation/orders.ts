import type { Side } from '#domain/orders/broker-order.ts';
import type { MarketConfig } from './config.ts';
import type { MarketPhase } from './day.ts';
import { type SymbolState, states } from './symbol.ts';

/** An order in the simulated book. Won and shares in whole numbers. */
export interface WorkingOrder {
  /** Place in time among all orders of the market. */
  readonly number: number;
  readonly symbol: string;
  readonly side: Side;
  /** Limit; null at the market's price. */
  readonly limit: number | null;
  /** Nothing of it fills before (ms). */
  readonly from: number;
  remaining: number;
}

export interface Execution {
  readonly number: number;
  /** Milliseconds. */
  readonly at: number;
  readonly price: number;
  readonly quantity: number;
}

/** First in price, then in time; at the market's price before every limit. */
export function inLine(a: WorkingOrder, b: WorkingOrder): number {
  const better = (order: WorkingOrder) =>
    order.limit === null ? Infinity : order.side === 'buy' ? order.limit : -order.limit;
  const [x, y] = [better(a), better(b)];
  return x === y ? a.number - b.number : y > x ? 1 : -1;
}

function reaches({ side, limit }: WorkingOrder, at: number): boolean {
  return limit === null || (side === 'buy' ? limit >= at : limit <= at);
}

/**
 * Meets a symbol's orders with this second of its market, best first: against the other side of the book, and, resting,
 * out of what others traded at their price. Nobody's order moves the market. What was taken is kept in the state.
 * @param phase of this second. @param free false while the symbol follows a script: then the book alone counts.
 */
export function matchOrders(
  state: SymbolState,
  orders: readonly WorkingOrder[],
  at: number,
  phase: MarketPhase | null,
  config: MarketConfig,
  free: boolean,
): Execution[] {
  const [first] = orders;
  if (first === undefined || fillsBlocked(config, first.symbol) || state.state !== states.normal) return [];
  const single = state.uncrossed === 1;
  if (!single && (phase === null || phase.matching === 'auction')) return [];
  const done: Execution[] = [];
  const fill = (order: WorkingOrder, price: number, most: number): number => {
    const quantity = Math.min(order.remaining, Math.max(0, most));
    if (quantity === 0) return 0;
    order.remaining -= quantity;
    done.push({ number: order.number, at, price, quantity });
    return quantity;
  };
  for (const order of [...orders].sort(inLine)) {
    if (order.remaining === 0 || order.from > at) continue;
    if (single) meetSingle(state, order, config, free, fill);
    else meetBook(state, order, config, free, fill);
  }
  return done;
}

function fillsBlocked({ faults: { block_fills: blocked } }: MarketConfig, symbol: string): boolean {
  return Array.isArray(blocked) ? blocked.includes(symbol) : blocked;
}

/** What a new order meets at once: the other side of the book that stands. */
export function meetAtOnce(
  state: SymbolState,
  order: WorkingOrder,
  at: number,
  phase: MarketPhase | null,
  config: MarketConfig,
): Execution[] {
  const rests =
    phase === null ||
    phase.matching === 'auction' ||
    state.state !== states.normal ||
    order.from > at ||
    fillsBlocked(config, order.symbol);
  if (rests) return [];
  const done: Execution[] = [];
  meetBook(state, order, config, false, (filled, price, most) => {
    const quantity = Math.min(filled.remaining, Math.max(0, most));
    if (quantity === 0) return 0;
    filled.remaining -= quantity;
    done.push({ number: filled.number, at, price, quantity });
    return quantity;
  });
  return done;
}

type Fill = (order: WorkingOrder, price: number, most: number) => number;

function meetBook(
  state: SymbolState,
  order: WorkingOrder,
  { participation }: MarketConfig,
  free: boolean,
  fill: Fill,
): void {
  if (order.side === 'buy') {
    if (state.ask !== 0 && reaches(order, state.ask))
      state.takenAsk += fill(order, state.ask, state.askSize - state.takenAsk);
  } else if (state.bid !== 0 && reaches(order, state.bid))
    state.takenBid += fill(order, state.bid, state.bidSize - state.takenBid);
  // Others traded at its price or a better one: a part of that meets it, at theirs.
  if (!free || order.limit === null || state.traded === 0 || !reaches(order, state.tradePrice)) return;
  const most = Math.floor(state.traded * participation) - state.takenTrade;
  state.takenTrade += fill(order, state.tradePrice, most);
}

/** Everything meets at the auction's price; at a limit the side that is missing meets nobody. */
function meetSingle(
  state: SymbolState,
  order: WorkingOrder,
  { participation }: MarketConfig,
  free: boolean,
  fill: Fill,
): void {
  const at = state.tradePrice;
  if (!reaches(order, at)) return;
  const locked = order.side === 'buy' ? state.ask === 0 : state.bid === 0;
  if (locked) return;
  const buys = order.side === 'buy';
  const taken = buys ? state.takenAsk : state.takenBid;
  const most = free ? Math.floor(state.traded * participation) : buys ? state.askSize : state.bidSize;
  const quantity = fill(order, at, most - taken);
  if (buys) state.takenAsk += quantity;
  else state.takenBid += quantity;
}
