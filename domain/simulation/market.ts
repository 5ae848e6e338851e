import { type Calendar, tradingDayNumber } from '#domain/time/calendar/calendar.ts';
import { openDay as nearestOpenDay } from '#domain/time/bounds.ts';
import type { MarketConfig, SimulatedSymbol } from './config.ts';
import { type MarketDay, type MarketPhase, gridMs, marketDay, phaseOf } from './day.ts';
import { type Execution, type WorkingOrder, matchOrders } from './orders.ts';
import { type PathContext, openDay, pathContext, stepSymbol } from './path.ts';
import { noScript, pinned, scripts } from './script.ts';
import type { SymbolState } from './symbol.ts';

/** What a simulated market is made of. */
export interface SimulatedWorld {
  readonly seed: number;
  readonly calendar: Calendar;
  readonly symbols: readonly SimulatedSymbol[];
  readonly config: MarketConfig;
}

/** One minute of a symbol, won and shares; minutes without a trade have none. */
export interface Bar {
  readonly symbol: string;
  /** Milliseconds; it ends a minute later. */
  readonly start: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly value: number;
}

export interface Happened {
  /** By time, then by order. */
  readonly executions: readonly Execution[];
  /** Orders of the day whose day ended. */
  readonly expired: readonly { readonly number: number; readonly at: number }[];
  readonly bars: readonly Bar[];
}

interface Log {
  readonly executions: Execution[];
  readonly expired: { number: number; at: number }[];
  readonly bars: Bar[];
}

/** The last second of the grid that is not after an instant (ms). */
export function gridPoint(at: number): number {
  return Math.floor(at / gridMs) * gridMs;
}

/** The first day that is not over at an instant; null when the calendar never opens again. */
export function dayFrom(calendar: Calendar, at: number): MarketDay | null {
  const number = tradingDayNumber(calendar, new Date(at));
  const day = marketDay(calendar, number);
  // One second more: in it the book empties.
  if (day !== null && at <= day.last + gridMs) return day;
  const next = nearestOpenDay(calendar, number, 1);
  return next === null ? null : marketDay(calendar, next);
}

/** As much of the session before as strategies look back over: all of a KRX day. */
const historyMs = 7 * 3_600_000;

/** Where a market begins whose past nobody saw: the eve of the session before, or late in it where sessions are long. */
export function historyFrom(calendar: Calendar, at: number): number {
  const number = tradingDayNumber(calendar, new Date(at));
  const day = marketDay(calendar, nearestOpenDay(calendar, number, -1) ?? number);
  if (day === null) return at - gridMs;
  return Math.min(at, Math.max(day.first, day.close - historyMs)) - gridMs;
}

/**
 * Moves the states of all symbols from one grid point to a later one and meets the orders on the way. States and the
 * `remaining` of orders are changed in place. However a stretch is cut into calls, the same happens.
 */
export function advanceMarket(
  world: SimulatedWorld,
  market: readonly SymbolState[],
  from: number,
  to: number,
  orders: readonly WorkingOrder[],
): Happened {
  const log: Log = { executions: [], expired: [], bars: [] };
  const lines = scripts(world.config.script);
  let at = from;
  while (at < to) {
    const day = dayFrom(world.calendar, at + gridMs);
    if (day === null || day.first > to) break;
    const end = Math.min(to, day.last + gridMs);
    for (const [index, symbol] of world.symbols.entries()) {
      const state = market[index];
      if (state === undefined) throw new RangeError(`no state of ${symbol.symbol}`);
      const script = lines.get(symbol.symbol) ?? noScript;
      const context = pathContext(symbol, world.config, world.seed, day, script);
      const own = orders.filter((order) => order.symbol === symbol.symbol && order.remaining > 0);
      advanceSymbol(state, context, Math.max(at, day.first - gridMs), end, own, log);
    }
    at = end;
  }
  for (const state of market) state.at = to;
  log.executions.sort((a, b) => a.at - b.at || a.number - b.number);
  log.expired.sort((a, b) => a.at - b.at || a.number - b.number);
  log.bars.sort((a, b) => a.start - b.start);
  return log;
}

/** One symbol within one day, phase by phase. */
function advanceSymbol(
  state: SymbolState,
  context: PathContext,
  from: number,
  to: number,
  orders: WorkingOrder[],
  log: Log,
): void {
  const { day } = context;
  if (to < day.first) return;
  if (state.day !== day.number) openDay(state, context);
  let before = phaseOf(day, from);
  for (let at = from + gridMs; at <= to; at += gridMs) {
    const phase = before !== null && at < before.end ? before : phaseOf(day, at);
    if (phase !== null || before !== null || pause(day, at))
      second(state, context, at, phase, before, orders, log);
    // Nothing goes on until the next phase begins.
    else at = Math.min(day.phases.find(({ start }) => start > at)?.start ?? Infinity, to + gridMs) - gridMs;
    before = phase;
  }
}

/** The second after a phase's end: the book empties in it. */
function pause(day: MarketDay, at: number): boolean {
  return day.phases.some(({ end }) => end + gridMs === at);
}

function second(
  state: SymbolState,
  context: PathContext,
  at: number,
  phase: MarketPhase | null,
  before: MarketPhase | null,
  orders: WorkingOrder[],
  log: Log,
): void {
  const closes = before?.matching === 'auction' && phase?.matching !== 'continuous';
  if (at % 60_000 === 0 && !closes) closeBar(state, context, log);
  stepSymbol(state, context, at, phase, before);
  if (state.traded > 0) addToBar(state, closes ? at - 60_000 : at - (at % 60_000));
  if (closes) closeBar(state, context, log);
  if (orders.length === 0) return;
  const free = pinned(context.script, at) === null;
  log.executions.push(...matchOrders(state, orders, at, phase, context.config, free));
  if (at !== context.day.close && at !== context.day.last) return;
  for (const order of orders) if (order.remaining > 0) log.expired.push({ number: order.number, at });
  orders.length = 0;
}

function addToBar(state: SymbolState, start: number): void {
  const print = state.tradePrice;
  if (state.barVolume === 0) {
    state.barStart = start;
    state.barOpen = print;
    state.barHigh = print;
    state.barLow = print;
    state.barValue = 0;
  }
  state.barHigh = Math.max(state.barHigh, print);
  state.barLow = Math.min(state.barLow, print);
  state.barClose = print;
  state.barVolume += state.traded;
  state.barValue += state.traded * print;
}

function closeBar(state: SymbolState, { symbol }: PathContext, log: Log): void {
  if (state.barVolume === 0) return;
  log.bars.push({
    symbol: symbol.symbol,
    start: state.barStart,
    open: state.barOpen,
    high: state.barHigh,
    low: state.barLow,
    close: state.barClose,
    volume: state.barVolume,
    value: state.barValue,
  });
  state.barVolume = 0;
}
