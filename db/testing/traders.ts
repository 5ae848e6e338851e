import { randomUUID } from 'node:crypto';
import { decimal } from '#domain/core/decimal.ts';
import type { OrderReason } from '#domain/orders/order.ts';
import { traderDefinition } from '#domain/traders/definition.ts';
import { freshTrader, traderState } from '#domain/traders/state.ts';
import { accounts, controls, gateways } from '#db/accounts/schema.ts';
import type { Database } from '#db/core/client.ts';
import { symbolLocks } from '#db/locks/schema.ts';
import { orders } from '#db/orders/schema.ts';
import { Book } from './traders-book.ts';
import {
  type Placed,
  type SeedTrader,
  type StepOfDay,
  type Trade,
  candidatesAt,
  effectOf,
  passedOver,
  reason,
  seededTraders,
  working,
} from './traders-plan.ts';
import {
  type SeedPlan,
  basePrice,
  minute,
  openOf,
  seedMarket,
  seededPrice,
  seededSource,
} from './traders-market.ts';
import { scans, traderTransitions, traders } from '#db/traders/schema.ts';

/** A made-up KRX day of some traders as the engine would have left it, for pages and their tests. */

/** Writes account, market, traders and their day. */
export async function seedTraders(db: Database, plan: SeedPlan): Promise<void> {
  await seedMarket(db, plan);
  const { scope, day, until } = plan;
  const at = new Date(openOf(day) - 30 * minute);
  await db.insert(accounts).values({
    scope,
    id: 'main',
    name: '모의 주계좌',
    broker: plan.broker ?? 'simulated',
    venue: 'KRX',
    calendar: 'XKRX',
    feed: seededSource,
    limits: { position_value: '10000000', positions: 10, entries_per_minute: 30 },
    ready: true,
    createdAt: at,
  });
  await db.insert(gateways).values({ scope, account: 'main' });
  const levels = [
    ['scope', scope],
    ['account', 'main'],
    ...seededTraders.map(({ id }) => ['trader', id] as const),
  ] as const;
  await db
    .insert(controls)
    .values(levels.map(([level, subject]) => ({ scope, level, subject, mode: 'running' as const })))
    .onConflictDoNothing();
  const book = new Book(db, scope, day);
  for (const trader of seededTraders) await new TraderOfDay(db, plan, trader, book).write();
  await book.close(until);
}

/** One trader's day, step by step. Times are minutes since the open. */
class TraderOfDay {
  readonly #db: Database;
  readonly #plan: SeedPlan;
  readonly #trader: SeedTrader;
  readonly #book: Book;
  readonly #steps: StepOfDay[] = [];
  readonly #looks: { at: number; chosen: string | null }[] = [];
  #seq = 0;
  #state: unknown = freshTrader;
  #symbol: string | null = null;

  constructor(db: Database, plan: SeedPlan, trader: SeedTrader, book: Book) {
    this.#db = db;
    this.#plan = plan;
    this.#trader = trader;
    this.#book = book;
  }

