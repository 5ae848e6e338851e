import { type Decimal, decimal, greatest, least, plain } from '#domain/core/decimal.ts';
import { wholeLots } from '#domain/market/lot.ts';
import { exitPrice } from './exit-price.ts';
import { type TraderCode, reasonOf } from './reasons.ts';
import type { Exiting, Holding, Idle, Position, TraderReason, WorkingOrder } from './state.ts';
import {
  type AlertSeverity,
  type OrderNews,
  type Step,
  type TraderContext,
  type TraderEffect,
} from './step-types.ts';

/** Waits after a reject: doubled by each, so that a broker that refuses everything is asked once a minute. */
const longestWaitSec = 60;

/** Turns to the way out, and takes the first step of it. */
export function startExit(
  from: Pick<Holding, 'seq' | 'settled' | 'symbol' | 'token'>,
  position: Position,
  reason: TraderReason,
  context: TraderContext,
): Step<Exiting | Idle> {
  return pursueExit(exitOf(from, position, reason, context), context);
}

/** A way out before its first step. */
export function exitOf(
  from: Pick<Holding, 'seq' | 'settled' | 'symbol' | 'token'>,
  position: Position,
  reason: TraderReason,
  context: TraderContext,
): Exiting {
  const { seq, settled, symbol, token } = from;
  return {
    phase: 'EXITING',
    seq,
    settled,
    symbol,
    token,
    position,
    order: null,
    exit: {
      reason,
      startedAt: context.now.getTime(),
      reference: context.quote?.last ?? position.average,
      attempts: 0,
      lastPrice: null,
      rejects: 0,
      notBefore: 0,
      alerted: [],
      carried: null,
    },
  };
}

/** One look at an exit: place, chase, or wait. */
export function pursueExit(state: Exiting, context: TraderContext): Step<Exiting | Idle> {
  const { exit, order } = state;
  const { matching, stuck } = context;
  // A halted symbol is not matched either, but an order may rest in its book.
  const unmatched = matching === 'none' || matching === 'fixed_price';
  if (!context.accepting || (unmatched && stuck === null)) return { state, effects: [] };
  if (order !== null) return chase(state, order, context);
  const refusedHere = stuck !== null && exit.alerted.includes('resting_refused');
  const patience = context.now.getTime() < exit.notBefore || exit.alerted.includes('market_closed_today');
  return patience || refusedHere ? { state, effects: [] } : place(state, context);
}

function place(state: Exiting, context: TraderContext): Step<Exiting | Idle> {
  const { position, exit, symbol, token } = state;
  const at = exitPrice(exit, context);
  const whole = wholeLots(position.quantity, context.lot);
  const smallest = context.minOrderValue ?? decimal(0);
  if (whole.isZero() || whole.times(at).lessThan(smallest)) return flat(state, 'dust_left');
  const quantity = wholeLots(least(whole, context.sellable ?? whole), context.lot);
  if (quantity.isZero())
    return raise(state, 'critical', 'exit_nothing_sellable', { held: plain(position.quantity) });
  const seq = state.seq + 1;
  const now = context.now.getTime();
  const placed: Exiting = {
    ...state,
    seq,
    order: newOrder({ seq, quantity, price: at, sentAt: now, resting: waits(context) }),
    exit: { ...exit, attempts: exit.attempts + 1, lastPrice: at },
  };
  const { reason } = exit;
  const order = {
    kind: 'place_order',
    side: 'sell',
    seq,
    symbol,
    token,
    quantity,
    price: at,
    reason,
  } as const;
  const alerted = stuckAlert(placed, context);
  return { state: alerted.state, effects: [order, ...alerted.effects] };
}

/** An order as it is when it is sent. */
export function newOrder(
  sent: Pick<WorkingOrder, 'seq' | 'quantity' | 'price' | 'sentAt' | 'resting'>,
): WorkingOrder {
  return { ...sent, filled: decimal(0), pending: null, asked: null, notBefore: 0, revisable: true };
}

/** An open exit gets a worse price when its time is up; one that rests is moved once, when it starts to. */
function chase(state: Exiting, order: WorkingOrder, context: TraderContext): Step<Exiting> {
  const now = context.now.getTime();
  const rests = waits(context);
  const early = rests ? order.resting : now < order.sentAt + context.rules.exit_retry_sec * 1_000;
  const alerted = stuckAlert(state, context);
  if (order.pending !== null || early || now < order.notBefore) return alerted;
  const { exit } = alerted.state;
  const at = exitPrice({ ...exit, lastPrice: exit.lastPrice ?? order.price }, context);
  const seen: WorkingOrder = { ...order, resting: rests, sentAt: now };
  if (at.equals(order.price)) return { ...alerted, state: { ...alerted.state, order: seen } };
  const { seq } = order;
  const reason = reasonOf('exit_chased', { attempt: exit.attempts + 1, price: plain(at) });
  const change: TraderEffect =
    context.canRevise && order.revisable
      ? { kind: 'revise_order', seq, price: at, reason }
      : { kind: 'cancel_order', seq, reason };
  const next: Exiting =
    change.kind === 'revise_order'
      ? {
          ...alerted.state,
          order: { ...seen, asked: at, pending: 'revise' },
          exit: { ...exit, attempts: exit.attempts + 1, lastPrice: at },
        }
      : { ...alerted.state, order: { ...order, pending: 'cancel' } };
  return { state: next, effects: [change, ...alerted.effects] };
}

