import { decimal, greatest, least, plain } from '#domain/core/decimal.ts';
import { price } from '#domain/market/money.ts';
import { affordable } from '#domain/market/lot.ts';
import { known, newOrder, startExit } from './exiting.ts';
import { reasonOf } from './reasons.ts';
import type {
  Entering,
  EntryChoice,
  Exiting,
  Halted,
  Holding,
  Idle,
  Scanning,
  TraderReason,
} from './state.ts';
import {
  type OrderNews,
  type Step,
  type TraderContext,
  type TraderEffect,
  pastFlatten,
} from './step-types.ts';
import { stopReason } from './holding.ts';

/** Why no entry may be made now; null when one may. */
export function entryGate(context: TraderContext): TraderReason | null {
  if (pastFlatten(context)) return reasonOf('past_flatten', {});
  if (context.entriesBlocked !== null) return context.entriesBlocked;
  if (context.matching !== 'continuous')
    return reasonOf('no_continuous_trading', { matching: context.matching });
  return null;
}

/** The cycle is due: look, or say why not. A scan that never came back is begun anew. */
export function startScan(state: Idle | Scanning, context: TraderContext): Step<Idle | Scanning> {
  const why = entryGate(context);
  const { seq, settled } = state;
  if (why !== null)
    return { state: { phase: 'IDLE', seq, settled }, effects: [{ kind: 'record', reason: why }] };
  return { state: { phase: 'SCANNING', seq, settled, asking: null, rest: [] }, effects: [] };
}

function idleAfter(state: Scanning, effects: readonly TraderEffect[]): Step<Idle> {
  const { seq, settled } = state;
  return { state: { phase: 'IDLE', seq, settled }, effects };
}

/** Asks for the first candidate that is sure enough; without one the scan is over. */
export function askNext(
  state: Scanning,
  choices: readonly EntryChoice[],
  context: TraderContext,
): Step<Idle | Scanning> {
  const why = entryGate(context);
  if (why !== null) return idleAfter(state, [{ kind: 'record', reason: why }]);
  const effects: TraderEffect[] = [];
  for (const [index, choice] of choices.entries()) {
    if (choice.confidence >= context.rules.entry_confidence)
      return {
        state: { ...state, asking: choice, rest: choices.slice(index + 1) },
        effects: [...effects, { kind: 'lock_symbol', symbol: choice.symbol }],
      };
    const { symbol, confidence } = choice;
    const limit = context.rules.entry_confidence;
    effects.push({ kind: 'record', reason: reasonOf('confidence_low', { symbol, confidence, limit }) });
  }
  return idleAfter(state, [...effects, { kind: 'record', reason: reasonOf('no_candidate', {}) }]);
}

/** The symbol is ours: buy, unless the moment has passed or the capital does not reach. */
export function enter(
  state: Scanning,
  choice: EntryChoice,
  token: number,
  context: TraderContext,
): Step<Idle | Scanning | Entering> {
  const { symbol } = choice;
  const release: TraderEffect = { kind: 'release_symbol', symbol, token };
  const why = entryGate(context);
  if (why !== null) return idleAfter(state, [release, { kind: 'record', reason: why }]);
  const ask = context.quote?.ask ?? context.quote?.last ?? null;
  const capital = decimal(context.rules.capital_per_position);
  const quantity = ask === null ? null : affordable(capital, ask, context.lot);
  const unfit =
    context.stuck !== null
      ? reasonOf(`entry_${context.stuck}`, { symbol })
      : ask === null
        ? reasonOf('no_fresh_quote', { symbol })
        : quantity === null || quantity.isZero()
          ? reasonOf('capital_too_small', { symbol, price: plain(ask), capital: plain(capital) })
          : null;
  if (unfit !== null || ask === null || quantity === null) {
    const next = askNext({ ...state, asking: null }, state.rest, context);
    const record: readonly TraderEffect[] = unfit === null ? [] : [{ kind: 'record', reason: unfit }];
    return { state: next.state, effects: [release, ...record, ...next.effects] };
  }
  const seq = state.seq + 1;
  return {
    state: {
      phase: 'ENTERING',
      seq,
      settled: state.settled,
      symbol,
      token,
      order: newOrder({ seq, quantity, price: ask, sentAt: context.now.getTime(), resting: false }),
      average: null,
      leaving: null,
    },
    effects: [
      { kind: 'place_order', side: 'buy', seq, symbol, token, quantity, price: ask, reason: choice.reason },
    ],
  };
}

