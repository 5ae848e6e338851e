import type { ErrorParams } from '#domain/core/errors.ts';

/** Every reason the machine itself gives; signals and blocks bring their own. Rendered as `reasons.<code>`. */
export const traderCodes = [
  // Why no entry is made.
  'past_flatten',
  'no_continuous_trading',
  'confidence_low',
  'no_candidate',
  'no_fresh_quote',
  'capital_too_small',
  'entry_halted',
  'entry_limit_locked',
  // How an entry ended without a position.
  'entry_timeout',
  'entry_cancelled',
  'entry_rejected',
  'entry_order_unknown',
  'entry_open_at_close',
  // Why a position is left, and how it goes.
  'stop_loss',
  'take_profit',
  'flatten_before',
  'exit_confidence_low',
  'exit_chased',
  'exit_rejected',
  'exit_halted',
  'exit_limit_locked',
  'exit_nothing_sellable',
  'exit_order_unknown',
  'flat',
  'dust_left',
  'carried',
  'sold_elsewhere',
  // The day, and what stops a trader.
  'day_closed',
  'market_closed_today',
  'position_drift',
  'late_fill',
  'halted_at_close',
] as const;
export type TraderCode = (typeof traderCodes)[number];

/** A reason of the machine's own. */
export function reasonOf(
  code: TraderCode,
  params: ErrorParams = {},
): { readonly code: TraderCode; readonly params: ErrorParams } {
  return { code, params };
}

/** Reasons that those give who run the machine: blocks, refusals of a symbol, halts and flattens from outside. */
export const runtimeCodes = [
  // Why no entry is made.
  'trader_stopped',
  'account_not_ready',
  'account_stopped_today',
  'symbol_not_listed',
  'no_signal',
  'not_asked',
  'signal_used',
  // Why a symbol is not ours to take.
  'symbol_held',
  'symbol_busy',
  'symbol_reconcile_first',
  // Why somebody outside stops or flattens it.
  'halted_by_person',
  'symbol_lock_lost',
  'trader_unreadable',
  'flatten_control',
  'flatten_backstop',
  'order_refused',
] as const;
export type RuntimeCode = (typeof runtimeCodes)[number];

/** A reason of those who run the machine. */
export function runtimeReason(
  code: RuntimeCode,
  params: ErrorParams = {},
): { readonly code: RuntimeCode; readonly params: ErrorParams } {
  return { code, params };
}
