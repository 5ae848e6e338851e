import type { MarketConfig, SimulatedSymbol } from './config.ts';
import type { MarketDay, MarketPhase } from './day.ts';
import { type Script, pinned } from './script.ts';
import { mix, normal, unit } from './random.ts';
import {
  type SymbolState,
  type Ticks,
  floorTick,
  limitsFor,
  nearestTick,
  states,
  symbolKey,
  tickBelow,
  tickOf,
  ticksFor,
} from './symbol.ts';

/** Standard deviation of a second, as a fraction of the price. */
const sigma = 0.0002;
/** How fast the price is drawn back to the day's anchor: half of the way in some five hours. */
const pull = 3.6e-5;
/** News comes in slots of this many seconds. */
const slotSec = 300;
const longSessionMs = 10 * 3_600_000;

/** What a symbol's seconds need that does not change in a day. */
export interface PathContext {
  readonly symbol: SimulatedSymbol;
  readonly config: MarketConfig;
  readonly key: number;
  readonly ticks: Ticks;
  readonly day: MarketDay;
  readonly script: Script;
  /** Mean volume of a second of the regular session. */
  readonly perSecond: number;
  burst: Burst | null;
  slot: number;
}

interface Burst {
  readonly from: number;
  readonly to: number;
  /** Of each second, as a fraction. */
  readonly drift: number;
  readonly volume: number;
}

export function pathContext(
  symbol: SimulatedSymbol,
  config: MarketConfig,
  seed: number,
  day: MarketDay,
  script: Script,
): PathContext {
  return {
    symbol,
    config,
    key: symbolKey(seed, symbol.symbol),
    ticks: ticksFor(symbol, day.date),
    day,
    script,
    perSecond: (symbol.daily_volume * 1_000) / Math.max(1_000, day.close - day.open),
    burst: null,
    slot: -1,
  };
}

/** Opens a trading day on the close before it: base price, limits, the gap, the day's own halt. */
export function openDay(state: SymbolState, context: PathContext): void {
  const { symbol, config, day, ticks } = context;
  const draw = mix(context.key ^ 0x243f6a88, day.number);
  const base = nearestTick(ticks, state.close);
  const gap = normal(draw, mix(draw, 1)) * 0.008 * config.volatility * symbol.beta;
  const drift = normal(mix(draw, 2), mix(draw, 3)) * 0.01 * config.volatility * symbol.beta;
  const home = 0.1 * (Math.log(symbol.price) - Math.log(base));
  const fair = Math.log(base) + gap;
  const regular = day.continuousClose - day.open;
  const halts = unit(mix(draw, 4)) < config.halt_chance && regular > 7_200_000;
  const haltFrom = day.open + Math.floor((0.1 + 0.6 * unit(mix(draw, 5))) * (regular / 1_000)) * 1_000;
  Object.assign(state, {
    day: day.number,
    base,
    ...limitsFor(symbol, base, day.date),
    fair,
    anchor: fair + drift + home,
    last: 0,
    volume: 0,
    value: 0,
    state: states.normal,
    until: 0,
    reference: base,
    haltFrom: halts ? haltFrom : 0,
    haltTo: halts ? haltFrom + (600 + (mix(draw, 6) % 1_200)) * 1_000 : 0,
  });
}

function burstAt(context: PathContext, slot: number): Burst | null {
  const draw = mix(context.key ^ 0x13198a2e, slot);
  const lot = unit(draw);
  const at = unit(mix(draw, 2));
  const sign = unit(mix(draw, 3)) < 0.56 ? 1 : -1;
  const strength = context.config.volatility * context.symbol.beta * sign;
  // Now and then news that nobody trades through: it calls for an interruption.
  if (lot < 0.0015) {
    const from = slot * slotSec + Math.floor(at * slotSec);
    return { from, to: from + 1, drift: strength * (0.035 + 0.045 * unit(mix(draw, 4))), volume: 6 };
  }
  if (lot > 0.065) return null;
  const length = 45 + Math.floor(195 * unit(mix(draw, 1)));
  const from = slot * slotSec + Math.floor(at * (slotSec - length));
  const drift = (strength * (0.01 + 0.03 * unit(mix(draw, 4)))) / length;
  return { from, to: from + length, drift, volume: 3 + 4 * unit(mix(draw, 5)) };
}

