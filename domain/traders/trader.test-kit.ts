import { decimal, greatest } from '#domain/core/decimal.ts';
import { type Price, type Quantity, price, quantity } from '#domain/market/money.ts';
import { krxTicks } from '#domain/market/ticks.ts';
import { traderRules } from './rules.ts';
import { type TraderState, type WorkingOrder, freshTrader, isLegalMove, traderState } from './state.ts';
import { step } from './step.ts';
import { type OrderNews, type TraderContext, type TraderEffect, type TraderEvent } from './step-types.ts';

/** A day in seconds: continuous from 0, T−Δ at 400, closing auction from 500, closed at 600. */
export const day = { flatten: 400, auction: 500, close: 600 } as const;
export const epoch = Date.UTC(2026, 10, 23);

export function contextAt(second: number, last: number, over: Partial<TraderContext> = {}): TraderContext {
  const at = price(last);
  return {
    now: new Date(epoch + second * 1_000),
    rules: traderRules.parse({ capital_per_position: '7000000' }),
    flattenFrom: new Date(epoch + day.flatten * 1_000),
    entriesBlocked: null,
    matching: second < day.auction ? 'continuous' : second < day.close ? 'auction' : 'none',
    accepting: second < day.close,
    stuck: null,
    lastChance: second >= day.auction,
    canRevise: true,
    ticks: krxTicks('KOSPI', 'stock', '2026-11-23'),
    limits: { lower: price(49_000), upper: price(91_000) },
    lot: decimal(1),
    minOrderValue: null,
    quote: { last: at, bid: at, ask: at },
    sellable: null,
    ...over,
  };
}

export const choice = {
  symbol: '005930',
  confidence: 0.8,
  reason: { code: 'volume_zone_breakout', params: {} },
};

interface BrokerOrder {
  readonly side: 'buy' | 'sell';
  readonly quantity: Quantity;
  filled: Quantity;
  price: Price;
  status: OrderNews['status'];
  rejection: string | null;
  ask: 'cancel' | 'revise' | null;
}

/** A broker with its own books, which asserts what must never reach it. */
export class Desk {
  state: TraderState = freshTrader;
  held = decimal(0);
  second = 0;
  last = 70_000;
  over: Partial<TraderContext> = {};
  readonly orders = new Map<number, BrokerOrder>();
  readonly effects: TraderEffect[] = [];
  readonly told: OrderNews[] = [];
  readonly locks = new Set<string>();
  readonly faults: string[] = [];
  #exitPrice: Price | null = null;

  context(): TraderContext {
    const fixed = contextAt(this.second, this.last);
    // A halt in session shows as no matching; after the close nothing opens the market again.
    const over = this.second < day.close ? this.over : {};
    return { ...fixed, ...over };
  }

  send(event: TraderEvent): readonly TraderEffect[] {
    const before = this.state;
    const after = step(before, event, this.context());
    this.state = after.state;
    if (!isLegalMove(before.phase, after.state.phase))
      this.faults.push(`${before.phase} -> ${after.state.phase} on ${event.kind}`);
    const stored = traderState.parse(JSON.parse(JSON.stringify(after.state)));
    if (canonical(stored) !== canonical(after.state)) this.faults.push('state does not survive storage');
    const [was, is] = [orderOf(before), orderOf(after.state)];
    if (was?.seq === is?.seq && was !== null && is?.filled.lessThan(was.filled) === true)
      this.faults.push('a fill is forgotten');
    for (const effect of after.effects) this.#carryOut(effect, before);
    if (exitOver(before, after.state)) this.#exitPrice = null;
    if (after.state.phase === 'IDLE' && this.locks.size > 0) this.faults.push('idle with a lock');
    return after.effects;
  }

  open(): [number, BrokerOrder] | undefined {
    return [...this.orders].find(([, order]) => order.status === 'open');
  }

