import { decimal } from '#domain/core/decimal.ts';
import { price } from '#domain/market/money.ts';
import { limitRate, limitsAround } from '#domain/market/price-limits.ts';
import { krxTicks } from '#domain/market/ticks.ts';
import type { SimulatedSymbol } from './config.ts';
import { keyOf, mix } from './random.ts';

/**
 * All that is kept of a symbol, numbers only: won and shares are whole, far below 2^53. `at` is the last second it was
 * moved to; prices of 0 are none.
 */
export const symbolFields = [
  'at',
  'day',
  'base',
  'lower',
  'upper',
  // Logarithms of the price it is worth and of the one it is drawn to.
  'fair',
  'anchor',
  'last',
  'close',
  'bid',
  'ask',
  'bidSize',
  'askSize',
  'volume',
  'value',
  // 0 normal, 1 interrupted, 2 halted; and until when.
  'state',
  'until',
  // Reference of the static interruption.
  'reference',
  'haltFrom',
  'haltTo',
  // The minute that goes on.
  'barStart',
  'barOpen',
  'barHigh',
  'barLow',
  'barClose',
  'barVolume',
  'barValue',
  // What others traded in the second, at which price, and whether that was an auction's end.
  'traded',
  'tradePrice',
  'uncrossed',
  // What our own orders took out of this second's book.
  'takenBid',
  'takenAsk',
  'takenTrade',
] as const;
export type SymbolState = Record<(typeof symbolFields)[number], number>;

export const states = { normal: 0, vi: 1, halted: 2 } as const;

/** A state as it is stored. */
export function packed(state: SymbolState): number[] {
  return symbolFields.map((field) => state[field]);
}

export function unpacked(numbers: readonly number[]): SymbolState {
  return Object.fromEntries(symbolFields.map((field, index) => [field, numbers[index] ?? 0])) as SymbolState;
}

/** A symbol that has not traded yet: its price is the close before its first day. */
export function freshSymbol({ price: close }: SimulatedSymbol, at: number): SymbolState {
  return { ...unpacked([]), at, day: -1, close, fair: Math.log(close), anchor: Math.log(close) };
}

/** Ticks as numbers: bands from the lowest up. */
export interface Ticks {
  readonly from: readonly number[];
  readonly tick: readonly number[];
}

export function ticksFor({ market, kind }: SimulatedSymbol, date: string): Ticks {
  const table = krxTicks(market, kind, date);
  return { from: table.map((band) => band.from.toNumber()), tick: table.map((band) => band.tick.toNumber()) };
}

export function tickOf({ from, tick }: Ticks, at: number): number {
  let i = from.length - 1;
  while (i > 0 && (from[i] ?? 0) > at) i -= 1;
  return tick[i] ?? 1;
}

export function floorTick(ticks: Ticks, at: number): number {
  const tick = tickOf(ticks, at);
  return Math.max(tick, Math.floor(at / tick) * tick);
}

export function nearestTick(ticks: Ticks, at: number): number {
  const tick = tickOf(ticks, at);
  return Math.max(tick, Math.round(at / tick) * tick);
}

/** The next valid price below one that is valid. */
export function tickBelow(ticks: Ticks, at: number): number {
  return Math.max(tickOf(ticks, 0), at - tickOf(ticks, at - 1));
}

/** The day's limits around a base price, as KRX has them. */
export function limitsFor(
  symbol: SimulatedSymbol,
  base: number,
  date: string,
): { lower: number; upper: number } {
  const rate = limitRate({ market: symbol.market, kind: symbol.kind, leverage: 1 }, date);
  const around = limitsAround(price(decimal(base)), rate, krxTicks(symbol.market, symbol.kind, date));
  return { lower: around.lower.toNumber(), upper: around.upper.toNumber() };
}

/** The key of a symbol's draws. */
export function symbolKey(seed: number, symbol: string): number {
  return mix(keyOf(symbol), seed);
}
