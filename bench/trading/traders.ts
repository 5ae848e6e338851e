import { type Decimal, decimal } from '#domain/core/decimal.ts';
import { instrument } from '#domain/market/instrument.ts';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { type TraderView, contextOf } from '#domain/traders/context.ts';
import { traderRules } from '#domain/traders/rules.ts';
import { type TraderState, freshTrader } from '#domain/traders/state.ts';
import type { TraderEvent } from '#domain/traders/step-types.ts';
import { step } from '#domain/traders/step.ts';

const calendar = builtinCalendar('XKRX');
const day = '2026-11-23';
const open = new Date(`${day}T10:00:00+09:00`);
const rules = traderRules.parse({ capital_per_position: '7000000' });

interface Bench {
  state: TraderState;
  readonly view: TraderView;
}

function viewAt(symbol: string, now: Date, last: Decimal): TraderView {
  return {
    now,
    definition: { rules, flatten_before_sec: 600, max_quote_age_sec: 10 },
    started: true,
    control: { mode: 'running', flatten: false },
    protections: [],
    account: { calendar, day, ready: true, stoppedDay: null, revises: true },
    symbol,
    instrument: instrument.parse({
      venue: 'KRX',
      market: 'KOSPI',
      symbol,
      name: symbol,
      base_price: last.toFixed(),
    }),
    quote: { at: now, availableAt: now, bid: last, ask: last, last },
    sellable: null,
    side: 'buy',
  };
}

/** A trader that holds what it bought at a price. */
function holding(symbol: string, at: Decimal): Bench {
  const view = viewAt(symbol, open, at);
  const context = contextOf(view);
  const choice = { symbol, confidence: 0.9, reason: { code: 'volatility_breakout', params: {} } };
  const made: Bench = { state: freshTrader, view };
  const send = (event: TraderEvent) => {
    const after = step(made.state, event, context);
    made.state = after.state;
    return after.effects;
  };
  send({ kind: 'scan_due' });
  send({ kind: 'scanned', choices: [choice] });
  const placed = send({ kind: 'symbol_locked', symbol, token: 1 }).find(({ kind }) => kind === 'place_order');
  if (placed?.kind !== 'place_order') throw new Error('the trader bought nothing');
  send({
    kind: 'order',
    seq: placed.seq,
    status: 'filled',
    filled: placed.quantity,
    averagePrice: placed.price,
    rejection: null,
  });
  if (made.state.phase !== 'HOLDING') throw new Error(`the trader is ${made.state.phase}`);
  return made;
}

/** The state of a trader that holds a symbol bought at a price. */
export function holdingAt(symbol: string, at: Decimal): TraderState {
  return holding(symbol, at).state;
}

/** As many traders, all holding: the state in which each tick weighs a stop. */
export function deskOf(traders: number): Bench[] {
  return Array.from({ length: traders }, (_, index) => holding(String(100_000 + index), decimal(70_000)));
}

/** One tick of every trader with a price of its own: what it sees is worked out anew. @returns how many want out. */
export function tickAll(desk: readonly Bench[], second: number): number {
  const now = new Date(open.getTime() + second * 1_000);
  let exits = 0;
  for (const [index, { state, view }] of desk.entries()) {
    const last = decimal(67_000 + ((index * 37 + second * 100) % 40) * 100);
    const quote = { at: now, availableAt: now, bid: last, ask: last, last };
    const after = step(state, { kind: 'tick' }, contextOf({ ...view, now, quote }));
    if (after.effects.some(({ kind }) => kind === 'place_order')) exits += 1;
  }
  return exits;
}
