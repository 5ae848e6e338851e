import { plain } from '#domain/core/decimal.ts';
import { askNext, cancelEntry, enter, entryNews, startScan, watchEntry } from './entering.ts';
import { carry, exitNews, exitOf, pursueExit, startExit } from './exiting.ts';
import { exitOnSignal, soldElsewhere, watchPosition } from './holding.ts';
import { reasonOf } from './reasons.ts';
import type { ActiveState, Halted, TraderReason, TraderState, WorkingOrder } from './state.ts';
import {
  type OrderNews,
  type Step,
  type TraderContext,
  type TraderEffect,
  type TraderEvent,
  pastFlatten,
} from './step-types.ts';

/**
 * One step of a trader: `(state, event, context) -> (state, effects)`. Pure; the caller stores state and effects in
 * one transaction with the event, so that a day can be played back. What an event does not concern stays as it is:
 * events may come late, twice, or for what is over.
 */
export function step(state: TraderState, event: TraderEvent, context: TraderContext): Step<TraderState> {
  if (state.phase === 'HALTED') return stepHalted(state, event, context);
  if (event.kind === 'halt') return halt(state, event.reason);
  if (event.kind === 'order') return news(state, event, context);
  return stepActive(state, event, context);
}

function unchanged<S extends TraderState>(state: S): Step<S> {
  return { state, effects: [] };
}

type ActiveEvent = Exclude<TraderEvent, { kind: 'halt' } | OrderNews>;

function stepActive(state: ActiveState, event: ActiveEvent, context: TraderContext): Step<TraderState> {
  switch (event.kind) {
    case 'scan_due':
      return state.phase === 'IDLE' || state.phase === 'SCANNING'
        ? startScan(state, context)
        : unchanged(state);
    case 'scanned':
      return state.phase === 'SCANNING' && state.asking === null
        ? askNext(state, event.choices, context)
        : unchanged(state);
    case 'symbol_locked':
    case 'symbol_refused':
      return lockAnswer(state, event, context);
    case 'change_refused':
    case 'revised':
      return changeAnswer(state, event, context);
    case 'tick':
      return tick(state, context);
    case 'exit_signal':
      return state.phase === 'HOLDING' ? exitOnSignal(state, event, context) : unchanged(state);
    case 'flatten':
      return flatten(state, event.reason, context);
    case 'reconciled':
      return reconciled(state, event);
    case 'resume':
      return unchanged(state);
    case 'day_closed':
      return dayClosed(state, context);
  }
}

function tick(state: ActiveState, context: TraderContext): Step<TraderState> {
  switch (state.phase) {
    case 'IDLE':
      return unchanged(state);
    case 'SCANNING':
      return pastFlatten(context) ? toIdle(state, reasonOf('past_flatten', {})) : unchanged(state);
    case 'ENTERING':
      return watchEntry(state, context);
    case 'HOLDING':
      return watchPosition(state, context);
    case 'EXITING':
      return pursueExit(state, context);
  }
}

function lockAnswer(
  state: ActiveState,
  event: Extract<TraderEvent, { kind: 'symbol_locked' | 'symbol_refused' }>,
  context: TraderContext,
): Step<TraderState> {
  const { symbol } = event;
  if (state.phase !== 'SCANNING' || state.asking?.symbol !== symbol) {
    // A lock that comes too late must not be kept, unless it is the one we work under.
    const ours = 'symbol' in state && state.symbol === symbol;
    if (event.kind === 'symbol_refused' || ours) return unchanged(state);
    return { state, effects: [{ kind: 'release_symbol', symbol, token: event.token }] };
  }
  if (event.kind === 'symbol_locked') return enter(state, state.asking, event.token, context);
  const next = askNext({ ...state, asking: null }, state.rest, context);
  return { state: next.state, effects: [{ kind: 'record', reason: event.why }, ...next.effects] };
}

/** The broker answered a change. After a refusal the order stands as it was; the next try waits, and is a cancel. */
function changeAnswer(
  state: ActiveState,
  { kind, seq }: Extract<TraderEvent, { kind: 'revised' | 'change_refused' }>,
  context: TraderContext,
): Step<TraderState> {
  if (state.phase !== 'ENTERING' && state.phase !== 'EXITING') return unchanged(state);
  const { order } = state;
  if (order === null || order.seq !== seq || order.pending === null || order.pending === 'unknown')
    return unchanged(state);
  const refusal = {
    revisable: false,
    notBefore: context.now.getTime() + context.rules.exit_retry_sec * 1_000,
  };
  const open: WorkingOrder =
    kind === 'revised'
      ? { ...order, pending: null, asked: null, price: order.asked ?? order.price }
      : { ...order, pending: null, asked: null, ...refusal };
  return unchanged(state.phase === 'ENTERING' ? { ...state, order: open } : { ...state, order: open });
}

/** Out, whatever the stops say: the backstop's or a person's word. */
function flatten(state: ActiveState, reason: TraderReason, context: TraderContext): Step<TraderState> {
  switch (state.phase) {
    case 'IDLE':
    case 'EXITING':
      return unchanged(state);
    case 'SCANNING':
      return toIdle(state, reason);
    case 'ENTERING':
      return cancelEntry({ ...state, leaving: state.leaving ?? reason }, reason);
    case 'HOLDING':
      return startExit(state, state.position, reason, context);
  }
}

function toIdle(state: Extract<ActiveState, { phase: 'SCANNING' }>, reason: TraderReason): Step<TraderState> {
  const { seq, settled } = state;
  return { state: { phase: 'IDLE', seq, settled }, effects: [{ kind: 'record', reason }] };
}

