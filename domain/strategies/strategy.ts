import type { z } from 'zod';
import type { ErrorParams } from '#domain/core/errors.ts';
import type { Candles } from './candles.ts';

/**
 * The one interface of strategies, used by backtest, rehearsal, mock and real alike. A strategy is fed closed candles
 * one by one and keeps what it needs of the past itself: it cannot see a candle that has not closed.
 */

/** What a candle says, as bits: a million answers fit in one column. */
export const verdict = { none: 0, enter: 1, exit: 2 } as const;

/** How a position opened on this strategy's word ends, beside its own exit signals and the trader's stops. */
export type ExitPlan =
  | { readonly kind: 'signal' }
  /** At the close of the bar this many bars after the entry's. */
  | { readonly kind: 'bars'; readonly bars: number }
  /** At the first price of the next trading day. */
  | { readonly kind: 'next_day_open' }
  /** Before the trading day of the entry ends. */
  | { readonly kind: 'day_close' };

/**
 * Where the strategy's definition fills: at the close of the signal's bar, at the open of the next one, or at the
 * level the signal names, inside its bar. A backtest fills at the next bar unless asked for the definition's own.
 */
export type DefinedFill = 'close' | 'next_open' | 'level';

export const signalCodes = [
  'volume_zone_breakout',
  'volume_long_candle',
  'volatility_breakout',
  'sma_cross_up',
  'sma_below',
  'rsi_back_from_oversold',
  'rsi_overbought',
  'channel_break_up',
  'channel_break_down',
  'hold_period_over',
  'next_day',
] as const;
export type SignalCode = (typeof signalCodes)[number];

/** Why a strategy speaks: code and parameters, rendered as `reasons.<code>`. */
export interface SignalReason {
  readonly code: SignalCode;
  readonly params: ErrorParams;
}

/** One side of the last candle's answer. */
export interface Signal {
  /** 0..1; from 0.5 up for whatever the definition calls a signal. */
  readonly confidence: number;
  readonly reason: SignalReason;
  /** The price that was crossed, where the definition has one. */
  readonly level: number | null;
}

/** A strategy at work on one symbol. Its memory is bounded by its parameters. */
export interface StrategyState {
  /**
   * Takes the next closed candle. Entries are events (true on the bar where they happen); exits hold for as long as
   * they are true, so that a holder who missed a bar still gets out.
   * @returns bits of `verdict`.
   */
  next(open: number, high: number, low: number, close: number, volume: number, day: number): number;
  /** The last answer's entry in words, null when it had none. */
  entry(): Signal | null;
  /** The last answer's exit in words, null when it had none. */
  exit(): Signal | null;
}

/** What a strategy must know of the symbol's prices. */
export interface PriceScale {
  /** Decimals of its prices: 0 for KRX. Averages are compared in whole units of this, where ties are exact. */
  readonly decimals: number;
}

/** A strategy with its parameters settled. */
export interface PreparedStrategy {
  readonly name: string;
  readonly params: Readonly<Record<string, number | boolean | string>>;
  /** Candles before the first one that can say enter. Where a definition never forgets (RSI), enough to be close. */
  readonly warmUp: number;
  readonly exitPlan: ExitPlan;
  start(scale: PriceScale): StrategyState;
}

export interface Strategy {
  readonly name: string;
  /** Object schema with a default and a description for every parameter. */
  readonly schema: z.ZodType<Readonly<Record<string, number | boolean | string>>>;
  readonly fill: DefinedFill;
  /** @throws z.ZodError naming the parameters that are wrong. */
  prepare(params: unknown): PreparedStrategy;
}

interface Definition<P extends Readonly<Record<string, number | boolean | string>>> {
  readonly name: string;
  readonly schema: z.ZodType<P>;
  readonly fill: DefinedFill;
  readonly warmUp: (params: P) => number;
  readonly exitPlan: (params: P) => ExitPlan;
  readonly start: (params: P, scale: PriceScale) => StrategyState;
}

/** A strategy out of its definition; what is typed inside is checked at `prepare`. */
export function defineStrategy<P extends Readonly<Record<string, number | boolean | string>>>(
  definition: Definition<P>,
): Strategy {
  const { name, schema, fill } = definition;
  return {
    name,
    schema,
    fill,
    prepare: (raw) => {
      const params = schema.parse(raw);
      return {
        name,
        params,
        warmUp: definition.warmUp(params),
        exitPlan: definition.exitPlan(params),
        start: (scale) => definition.start(params, scale),
      };
    },
  };
}

/** The verdict of every candle, in order: the batch form of `next`. */
export function verdicts(strategy: PreparedStrategy, candles: Candles, scale: PriceScale): Uint8Array {
  const { length, open, high, low, close, volume, day } = candles;
  const state = strategy.start(scale);
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) {
    out[i] = state.next(open[i] ?? 0, high[i] ?? 0, low[i] ?? 0, close[i] ?? 0, volume[i] ?? 0, day[i] ?? 0);
  }
  return out;
}

/** What is known of an open position when its exit plan is asked. */
export interface HeldFor {
  /** Closed bars since the bar of the entry. */
  readonly bars: number;
  readonly entryDay: number;
  readonly day: number;
}

/** Whether the plan ends the position now. The end of the trading day is the trader's own clock (`flatten_before`). */
export function planOver(plan: ExitPlan, held: HeldFor): SignalReason | null {
  switch (plan.kind) {
    case 'signal':
      return null;
    case 'bars':
      return held.bars >= plan.bars ? { code: 'hold_period_over', params: { bars: plan.bars } } : null;
    case 'next_day_open':
    case 'day_close':
      return held.day > held.entryDay ? { code: 'next_day', params: {} } : null;
  }
}

/** Confidence of a signal that clears its mark by `excess` (a fraction): half at the mark, at most one. */
export function confidenceOf(excess: number): number {
  return Math.min(0.5 + Math.max(excess, 0), 1);
}