/** Looks at an open entry: its time is up, the day's end has come, or what filled already has to go. */
export function watchEntry(state: Entering, context: TraderContext): Step<Entering> {
  const { order, average } = state;
  const leaving =
    state.leaving ??
    (pastFlatten(context) ? reasonOf('flatten_before', {}) : null) ??
    (average !== null && order.filled.greaterThan(0) ? stopReason(average, context) : null);
  const timedOut = context.now.getTime() >= order.sentAt + context.rules.entry_timeout_sec * 1_000;
  const next: Entering = { ...state, leaving };
  const early = context.now.getTime() < order.notBefore;
  if (order.pending !== null || early || (leaving === null && !timedOut)) return { state: next, effects: [] };
  return cancelEntry(next, leaving ?? reasonOf('entry_timeout', { sec: context.rules.entry_timeout_sec }));
}

export function cancelEntry(state: Entering, reason: TraderReason): Step<Entering> {
  if (state.order.pending !== null) return { state, effects: [] };
  return {
    state: { ...state, order: { ...state.order, pending: 'cancel' } },
    effects: [{ kind: 'cancel_order', seq: state.order.seq, reason }],
  };
}

/** News of the entry's order. Only its confirmed end decides: what filled is held, or sold at once. */
export function entryNews(
  state: Entering,
  news: OrderNews,
  context: TraderContext,
): Step<Entering | Holding | Exiting | Idle | Halted> {
  const filled = greatest(state.order.filled, least(news.filled, state.order.quantity));
  // An average of many fills may never end: twelve places are more than any price has.
  const told = news.averagePrice === null ? null : price(news.averagePrice.toDecimalPlaces(12));
  const average = news.filled.greaterThanOrEqualTo(filled) ? (told ?? state.average) : state.average;
  const order = { ...state.order, filled };
  const next: Entering = { ...state, order, average };
  switch (news.status) {
    case 'open':
      return watchEntry({ ...next, order: { ...order, pending: known(order.pending) } }, context);
    case 'unknown':
      return {
        state: { ...next, order: { ...order, pending: 'unknown' } },
        effects:
          order.pending === 'unknown'
            ? []
            : [
                {
                  kind: 'alert',
                  severity: 'critical',
                  reason: reasonOf('entry_order_unknown', { seq: order.seq }),
                },
              ],
      };
    case 'filled':
    case 'cancelled':
    case 'rejected':
      return entryEnded(next, { status: news.status, rejection: news.rejection }, context);
  }
}

function entryEnded(
  state: Entering,
  news: Pick<OrderNews, 'rejection'> & { readonly status: 'filled' | 'cancelled' | 'rejected' },
  context: TraderContext,
): Step<Holding | Exiting | Idle | Halted> {
  const { order, symbol, token, seq, average } = state;
  const settled = [...state.settled, { seq: order.seq, filled: order.filled }].slice(-2);
  if (order.filled.isZero()) {
    const idle: Idle = { phase: 'IDLE', seq, settled };
    const release: TraderEffect = { kind: 'release_symbol', symbol, token };
    const reason = reasonOf(news.status === 'rejected' ? 'entry_rejected' : 'entry_cancelled', {
      symbol,
      cause: news.rejection ?? '',
    });
    if (news.status !== 'rejected') return { state: idle, effects: [release, { kind: 'record', reason }] };
    if (news.rejection !== 'market_closed')
      return { state: idle, effects: [release, { kind: 'alert', severity: 'warning', reason }] };
    // The exchange does not trade today, whatever our calendar says: the first to hear it stops them all.
    const closed = reasonOf('market_closed_today', { symbol });
    return {
      state: { phase: 'HALTED', seq, settled, reason: closed, flattening: false, was: idle },
      effects: [
        release,
        { kind: 'stop_account_for_day', reason: closed },
        { kind: 'alert', severity: 'critical', reason: closed },
      ],
    };
  }
  const position = {
    quantity: order.filled,
    average: average ?? price(order.price),
    openedAt: context.now.getTime(),
  };
  const leaving = state.leaving ?? (pastFlatten(context) ? reasonOf('flatten_before', {}) : null);
  if (leaving !== null) return startExit({ seq, settled, symbol, token }, position, leaving, context);
  return { state: { phase: 'HOLDING', seq, settled, symbol, token, position }, effects: [] };
}