/** Whether an order is placed to wait: in an auction or when stuck it is placed once. */
function waits({ matching, stuck }: TraderContext): boolean {
  return matching === 'auction' || stuck !== null;
}

function stuckAlert(state: Exiting, context: TraderContext): Step<Exiting> {
  if (context.stuck === null) return { state, effects: [] };
  return raise(state, 'critical', `exit_${context.stuck}`, { symbol: state.symbol });
}

/** Raises an alert once in the life of an exit. */
export function raise(
  state: Exiting,
  severity: AlertSeverity,
  code: TraderCode,
  params: TraderReason['params'],
): Step<Exiting> {
  if (state.exit.alerted.includes(code)) return { state, effects: [] };
  return {
    state: { ...state, exit: { ...state.exit, alerted: [...state.exit.alerted, code] } },
    effects: [{ kind: 'alert', severity, reason: reasonOf(code, params) }],
  };
}

/** News of the exit's own order. The remainder follows from what filled, never from what was hoped. */
export function exitNews(
  state: Exiting,
  order: WorkingOrder,
  news: OrderNews,
  context: TraderContext,
): Step<Exiting | Idle> {
  const filled = greatest(order.filled, least(news.filled, order.quantity));
  const position = {
    ...state.position,
    quantity: state.position.quantity.minus(filled.minus(order.filled)),
  };
  // A fill proves that the way is open: later rejects count anew.
  const rejects = filled.greaterThan(order.filled) ? 0 : state.exit.rejects;
  const next: Exiting = { ...state, position, exit: { ...state.exit, rejects }, order: { ...order, filled } };
  if (position.quantity.isZero()) return flat(settle(next, order.seq, filled), 'flat');
  switch (news.status) {
    case 'open':
      return { state: { ...next, order: { ...order, filled, pending: known(order.pending) } }, effects: [] };
    case 'unknown':
      return raise(
        { ...next, order: { ...order, filled, pending: 'unknown' } },
        'critical',
        'exit_order_unknown',
        { seq: order.seq },
      );
    case 'filled':
    case 'cancelled':
      return pursueExit(settle(next, order.seq, filled), context);
    case 'rejected':
      return refused(settle(next, order.seq, filled), news, context);
  }
}

/** An order that is seen open again is unknown no more. */
export function known(pending: WorkingOrder['pending']): WorkingOrder['pending'] {
  return pending === 'unknown' ? null : pending;
}

function settle(state: Exiting, seq: number, filled: Decimal): Exiting {
  return { ...state, order: null, settled: [...state.settled, { seq, filled }].slice(-2) };
}

function refused(state: Exiting, news: OrderNews, context: TraderContext): Step<Exiting> {
  const rejects = state.exit.rejects + 1;
  const waitSec = Math.min(context.rules.exit_retry_sec * 2 ** Math.min(rejects - 1, 10), longestWaitSec);
  const stuck = context.stuck === null ? [] : ['resting_refused'];
  const next: Exiting = {
    ...state,
    exit: {
      ...state.exit,
      rejects,
      notBefore: context.now.getTime() + waitSec * 1_000,
      alerted: [...state.exit.alerted, ...stuck],
    },
  };
  if (news.rejection === 'market_closed') {
    const { symbol } = state;
    const told = raise(next, 'critical', 'market_closed_today', { symbol });
    const reason = reasonOf('market_closed_today', { symbol });
    return { state: told.state, effects: [{ kind: 'stop_account_for_day', reason }, ...told.effects] };
  }
  if (rejects < context.rules.max_exit_rejects && context.stuck === null) return { state: next, effects: [] };
  return raise(next, 'critical', 'exit_rejected', { rejects, cause: news.rejection ?? '' });
}

function flat(state: Exiting, code: 'flat' | 'dust_left'): Step<Idle> {
  const { seq, settled, symbol, token, exit, position } = state;
  const left = plain(position.quantity);
  return {
    state: { phase: 'IDLE', seq, settled },
    effects: [
      { kind: 'record', reason: reasonOf(code, { symbol, left, cause: exit.reason.code }) },
      { kind: 'release_symbol', symbol, token },
    ],
  };
}

/** The day closed on a position: it is carried, somebody is called, and the next open sells it. */
export function carry(state: Exiting, context: TraderContext): Step<Exiting> {
  const carried = { at: context.now.getTime(), plan: 'exit_at_open' } as const;
  const { symbol, position } = state;
  return {
    // A new day starts with its own prices and its own patience.
    state: {
      ...state,
      exit: { ...state.exit, carried, attempts: 0, lastPrice: null, rejects: 0, notBefore: 0, alerted: [] },
    },
    effects: [
      {
        kind: 'alert',
        severity: 'critical',
        reason: reasonOf('carried', { symbol, quantity: plain(position.quantity), plan: carried.plan }),
      },
    ],
  };
}