function dayClosed(state: ActiveState, context: TraderContext): Step<TraderState> {
  switch (state.phase) {
    case 'IDLE':
      return unchanged(state);
    case 'SCANNING':
      return toIdle(state, reasonOf('day_closed', {}));
    case 'ENTERING':
      if (!context.rules.flatten_daily) return cancelEntry(state, reasonOf('day_closed', {}));
      return halt(state, reasonOf('entry_open_at_close', { symbol: state.symbol, seq: state.order.seq }));
    case 'HOLDING':
      if (!context.rules.flatten_daily) return unchanged(state);
      return carry(exitOf(state, state.position, reasonOf('flatten_before', {}), context), context);
    case 'EXITING':
      return carry(state, context);
  }
}

/** The remainder is the broker's word. More than we bought is not ours to explain: the trader stops. */
function reconciled(
  state: ActiveState,
  { held }: Extract<TraderEvent, { kind: 'reconciled' }>,
): Step<TraderState> {
  if (state.phase !== 'HOLDING' && (state.phase !== 'EXITING' || state.order !== null))
    return unchanged(state);
  const { quantity } = state.position;
  if (held.equals(quantity)) return unchanged(state);
  if (held.lessThan(quantity)) return soldElsewhere(state, held);
  const params = { symbol: state.symbol, expected: plain(quantity), held: plain(held) };
  return halt(state, reasonOf('position_drift', params));
}

/** News of orders: those of the open one count; a settled one that filled more than it said stops the trader. */
function news(state: ActiveState, event: OrderNews, context: TraderContext): Step<TraderState> {
  if (state.phase === 'ENTERING' && state.order.seq === event.seq)
    return entryNews(state, believable(event, state.order), context);
  if (state.phase === 'EXITING' && state.order !== null && state.order.seq === event.seq)
    return exitNews(state, state.order, believable(event, state.order), context);
  const settled = state.settled.find((order) => order.seq === event.seq);
  if (settled === undefined || event.filled.lessThanOrEqualTo(settled.filled)) return unchanged(state);
  return halt(
    state,
    reasonOf('late_fill', {
      seq: event.seq,
      filled: plain(event.filled),
      known: plain(settled.filled),
    }),
  );
}

/** "Filled" with less than was ordered contradicts itself: what is true has to be found out first. */
function believable(event: OrderNews, order: WorkingOrder): OrderNews {
  return event.status === 'filled' && event.filled.lessThan(order.quantity)
    ? { ...event, status: 'unknown' }
    : event;
}

/** Stops. An open entry is cancelled; an open exit is left to fill, for it only makes the risk smaller. */
function halt(state: ActiveState, reason: TraderReason): Step<Halted> {
  const { seq, settled } = state;
  const alert: TraderEffect = { kind: 'alert', severity: 'critical', reason };
  const stopped = state.phase === 'ENTERING' ? cancelEntry(state, reason) : unchanged(state);
  return {
    state: { phase: 'HALTED', seq, settled, reason, flattening: false, was: stopped.state },
    effects: [...stopped.effects, alert],
  };
}

/** Nothing is traded while nobody trades: the context in which a halted trader hears its news. */
function still(context: TraderContext): TraderContext {
  return { ...context, matching: 'none', accepting: false, stuck: null, flattenFrom: null, quote: null };
}

function stepHalted(state: Halted, event: TraderEvent, context: TraderContext): Step<TraderState> {
  const { was, flattening } = state;
  const seen = flattening ? context : still(context);
  switch (event.kind) {
    case 'order':
      return keep(state, news(was, event, seen));
    case 'reconciled':
      return keep(state, reconciled(was, event));
    case 'change_refused':
    case 'revised':
      return keep(state, changeAnswer(was, event, context));
    case 'tick':
      return flattening ? keep(state, tick(was, context)) : unchanged(state);
    case 'flatten':
      return keep({ ...state, flattening: true }, flatten(was, event.reason, context));
    case 'symbol_locked':
      return 'symbol' in was && was.symbol === event.symbol
        ? unchanged(state)
        : { state, effects: [{ kind: 'release_symbol', symbol: event.symbol, token: event.token }] };
    case 'resume':
      return resume(was);
    case 'day_closed':
      return haltedAtClose(state, context);
    case 'scan_due':
    case 'scanned':
    case 'symbol_refused':
    case 'exit_signal':
    case 'halt':
      return unchanged(state);
  }
}

/** What went on below stays below: only a person's resume ends a halt. */
function keep(state: Halted, next: Step<TraderState>): Step<TraderState> {
  if (next.state.phase === 'HALTED') return next;
  const { seq, settled } = next.state;
  return { state: { ...state, seq, settled, was: next.state }, effects: next.effects };
}

/** Goes on where it stopped; a scan is begun anew. */
function resume(was: ActiveState): Step<TraderState> {
  if (was.phase === 'SCANNING')
    return { state: { phase: 'IDLE', seq: was.seq, settled: was.settled }, effects: [] };
  return unchanged(was);
}

function haltedAtClose(state: Halted, context: TraderContext): Step<TraderState> {
  const { was } = state;
  if (was.phase === 'IDLE' || was.phase === 'SCANNING') return unchanged(state);
  const reason = reasonOf('halted_at_close', { symbol: was.symbol, cause: state.reason.code });
  const alert: TraderEffect = { kind: 'alert', severity: 'critical', reason };
  return {
    state: was.phase === 'EXITING' ? { ...state, was: carry(was, context).state } : state,
    effects: [alert],
  };
}