  #when(at: number): Date {
    return new Date(openOf(this.#plan.day) + Math.round(at * minute));
  }

  #base() {
    return { seq: this.#seq, settled: [] };
  }

  async write(): Promise<void> {
    const { trades, ends } = this.#trader;
    const { until } = this.#plan;
    let free = 1;
    for (const trade of trades) {
      this.#idle(free, trade.enter);
      const bought = await this.#enter(trade);
      if (bought === null) break;
      const done = await this.#leave(trade, bought);
      if (done === null) break;
      free = Math.ceil(done) + 2;
    }
    if (this.#symbol === null) this.#idle(free, until);
    if (ends === 'SCANNING') {
      this.#state = { phase: 'SCANNING', ...this.#base(), asking: null, rest: [] };
      this.#steps.push({ at: until - 0.02, event: 'scan_due', from: 'IDLE', to: 'SCANNING' });
    }
    if (ends === 'HALTED') this.#halt(until - 12);
    await this.#store();
  }

  /** Looks each three minutes and finds nothing. */
  #idle(from: number, to: number): void {
    if (!this.#trader.started) return;
    const why = reason('no_candidate');
    for (let at = from; at < to - 2; at += 3) {
      this.#looks.push({ at, chosen: null });
      this.#steps.push(
        { at, event: 'scan_due', from: 'IDLE', to: 'SCANNING' },
        {
          at: at + 0.01,
          event: 'scanned',
          from: 'SCANNING',
          to: 'IDLE',
          effects: [{ kind: 'record', reason: why }],
          reason: why,
        },
      );
    }
  }

  #halt(at: number): void {
    const why = reason('position_drift', { symbol: '035420', expected: '0', held: '3' });
    const was = { phase: 'IDLE', ...this.#base() };
    this.#state = { phase: 'HALTED', ...this.#base(), reason: why, flattening: false, was };
    for (const kept of [this.#steps, this.#looks])
      kept.splice(0, kept.length, ...(kept.filter((each) => each.at < at) as never[]));
    this.#steps.push({
      at,
      event: 'reconciled',
      from: 'IDLE',
      to: 'HALTED',
      effects: [{ kind: 'alert', severity: 'critical', reason: why }],
      reason: why,
    });
  }

  async #place(at: number, symbol: string, side: 'buy' | 'sell', cause: OrderReason, open: boolean) {
    this.#seq += 1;
    const price = seededPrice(symbol, Math.floor(at));
    const quantity = Math.floor(3_000_000 / basePrice(symbol));
    const id = randomUUID();
    const { scope, day } = this.#plan;
    await this.#db.insert(orders).values({
      scope,
      id,
      account: 'main',
      trader: this.#trader.id,
      seq: this.#seq,
      symbol,
      side,
      purpose: side === 'buy' ? 'entry' : 'exit',
      quantity: decimal(quantity),
      price: decimal(price),
      key: `${this.#trader.id}-${this.#seq}`,
      fencing: this.#seq,
      state: open ? 'accepted' : 'filled',
      cause,
      filled: decimal(open ? 0 : quantity),
      amount: decimal(open ? 0 : quantity * price),
      tradingDay: day,
      at: this.#when(at),
      updatedAt: this.#when(at + 0.05),
      endedAt: open ? null : this.#when(at + 0.05),
    });
    return { seq: this.#seq, quantity, price, id };
  }

  /** Buys; null while the order is open. */
  async #enter({ symbol, enter, exit }: Trade) {
    const signal = reason('volume_zone_breakout', {
      high: seededPrice(symbol, enter),
      resistance: seededPrice(symbol, enter) - 300,
    });
    const open = exit === null && this.#trader.ends === 'ENTERING';
    this.#looks.push({ at: enter, chosen: symbol });
    const buy = await this.#place(enter + 0.02, symbol, 'buy', signal, open);
    this.#symbol = symbol;
    this.#steps.push(
      { at: enter, event: 'scan_due', from: 'IDLE', to: 'SCANNING' },
      {
        at: enter + 0.01,
        event: 'scanned',
        from: 'SCANNING',
        to: 'SCANNING',
        effects: [{ kind: 'lock_symbol', symbol }],
      },
      {
        at: enter + 0.02,
        event: 'symbol_locked',
        from: 'SCANNING',
        to: 'ENTERING',
        symbol,
        quantity: buy.quantity,
        effects: [effectOf(buy, symbol, 'buy', signal)],
        reason: signal,
      },
    );
    if (open) {
      const order = working(buy, this.#when(enter));
      this.#state = {
        phase: 'ENTERING',
        ...this.#base(),
        symbol,
        token: 1,
        order,
        average: null,
        leaving: null,
      };
      return null;
    }
    this.#steps.push({
      at: enter + 0.07,
      event: 'order',
      from: 'ENTERING',
      to: 'HOLDING',
      symbol,
      quantity: buy.quantity,
      details: { kind: 'order', seq: buy.seq, status: 'filled', filled: String(buy.quantity) },
    });
    this.#book.filled({
      at: this.#when(enter + 0.06),
      trader: this.#trader.id,
      order: buy.id,
      symbol,
      side: 'buy',
      quantity: buy.quantity,
      price: buy.price,
    });
    return buy;
  }

  /** Sells; answers when, null while the position or the order is open. */
  async #leave({ symbol, enter, exit, why: code, retries = 0 }: Trade, buy: Placed): Promise<number | null> {
    const openedAt = this.#when(enter + 0.07).getTime();
    const position = { quantity: String(buy.quantity), average: String(buy.price), openedAt };
    if (exit === null && this.#trader.ends === 'HOLDING') {
      this.#state = { phase: 'HOLDING', ...this.#base(), symbol, token: 1, position };
      return null;
    }
    const at = exit ?? this.#plan.until - 0.4;
    const seen = seededPrice(symbol, Math.floor(at));
    const why = reason(code, {
      symbol,
      entry: buy.price,
      price: seen,
      change_pct: ((seen / buy.price - 1) * 100).toFixed(2),
      limit_pct: code === 'take_profit' ? '5' : '-3',
      bars: 1,
    });
    const sell = await this.#place(at, symbol, 'sell', why, exit === null);
    this.#steps.push({
      at,
      event: 'tick',
      from: 'HOLDING',
      to: 'EXITING',
      symbol,
      quantity: sell.quantity,
      effects: [effectOf(sell, symbol, 'sell', why)],
      reason: why,
    });
    const last = this.#chase(at, symbol, sell, retries);
    if (exit === null) {
      const startedAt = this.#when(at).getTime();
      const order = working(sell, this.#when(at));
      const asked = { reference: String(sell.price), attempts: 2, lastPrice: String(sell.price), rejects: 0 };
      const progress = { reason: why, startedAt, ...asked, notBefore: 0, alerted: [], carried: null };
      this.#state = { phase: 'EXITING', ...this.#base(), symbol, token: 1, position, exit: progress, order };
      return null;
    }
    const done = at + 0.05 + 0.09 * retries;
    this.#steps.push({
      at: done,
      event: 'order',
      from: 'EXITING',
      to: 'IDLE',
      symbol,
      quantity: sell.quantity,
      effects: [{ kind: 'record', reason: reason('flat', { symbol, cause: '' }) }],
      reason: reason('flat', { symbol, cause: '' }),
      details: { kind: 'order', seq: sell.seq, status: 'filled', filled: String(sell.quantity) },
    });
    const { id: order, quantity } = sell;
    this.#book.filled({
      at: this.#when(done),
      trader: this.#trader.id,
      order,
      symbol,
      side: 'sell',
      quantity,
      price: last,
    });
    this.#symbol = null;
    this.#state = { phase: 'IDLE', ...this.#base() };
    return done;
  }

  /** Lower prices, one after the other; answers the last. */
  #chase(at: number, symbol: string, { seq, price }: Placed, retries: number): number {
    let asked = price;
    for (let attempt = 1; attempt <= retries; attempt += 1) {
      asked -= 50;
      const chased = reason('exit_chased', { symbol, price: asked, attempt: attempt + 1 });
      this.#steps.push({
        at: at + 0.09 * attempt,
        event: 'tick',
        from: 'EXITING',
        to: 'EXITING',
        symbol,
        effects: [{ kind: 'revise_order', seq, price: String(asked), reason: chased }],
        reason: chased,
      });
    }
    return asked;
  }

  /** The symbol of what it holds: without it a live worker would halt the trader. */
  async #hold(): Promise<void> {
    const state = traderState.parse(this.#state);
    if (!('token' in state)) return;
    const now = new Date();
    await this.#db.insert(symbolLocks).values({
      scope: this.#plan.scope,
      symbol: state.symbol,
      trader: this.#trader.id,
      fencing: state.token,
      since: now,
      heartbeatAt: now,
      until: new Date(now.getTime() + 60_000),
      hasPosition: 'position' in state,
    });
  }

  async #store(): Promise<void> {
    const { scope, day } = this.#plan;
    const { id, name, strategy, started, ends } = this.#trader;
    const ordered = this.#steps.toSorted((a, b) => a.at - b.at);
    const last = ordered.at(-1);
    const look = this.#looks.at(-1);
    await this.#db.insert(traders).values({
      scope,
      id,
      account: 'main',
      // Nothing is asked of it at the close: a live worker leaves the day as it is.
      definition: traderDefinition.parse({
        name,
        strategy,
        rules: { capital_per_position: '3000000', flatten_daily: false },
      }),
      started,
      phase: ends,
      state: this.#state,
      stateVersion: ordered.length,
      phaseSince: this.#when(last?.at ?? -30),
      symbol: this.#symbol,
      lastScanAt: look === undefined ? null : this.#when(look.at),
      createdAt: this.#when(-30),
    });
    await this.#hold();
    const rows = ordered.map((each, index) => ({
      scope,
      trader: id,
      seq: index + 1,
      at: this.#when(each.at),
      tradingDay: day,
      event: each.event,
      details: each.details ?? { kind: each.event },
      from: each.from,
      to: each.to,
      symbol: each.symbol ?? null,
      price: each.symbol === undefined ? null : decimal(seededPrice(each.symbol, Math.floor(each.at))),
      quantity: each.quantity === undefined ? null : decimal(each.quantity),
      effects: each.effects ?? [],
      reason: each.reason ?? null,
    }));
    if (rows.length > 0) await this.#db.insert(traderTransitions).values(rows);
    const found = this.#looks.map(({ at, chosen }) => ({
      scope,
      trader: id,
      at: this.#when(at),
      tradingDay: day,
      looked: 2_389,
      passed: passedOver,
      candidates: candidatesAt(Math.floor(at), chosen),
      tookMs: 1.8,
    }));
    if (found.length > 0) await this.#db.insert(scans).values(found);
  }
}
