import type { Decimal } from '#domain/core/decimal.ts';
import type { Price, Quantity } from '#domain/market/money.ts';
import type { PriceLimits } from '#domain/market/price-limits.ts';
import type { TickTable } from '#domain/market/tick.ts';
import type { Matching } from '#domain/market/trading-phase.ts';
import type { TraderRules } from './rules.ts';
import type { EntryChoice, TraderReason } from './state.ts';

/** What happened to one of the trader's orders, cumulative: the same news twice, or late, changes nothing. */
export interface OrderNews {
  readonly kind: 'order';
  readonly seq: number;
  readonly status: 'open' | 'filled' | 'cancelled' | 'rejected' | 'unknown';
  readonly filled: Quantity;
  readonly averagePrice: Price | null;
  /** Why it was rejected; `market_closed` is how a holiday shows. */
  readonly rejection: string | null;
}

export type TraderEvent =
  /** The trading cycle is due. */
  | { readonly kind: 'scan_due' }
  /** What the scan found, best first. */
  | { readonly kind: 'scanned'; readonly choices: readonly EntryChoice[] }
  | { readonly kind: 'symbol_locked'; readonly symbol: string; readonly token: number }
  | { readonly kind: 'symbol_refused'; readonly symbol: string; readonly why: TraderReason }
  | OrderNews
  /** The broker refused to revise or cancel; the order stands as its news says. */
  | { readonly kind: 'change_refused'; readonly seq: number }
  | { readonly kind: 'revised'; readonly seq: number }
  /** Every second in session: prices and clocks are in the context. */
  | { readonly kind: 'tick' }
  /** The strategy's exit, or its plan's (`planOver`). */
  | { readonly kind: 'exit_signal'; readonly confidence: number; readonly reason: TraderReason }
  | { readonly kind: 'flatten'; readonly reason: TraderReason }
  /** The account's own position at the broker, while no order of ours is open. */
  | { readonly kind: 'reconciled'; readonly held: Quantity; readonly average: Price | null }
  | { readonly kind: 'halt'; readonly reason: TraderReason }
  | { readonly kind: 'resume' }
  /** Nothing is matched any more on this trading day. A venue that never closes never says so. */
  | { readonly kind: 'day_closed' };

/** The world as the trader may see it, of the symbol concerned. */
export interface TraderContext {
  readonly now: Date;
  readonly rules: TraderRules;
  /** When this trader has to be on its way out today (T−Δ); null where nothing is flattened daily. */
  readonly flattenFrom: Date | null;
  /** Why no entry is allowed (protection, kill switch, stale data, holiday); null when it is. */
  readonly entriesBlocked: TraderReason | null;
  readonly matching: Matching;
  /** Whether the venue takes orders now, matched or resting. */
  readonly accepting: boolean;
  /** Halted, or locked at its limit so that nobody is on the other side. */
  readonly stuck: 'halted' | 'limit_locked' | null;
  /** No matching follows this one today: the closing auction. */
  readonly lastChance: boolean;
  /** Whether the broker can change the price of an open order. */
  readonly canRevise: boolean;
  readonly ticks: TickTable;
  readonly limits: PriceLimits | null;
  readonly lot: Decimal;
  /** Smallest value of an order, where the venue has one. */
  readonly minOrderValue: Decimal | null;
  /** Null when there is none, or it is older than the strategy allows. */
  readonly quote: { readonly last: Price; readonly bid: Price | null; readonly ask: Price | null } | null;
  /** What the broker says may be sold of the symbol, open sells apart; null when it was not asked. */
  readonly sellable: Quantity | null;
}

export type AlertSeverity = 'info' | 'warning' | 'critical';

/** What the caller does, in this order and in the transaction that stores the state. */
export type TraderEffect =
  | { readonly kind: 'lock_symbol'; readonly symbol: string }
  | { readonly kind: 'release_symbol'; readonly symbol: string; readonly token: number | null }
  | {
      readonly kind: 'place_order';
      readonly seq: number;
      readonly side: 'buy' | 'sell';
      readonly symbol: string;
      readonly token: number;
      readonly quantity: Quantity;
      readonly price: Price;
      readonly reason: TraderReason;
    }
  | { readonly kind: 'cancel_order'; readonly seq: number; readonly reason: TraderReason }
  | {
      readonly kind: 'revise_order';
      readonly seq: number;
      readonly price: Price;
      readonly reason: TraderReason;
    }
  | { readonly kind: 'alert'; readonly severity: AlertSeverity; readonly reason: TraderReason }
  /** The account trades no more today. */
  | { readonly kind: 'stop_account_for_day'; readonly reason: TraderReason }
  /** A line of the trader's day that is no transition. */
  | { readonly kind: 'record'; readonly reason: TraderReason };

export interface Step<S> {
  readonly state: S;
  readonly effects: readonly TraderEffect[];
}

/** Whether the end of the trader's day has come. */
export function pastFlatten({ now, flattenFrom }: Pick<TraderContext, 'now' | 'flattenFrom'>): boolean {
  return flattenFrom !== null && now >= flattenFrom;
}
