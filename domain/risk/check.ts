import { type Decimal, plain, zero } from '#domain/core/decimal.ts';
import type { Instrument } from '#domain/market/instrument.ts';
import { sizeProblem } from '#domain/market/lot.ts';
import { type PriceLimits, limitProblem } from '#domain/market/price-limits.ts';
import type { Freshness } from '#domain/market/quote.ts';
import { type TickTable, tickProblem } from '#domain/market/tick.ts';
import type { TradingNow } from '#domain/market/trading-phase.ts';
import type { Order } from '#domain/orders/order.ts';
import { unacknowledgedRival } from '#domain/orders/sending.ts';

/**
 * Of a trader, account and scope the strictest counts.
 * - `entries_stopped`: nothing is opened, everything may be closed. - `stopped`: only a flatten may send.
 */
export type ControlMode = 'running' | 'entries_stopped' | 'stopped';

export interface RiskLimits {
  /** Largest value of one position. */
  readonly positionValue: Decimal;
  /** So many symbols at most are held or being bought. */
  readonly positions: number;
  /** Entries sent in any 60 seconds. */
  readonly entriesPerMinute: number;
}

/** All that the checks look at: read in the transaction that writes the intent. */
export interface RiskContext {
  readonly order: Order;
  /** Part of a flatten, which a stop does not hold back. */
  readonly flatten: boolean;
  readonly instrument: Instrument;
  /** Null where the venue's ticks are not known. */
  readonly ticks: TickTable | null;
  /** Null where there are none or they are not known. */
  readonly priceLimits: PriceLimits | null;
  /** What a unit costs at worst: the limit, or for an order at the market the day's upper limit. */
  readonly worstPrice: Decimal;
  /** Fees of buying for this amount. */
  readonly fees: (amount: Decimal) => Decimal;
  readonly trading: TradingNow;
  readonly quote: Freshness;
  readonly control: ControlMode;
  /** Protections that hold now: reason codes. */
  readonly protections: readonly string[];
  /** What may be spent: without what open buys reserve. */
  readonly cash: Decimal;
  /** Of the same account, whatever their state, of the last 24 hours. */
  readonly orders: readonly Order[];
  /** Value of the symbol's position with what open buys may add. */
  readonly positionValue: Decimal;
  /** Symbols held or being bought. */
  readonly symbols: ReadonlySet<string>;
  /** What may be sold of the symbol, without what open sells reserve. */
  readonly sellable: Decimal;
  readonly entriesLastMinute: number;
  readonly limits: RiskLimits;
}

export interface RiskRefusal {
  readonly check: RiskCheckName;
  /** Rendered as `reasons.<code>`. */
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}
type Finding = Omit<RiskRefusal, 'check'> | null;
type Check = (context: RiskContext) => Finding;

const no = (code: string, params: RiskRefusal['params'] = {}): Finding => ({ code, params });

/** What no order may miss: the broker would refuse it, or it could not be told from another. */
const always = {
  control: ({ control, flatten }) => (control === 'stopped' && !flatten ? no('stopped') : null),
  key: ({ order, orders }) => {
    const same = orders.find((other) => other.id !== order.id && other.key === order.key && keepsKey(other));
    return same === undefined ? null : no('duplicate_order_skipped', { key: order.key, order: same.id });
  },
  unacknowledged: ({ order, orders }) => {
    const rival = unacknowledgedRival(orders, order);
    return rival === null ? null : no('order_unacknowledged', { order: rival.id, side: rival.side });
  },
  tick: ({ order, ticks }) => {
    if (order.price === null) return null;
    if (ticks === null) return no('ticks_unknown', { symbol: order.symbol });
    const problem = tickProblem(ticks, order.price);
    return problem === null ? null : no('off_tick', { price: plain(order.price), tick: plain(problem.tick) });
  },
  price_limits: ({ order, priceLimits }) => {
    if (order.price === null || priceLimits === null) return null;
    const problem = limitProblem(priceLimits, order.price);
    if (problem === null) return null;
    const { lower, upper } = priceLimits;
    return no(problem.code, { price: plain(order.price), lower: plain(lower), upper: plain(upper) });
  },
  lot: ({ order, instrument, worstPrice }) => {
    const problem = sizeProblem(instrument, order.quantity, order.price ?? worstPrice);
    return problem === null
      ? null
      : no(problem.code, { quantity: plain(order.quantity), limit: plain(problem.limit) });
  },
  sellable: ({ order, sellable }) =>
    order.side === 'sell' && order.quantity.gt(sellable)
      ? no('sellable_exceeded', { quantity: plain(order.quantity), sellable: plain(sellable) })
      : null,
  market_open: ({ trading }) =>
    trading.matching === 'none' && trading.reason === 'market_closed' ? no('market_closed') : null,
} as const satisfies Record<string, Check>;

/** What only opening a position must pass: none of it may hold back an exit. */
const entriesOnly = {
  entries_stopped: ({ control }) => (control === 'running' ? null : no('entries_stopped')),
  protection: ({ protections: [first] }) => (first === undefined ? null : no(first)),
  session_phase: ({ trading }) =>
    trading.matching === 'continuous' ? null : no('not_continuous', { reason: trading.reason }),
  data_fresh: ({ quote }) => (quote.fresh ? null : no(quote.reason, { age_ms: quote.ageMs ?? '–' })),
  cash: ({ order, worstPrice, fees, cash }) => {
    const amount = order.quantity.times(worstPrice);
    const needed = order.side === 'buy' ? amount.plus(fees(amount)) : zero;
    return needed.gt(cash) ? no('cash_short', { needed: plain(needed), cash: plain(cash) }) : null;
  },
  position_value: ({ order, worstPrice, positionValue, limits }) => {
    const value = positionValue.plus(order.quantity.times(worstPrice));
    const limit = limits.positionValue;
    return value.gt(limit) ? no('position_limit', { value: plain(value), limit: plain(limit) }) : null;
  },
  positions: ({ order, symbols, limits }) =>
    !symbols.has(order.symbol) && symbols.size >= limits.positions
      ? no('positions_limit', { held: symbols.size, limit: limits.positions })
      : null,
  entry_rate: ({ entriesLastMinute, limits }) =>
    entriesLastMinute >= limits.entriesPerMinute
      ? no('entry_rate', { count: entriesLastMinute, limit: limits.entriesPerMinute })
      : null,
} as const satisfies Record<string, Check>;

/** `fence`, `account` and `instrument` are asked where the rows are: without them there is no context to check. */
export type RiskCheckName =
  keyof typeof always | keyof typeof entriesOnly | 'fence' | 'account' | 'instrument';

/** A definite rejection without a fill, or an intent that was never sent, has given its key back. */
function keepsKey(order: Order): boolean {
  const nothingSent = order.attempts.every(({ outcome }) => outcome === 'not_executed');
  if (order.state === 'rejected' || (order.state === 'cancelled' && nothingSent))
    return order.brokerOrders.some((each) => each.filled.gt(0));
  return true;
}

function run(checks: Readonly<Record<string, Check>>, context: RiskContext): RiskRefusal[] {
  return Object.entries(checks).flatMap(([name, check]) => {
    const finding = check(context);
    return finding === null ? [] : [{ check: name as RiskCheckName, ...finding }];
  });
}

/** Every reason why this order may not be sent, the gravest first; none: it may. */
export function preTrade(context: RiskContext): readonly RiskRefusal[] {
  const refusals = run(always, context);
  return context.order.purpose === 'exit' ? refusals : [...refusals, ...run(entriesOnly, context)];
}
