import { decimal } from '#domain/core/decimal.ts';
import { type Instrument, instrument } from '#domain/market/instrument.ts';
import type { Quote } from '#domain/market/quote.ts';
import type { SimulatedSymbol } from '#domain/simulation/config.ts';
import type { Bar, SimulatedWorld } from '#domain/simulation/market.ts';
import type { SymbolState } from '#domain/simulation/symbol.ts';
import type { Queryable } from '#db/core/client.ts';
import { writeInstruments } from '#db/market/instruments.ts';
import { writeQuotes } from '#db/market/quotes.ts';
import { writeBars } from './bars.ts';
import { simulatorSource } from './source.ts';

const stateNames = ['normal', 'vi', 'halted'] as const;

/** A symbol as an instrument of its present day. */
export function instrumentOf(
  { symbol, name, market, kind }: SimulatedSymbol,
  state: SymbolState,
): Instrument {
  const opened = state.day >= 0;
  return instrument.parse({
    venue: 'KRX',
    market,
    kind,
    symbol,
    name,
    state: stateNames[state.state] ?? 'normal',
    base_price: String(opened ? state.base : state.close),
    upper_limit: opened ? String(state.upper) : null,
    lower_limit: opened ? String(state.lower) : null,
  });
}

const orNull = (value: number) => (value === 0 ? null : decimal(value));

/** A symbol's best prices in the second that it has reached. */
export function quoteOf(world: SimulatedWorld, scope: string, symbol: string, state: SymbolState): Quote {
  const at = new Date(state.at);
  return {
    venue: 'KRX',
    source: simulatorSource(scope),
    symbol,
    at: at.toISOString(),
    available_at: new Date(state.at + world.config.quote_latency_ms).toISOString(),
    bid: orNull(state.bid),
    ask: orNull(state.ask),
    bid_size: state.bid === 0 ? null : decimal(state.bidSize),
    ask_size: state.ask === 0 ? null : decimal(state.askSize),
    last: orNull(state.last),
    volume: decimal(state.volume),
  };
}

/** Stores what became known: closed candles, the newest quotes, and instruments that are not as they were. */
export async function writeMarketData(
  q: Queryable,
  scope: string,
  world: SimulatedWorld,
  states: readonly SymbolState[],
  bars: readonly Bar[],
  changed: readonly boolean[],
  now: Date,
): Promise<void> {
  const symbols = world.symbols.flatMap((symbol, index) => {
    const state = states[index];
    return state === undefined ? [] : [{ symbol, state, changed: changed[index] === true }];
  });
  const fresh = symbols.filter((each) => each.changed).map((each) => instrumentOf(each.symbol, each.state));
  await writeInstruments(q, simulatorSource(scope), fresh, now);
  await writeQuotes(
    q,
    symbols.map(({ symbol, state }) => quoteOf(world, scope, symbol.symbol, state)),
  );
  await writeBars(q, scope, world, bars);
}