/** The U of a day's volume and bustle, mean about one; flatter where the day is long. */
function shape({ day }: PathContext, at: number): number {
  const length = day.close - day.open;
  const x = Math.min(1, Math.max(0, (at - day.open) / length)) * 2 - 1;
  return length > longSessionMs ? 0.85 + 0.45 * x * x : 0.5 + 1.5 * x * x;
}

/**
 * Moves a symbol by one second, to `at`. @param phase of that second, null between phases; @param before of the second
 * before it. Draws depend on the second alone, so however the seconds are asked for the prints are the same.
 */
export function stepSymbol(
  state: SymbolState,
  context: PathContext,
  at: number,
  phase: MarketPhase | null,
  before: MarketPhase | null,
): void {
  state.at = at;
  state.traded = 0;
  state.uncrossed = 0;
  state.takenBid = 0;
  state.takenAsk = 0;
  state.takenTrade = 0;
  const second = Math.floor(at / 1_000);
  const draw = mix(context.key, second);
  const line = pinned(context.script, at);
  if (line !== null) return stepPinned(state, context, line, phase, before);
  if (phase === null || phase.matching === 'fixed_price') {
    const closes = before?.matching === 'auction' && !halted(state, at);
    state.state = states.normal;
    if (closes) {
      quote(state, context, draw);
      return uncross(state, context, draw, 0.03);
    }
    return phase === null ? emptyBook(state) : fixedBook(state, context, draw);
  }
  const fund = context.symbol.kind !== 'stock' && phase.name === 'after_market';
  if (halted(state, at) || fund) return emptyBook(state);
  move(state, context, second, draw, phase);
  quote(state, context, draw);
  if (state.state === states.vi) {
    if (at >= state.until || phase.matching === 'auction') {
      const over = phase.matching === 'continuous';
      state.state = states.normal;
      if (over) uncross(state, context, draw, 0.005);
    }
    return;
  }
  if (phase.matching === 'auction') return;
  if (before?.matching === 'auction') return uncross(state, context, draw, 0.02);
  trade(state, context, at, draw, phase);
}

function halted(state: SymbolState, at: number): boolean {
  if (at >= state.haltFrom && at < state.haltTo) {
    state.state = states.halted;
    state.until = state.haltTo;
  } else if (state.state === states.halted) {
    state.state = states.normal;
    state.until = 0;
  }
  return state.state === states.halted;
}

function emptyBook(state: SymbolState): void {
  state.bid = 0;
  state.ask = 0;
  state.bidSize = 0;
  state.askSize = 0;
}

/** Trading at the close: both sides at that price. */
function fixedBook(state: SymbolState, context: PathContext, draw: number): void {
  const at = state.last === 0 ? state.base : state.last;
  state.bid = at;
  state.ask = at;
  const depth = Math.max(1, Math.round(context.perSecond * unit(draw)));
  state.bidSize = depth;
  state.askSize = depth;
}

function move(
  state: SymbolState,
  context: PathContext,
  second: number,
  draw: number,
  phase: MarketPhase,
): void {
  const { config, symbol } = context;
  const slot = Math.floor(second / slotSec);
  if (slot !== context.slot) {
    context.slot = slot;
    context.burst = burstAt(context, slot);
  }
  const quiet = phase.name === 'continuous' ? 1 : 0.4;
  const noise = normal(draw, mix(draw, 1)) * sigma * config.volatility * symbol.beta * quiet;
  const { burst } = context;
  const news = burst !== null && quiet === 1 && second >= burst.from && second < burst.to ? burst.drift : 0;
  const fair = state.fair + pull * (state.anchor - state.fair) + noise + news;
  // A little beyond the limits, so that a lock can last and be left.
  state.fair = Math.min(Math.log(state.upper) + 0.03, Math.max(Math.log(state.lower) - 0.03, fair));
}