  fill(share: number): void {
    const found = this.open();
    if (found === undefined) return;
    const [, order] = found;
    const left = order.quantity.minus(order.filled);
    const filled = greatest(decimal(1), left.times(decimal(String(share))).floor());
    order.filled = order.filled.plus(filled);
    this.held = order.side === 'buy' ? this.held.plus(filled) : this.held.minus(filled);
    if (order.filled.equals(order.quantity)) order.status = 'filled';
  }

  report(status?: 'unknown'): void {
    const latest = [...this.orders].at(-1);
    if (latest === undefined) return;
    const [seq, order] = latest;
    const news: OrderNews = {
      kind: 'order',
      seq,
      status: order.status === 'open' && status !== undefined ? status : order.status,
      filled: order.filled,
      averagePrice: order.filled.isZero() ? null : order.price,
      rejection: order.rejection,
    };
    this.told.push(news);
    this.send(news);
  }

  answer(yes: boolean): void {
    const found = this.open();
    if (found === undefined || found[1].ask === null) return;
    const [seq, order] = found;
    const asked = order.ask;
    order.ask = null;
    if (!yes) this.send({ kind: 'change_refused', seq });
    else if (asked === 'revise') this.send({ kind: 'revised', seq });
    else {
      order.status = 'cancelled';
      this.report();
    }
  }

  reject(rejection: string): void {
    const found = this.open();
    if (found === undefined) return;
    found[1].status = 'rejected';
    found[1].rejection = rejection;
    this.report();
  }

  #carryOut(effect: TraderEffect, before: TraderState): void {
    this.effects.push(effect);
    switch (effect.kind) {
      case 'lock_symbol':
        break;
      case 'release_symbol':
        this.locks.delete(effect.symbol);
        break;
      case 'place_order':
        this.#place(effect, before);
        break;
      case 'cancel_order':
      case 'revise_order': {
        const order = this.orders.get(effect.seq);
        if (order === undefined) this.faults.push('a change of no order');
        else order.ask = effect.kind === 'cancel_order' ? 'cancel' : 'revise';
        if (effect.kind === 'revise_order') this.#sellAt(effect.price);
        break;
      }
      case 'alert':
      case 'stop_account_for_day':
      case 'record':
        break;
    }
  }

  #place(effect: Extract<TraderEffect, { kind: 'place_order' }>, before: TraderState): void {
    if (this.open() !== undefined) this.faults.push('two open orders');
    if (this.orders.has(effect.seq)) this.faults.push('one key twice');
    if (!this.locks.has(effect.symbol)) this.faults.push('an order without the lock');
    if (effect.side === 'buy') {
      if (before.phase !== 'SCANNING') this.faults.push(`an entry from ${before.phase}`);
      if (!this.held.isZero()) this.faults.push('an entry while something is held');
      if (this.second >= day.flatten) this.faults.push('an entry after T−Δ');
      if (this.over.entriesBlocked !== undefined && this.over.entriesBlocked !== null)
        this.faults.push('an entry while blocked');
    } else {
      if (effect.quantity.greaterThan(this.held)) this.faults.push('sells more than held');
      this.#sellAt(effect.price);
    }
    if (this.second >= day.close) this.faults.push('an order after the close');
    this.orders.set(effect.seq, {
      side: effect.side,
      quantity: effect.quantity,
      filled: quantity(0),
      price: effect.price,
      status: 'open',
      rejection: null,
      ask: null,
    });
  }

  #sellAt(at: Price): void {
    if (this.#exitPrice !== null && at.greaterThan(this.#exitPrice)) this.faults.push('a better exit price');
    this.#exitPrice = at;
  }
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

function orderOf(state: TraderState): WorkingOrder | null {
  const work = state.phase === 'HALTED' ? state.was : state;
  return 'order' in work ? work.order : null;
}

function workOf(state: TraderState): TraderState['phase'] {
  return state.phase === 'HALTED' ? state.was.phase : state.phase;
}

function exitOver(before: TraderState, after: TraderState): boolean {
  return workOf(before) === 'EXITING' && workOf(after) !== 'EXITING';
}
