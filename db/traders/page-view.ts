import { type Decimal, decimal, plain, zero } from '#domain/core/decimal.ts';
import type { Venue } from '#domain/market/instrument.ts';
import type { ControlMode } from '#domain/risk/check.ts';
import { moved } from '#domain/traders/rules.ts';
import { type ActiveState, type TraderReason, type TraderState, traderState } from '#domain/traders/state.ts';
import type { ReasonView, TraderView } from '#domain/traders/view.ts';
import type { scans, traderTransitions, traders } from './schema.ts';
import { type TraderToday, nothingToday } from './page-today.ts';

export const iso = (at: Date | null) => at?.toISOString() ?? null;

export function reasonView({ code, params }: TraderReason): ReasonView {
  const plainParams = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? [...value] : value,
    ]),
  );
  return { code, params: plainParams };
}

/** A symbol's newest price as its trader may know it. */
export interface LastPrice {
  readonly last: Decimal | null;
  readonly at: Date | null;
}

/** All that one trader's view is made of. */
export interface TraderParts {
  readonly row: typeof traders.$inferSelect;
  readonly venue: Venue;
  readonly currency: string;
  readonly tradingDay: string;
  readonly symbolName: string | null;
  readonly price: LastPrice;
  readonly today: TraderToday | undefined;
  /** Unrealised at the last mark before the day. */
  readonly carried: Decimal;
  readonly control: { readonly mode: ControlMode; readonly flatten: boolean };
  readonly protections: TraderView['protections'];
  readonly scan: typeof scans.$inferSelect | null;
  readonly transition: typeof traderTransitions.$inferSelect | null;
}

interface Held {
  readonly quantity: Decimal;
  readonly average: Decimal;
  readonly openedAt: number | null;
}

function heldIn(state: ActiveState): Held | null {
  if (state.phase === 'HOLDING' || state.phase === 'EXITING') return state.position;
  if (state.phase !== 'ENTERING' || state.average === null || state.order.filled.isZero()) return null;
  return { quantity: state.order.filled, average: state.average, openedAt: null };
}

function positionOf({ row, price }: TraderParts, state: ActiveState): TraderView['position'] {
  const held = heldIn(state);
  if (held === null || held.quantity.isZero()) return null;
  const { quantity, average, openedAt } = held;
  const { stop_loss: stop, take_profit: target } = row.definition.rules;
  const { last } = price;
  return {
    quantity: plain(quantity),
    average: plain(average),
    opened_at: openedAt === null ? null : new Date(openedAt).toISOString(),
    last: last === null ? null : plain(last),
    last_at: iso(price.at),
    unrealised: last === null ? null : plain(last.minus(average).times(quantity).toDecimalPlaces(8)),
    change: last === null ? null : last.div(average).minus(1).toNumber(),
    stop: stop === null ? null : plain(moved(average, -stop)),
    target: target === null ? null : plain(moved(average, target)),
  };
}

function orderOf(state: ActiveState): TraderView['order'] {
  if (state.phase !== 'ENTERING' && state.phase !== 'EXITING') return null;
  const { order } = state;
  if (order === null) return null;
  return {
    seq: order.seq,
    side: state.phase === 'ENTERING' ? 'buy' : 'sell',
    quantity: plain(order.quantity),
    price: plain(order.price),
    filled: plain(order.filled),
    sent_at: new Date(order.sentAt).toISOString(),
    pending: order.pending,
    asked: order.asked === null ? null : plain(order.asked),
    resting: order.resting,
  };
}

function exitOf(state: ActiveState): TraderView['exit'] {
  if (state.phase !== 'EXITING') return null;
  const { reason, startedAt, attempts, carried } = state.exit;
  return {
    reason: reasonView(reason),
    started_at: new Date(startedAt).toISOString(),
    attempts,
    carried_at: carried === null ? null : new Date(carried.at).toISOString(),
  };
}

/** The most frequent of counted reasons, first; ties by code. */
export function passedList(passed: Readonly<Record<string, number>>): { code: string; count: number }[] {
  return Object.entries(passed)
    .map(([code, count]) => ({ code, count }))
    .toSorted((a, b) => b.count - a.count || a.code.localeCompare(b.code, 'en'));
}

function scanOf(scan: TraderParts['scan']): TraderView['last_scan'] {
  if (scan === null) return null;
  const best = scan.candidates.toSorted((a, b) => a.rank - b.rank)[0];
  return {
    at: scan.at.toISOString(),
    looked: scan.looked,
    candidates: scan.candidates.length,
    chosen: scan.candidates.find(({ chosen }) => chosen)?.symbol ?? null,
    best:
      best === undefined
        ? null
        : { symbol: best.symbol, reason: best.reason === null ? null : reasonView(best.reason) },
    passed: passedList(scan.passed)[0] ?? null,
  };
}

export function transitionHead(row: typeof traderTransitions.$inferSelect) {
  return {
    seq: row.seq,
    at: row.at.toISOString(),
    event: row.event,
    from: row.from,
    to: row.to,
    symbol: row.symbol,
    reason: row.reason === null ? null : reasonView(row.reason),
  };
}

function haltedOf(state: TraderState): TraderView['halted'] {
  if (state.phase !== 'HALTED') return null;
  return { reason: reasonView(state.reason), flattening: state.flattening, was: state.was.phase };
}

/** A trader as pages show it. */
export function traderViewOf(parts: TraderParts): TraderView {
  const { row } = parts;
  const state = traderState.parse(row.state);
  const active = state.phase === 'HALTED' ? state.was : state;
  const position = positionOf(parts, active);
  const { gross, costs, buys, sells } = parts.today ?? nothingToday;
  return {
    trader_id: row.id,
    scope: row.scope,
    account: row.account,
    venue: parts.venue,
    currency: parts.currency,
    definition: row.definition,
    version: row.version,
    started: row.started,
    phase: row.phase,
    phase_since: row.phaseSince.toISOString(),
    symbol: row.symbol,
    symbol_name: parts.symbolName,
    position,
    order: orderOf(active),
    exit: exitOf(active),
    halted: haltedOf(state),
    control: parts.control.mode,
    flattening: parts.control.flatten,
    protections: parts.protections,
    today: {
      trading_day: parts.tradingDay,
      realised: plain(gross.minus(costs)),
      unrealised: plain(decimal(position?.unrealised ?? zero)),
      total: plain(
        gross
          .minus(costs)
          .plus(position?.unrealised ?? zero)
          .minus(parts.carried),
      ),
      costs: plain(costs),
      buys,
      sells,
    },
    last_scan: scanOf(parts.scan),
    last_transition: parts.transition === null ? null : transitionHead(parts.transition),
    created_at: row.createdAt.toISOString(),
  };
}