/** The best prices around what it is worth; at a limit one side is missing. */
function quote(state: SymbolState, context: PathContext, draw: number): void {
  const worth = Math.exp(state.fair);
  const depth = context.perSecond * 8;
  state.bidSize = Math.max(1, Math.round(depth * (0.2 - Math.log(unit(mix(draw, 6))))));
  state.askSize = Math.max(1, Math.round(depth * (0.2 - Math.log(unit(mix(draw, 7))))));
  if (worth >= state.upper) {
    state.bid = state.upper;
    state.ask = 0;
    state.askSize = 0;
    state.bidSize *= 50;
  } else if (worth <= state.lower) {
    state.bid = 0;
    state.ask = state.lower;
    state.bidSize = 0;
    state.askSize *= 50;
  } else {
    state.bid = floorTick(context.ticks, worth);
    state.ask = state.bid + tickOf(context.ticks, state.bid);
  }
}

function trade(state: SymbolState, context: PathContext, at: number, draw: number, phase: MarketPhase): void {
  const { burst, symbol } = context;
  const busy = burst !== null && at >= burst.from * 1_000 && at < burst.to * 1_000 ? burst.volume : 1;
  const evening = phase.name === 'after_market' ? 0.05 : 1;
  if (unit(mix(draw, 2)) > 0.6 * Math.sqrt(evening)) return;
  const lift = unit(mix(draw, 3)) < (busy > 1 && (burst?.drift ?? 0) > 0 ? 0.7 : 0.5);
  const print = state.ask === 0 || (!lift && state.bid !== 0) ? state.bid : state.ask;
  if (interrupts(state, symbol, print)) {
    state.state = states.vi;
    state.until = at + 120_000 + (mix(draw, 8) % 31) * 1_000;
    return;
  }
  const mean = (context.perSecond / 0.6) * shape(context, at) * busy * evening;
  printed(state, print, Math.max(1, Math.round(-mean * Math.log(unit(mix(draw, 4))))));
}

/** Volatility interruption: 3 % (large) or 6 % from the trade before, 10 % from the last single price. */
function interrupts(state: SymbolState, { large }: SimulatedSymbol, print: number): boolean {
  // At a limit nothing is interrupted any more.
  if (print === state.upper || print === state.lower) return false;
  const dynamic = state.last !== 0 && Math.abs(print / state.last - 1) >= (large ? 0.03 : 0.06);
  return dynamic || Math.abs(print / state.reference - 1) >= 0.1;
}

function printed(state: SymbolState, at: number, quantity: number): void {
  state.last = at;
  state.close = at;
  state.traded = quantity;
  state.tradePrice = at;
  state.volume += quantity;
  state.value += quantity * at;
}

/** The single price of an auction that ends with this second. @param share of a day's volume that meets in it. */
function uncross(state: SymbolState, context: PathContext, draw: number, share: number): void {
  const worth = nearestTick(context.ticks, Math.exp(state.fair));
  const single = Math.min(state.upper, Math.max(state.lower, worth));
  const mean = context.symbol.daily_volume * share;
  printed(state, single, Math.max(1, Math.round(mean * (0.3 - Math.log(unit(mix(draw, 4)))))));
  state.uncrossed = 1;
  state.reference = single;
  state.state = states.normal;
}

/** A second of a scripted symbol. */
function stepPinned(
  state: SymbolState,
  context: PathContext,
  line: NonNullable<ReturnType<typeof pinned>>,
  phase: MarketPhase | null,
  before: MarketPhase | null,
): void {
  const at = Math.min(state.upper, Math.max(state.lower, line.price));
  const was = state.state;
  state.fair = Math.log(at);
  state.anchor = state.fair;
  state.state = phase === null ? states.normal : states[line.state];
  state.until = 0;
  state.reference = at;
  if ((phase === null && before?.matching !== 'auction') || state.state === states.halted) {
    return emptyBook(state);
  }
  state.bid = line.bid === undefined ? tickBelow(context.ticks, at) : (line.bid ?? 0);
  state.ask = line.ask === undefined ? at : (line.ask ?? 0);
  state.bidSize = state.bid === 0 ? 0 : line.bid_size;
  state.askSize = state.ask === 0 ? 0 : line.ask_size;
  if (state.state === states.vi) return;
  const gathered = before?.matching === 'auction' && phase?.matching !== 'auction';
  const interrupted = was === states.vi && phase?.matching === 'continuous';
  if (phase?.matching === 'auction') return;
  state.uncrossed = gathered || interrupted ? 1 : 0;
  if (line.volume > 0) printed(state, at, line.volume);
  else {
    state.last = at;
    state.close = at;
    state.tradePrice = at;
  }
}
