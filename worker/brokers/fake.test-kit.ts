import { type Decimal, decimal, least, sum, zero } from '#domain/core/decimal.ts';
import { costsOf, saleTaxRates, usualFees } from '#domain/market/costs.ts';
import { type BrokerKey, type BrokerReport, type Side, brokerKey } from '#domain/orders/broker-order.ts';
import {
  type Broker,
  type BrokerBalance,
  BrokerUnavailable,
  type PlaceRequest,
  type SendAnswer,
} from './port.ts';

/** What becomes of a request: booked and answered, booked with its answer lost, lost before it was booked … */
export type Fate = 'answered' | 'lost_after' | 'lost_before' | 'rejected' | 'not_executed';

interface Held {
  quantity: Decimal;
  cost: Decimal;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Booked = Mutable<BrokerReport> & { clientId: string | null };

/** A broker in memory, for tests of what stands before it. Nothing fills by itself. */
export class FakeBroker implements Broker {
  readonly features = { revises: true, clientIds: false };
  readonly booked: Booked[] = [];
  /** Every request that came in, with the time of this process. */
  readonly requests: { readonly kind: string; readonly clientId: string | null; readonly at: number }[] = [];
  fate: (request: PlaceRequest) => Fate = () => 'answered';
  down = false;
  /** Money that came or went without an order. */
  paid: Decimal = zero;
  /** How long a reply takes, ms. */
  delay = 0;
  private readonly now: () => Date;
  private readonly opening: Decimal;
  private next = 1;

  constructor(options: { readonly now?: () => Date; readonly cash: number }) {
    this.now = options.now ?? (() => new Date());
    this.opening = decimal(options.cash);
  }

  private key(): BrokerKey {
    const number = String(this.next++).padStart(10, '0');
    return brokerKey.parse(`2026-11-20/06010/${number}`);
  }

  private book(
    parts: Pick<BrokerReport, 'symbol' | 'side' | 'quantity' | 'price'> & Partial<Booked>,
  ): Booked {
    const order: Booked = {
      key: this.key(),
      replaces: null,
      role: 'new',
      at: this.now(),
      filled: zero,
      amount: zero,
      cancelled: zero,
      rejected: zero,
      origin: null,
      clientId: null,
      ...parts,
    };
    this.booked.push(order);
    return order;
  }

  private async pause(): Promise<void> {
    if (this.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.delay));
  }

  async place(request: PlaceRequest): Promise<SendAnswer> {
    const { clientId, symbol, side, quantity, price } = request;
    this.requests.push({ kind: 'place', clientId, at: performance.now() });
    const fate = this.fate(request);
    const reason = { code: 'test', params: {} };
    if (fate === 'answered' || fate === 'lost_after') {
      const { key } = this.book({ symbol, side, quantity, price, clientId });
      await this.pause();
      return fate === 'answered' ? { kind: 'accepted', key } : { kind: 'lost', reason };
    }
    await this.pause();
    if (fate === 'rejected') return { kind: 'rejected', reason };
    return fate === 'lost_before' ? { kind: 'lost', reason } : { kind: 'not_executed', reason, again: true };
  }

  async revise({ target, quantity, price }: Parameters<Broker['revise']>[0]): Promise<SendAnswer> {
    this.requests.push({ kind: 'revise', clientId: null, at: performance.now() });
    await this.pause();
    const old = this.booked.find(({ key }) => key === target);
    const left = old === undefined ? zero : this.left(old);
    if (old === undefined || left.isZero())
      return { kind: 'rejected', reason: { code: 'nothing_left', params: {} } };
    const moved = least(left, quantity);
    old.cancelled = old.cancelled.plus(moved);
    const { symbol, side } = old;
    const made = this.book({ symbol, side, quantity: moved, price, role: 'revise', replaces: target });
    return { kind: 'accepted', key: made.key };
  }

  async cancel({ target }: Parameters<Broker['cancel']>[0]): Promise<SendAnswer> {
    this.requests.push({ kind: 'cancel', clientId: null, at: performance.now() });
    await this.pause();
    const old = this.booked.find(({ key }) => key === target);
    const left = old === undefined ? zero : this.left(old);
    if (old === undefined || left.isZero())
      return { kind: 'rejected', reason: { code: 'nothing_left', params: {} } };
    old.cancelled = old.cancelled.plus(left);
    const { symbol, side } = old;
    const made = this.book({ symbol, side, quantity: left, price: null, role: 'cancel', replaces: target });
    return { kind: 'accepted', key: made.key };
  }

  private left(order: Booked): Decimal {
    if (order.role === 'cancel') return zero;
    return order.quantity.minus(sum([order.filled, order.cancelled, order.rejected]));
  }

  /** Fills so much of an order at its price, or at another. */
  fill(key: BrokerKey, quantity: number, at?: number): void {
    const order = this.booked.find((each) => each.key === key);
    if (order === undefined || this.left(order).lt(quantity))
      throw new Error(`${key} has no ${quantity} left.`);
    order.filled = order.filled.plus(quantity);
    order.amount = order.amount.plus(decimal(quantity).times(at ?? order.price ?? 0));
  }

  /** Fills whatever rests. */
  fillAll(): void {
    for (const order of this.booked)
      if (this.left(order).gt(0)) this.fill(order.key, this.left(order).toNumber());
  }

  /** Somebody's order by hand at the same account. */
  manual(parts: {
    symbol: string;
    side: Side;
    quantity: number;
    price: number;
    origin?: 'elsewhere';
  }): BrokerKey {
    const { symbol, side, origin = null } = parts;
    return this.book({ symbol, side, quantity: decimal(parts.quantity), price: decimal(parts.price), origin })
      .key;
  }

  async orders(since: Date): Promise<readonly BrokerReport[]> {
    await this.pause();
    if (this.down) throw new BrokerUnavailable({ code: 'test_down', params: {} });
    return this.booked.filter(({ at }) => at >= since).map((order) => ({ ...order }));
  }

  async balance(): Promise<BrokerBalance> {
    await this.pause();
    if (this.down) throw new BrokerUnavailable({ code: 'test_down', params: {} });
    const held = new Map<string, Held>();
    let cash = this.opening.plus(this.paid);
    for (const { side, symbol, filled, amount } of this.booked) {
      if (filled.isZero()) continue;
      const rates = saleTaxRates('KOSPI', 'stock', '2026-11-24');
      const { fee, tax } = costsOf({ side, amount }, usualFees.KRX, rates);
      const own = held.get(symbol) ?? { quantity: zero, cost: zero };
      if (side === 'buy') {
        own.quantity = own.quantity.plus(filled);
        own.cost = own.cost.plus(amount);
      } else {
        own.cost = own.cost.minus(own.cost.times(filled).div(own.quantity));
        own.quantity = own.quantity.minus(filled);
      }
      held.set(symbol, own);
      cash = (side === 'buy' ? cash.minus(amount) : cash.plus(amount)).minus(fee).minus(tax);
    }
    const holdings = [...held].map(([symbol, { quantity, cost }]) => {
      const selling = sum(
        this.booked
          .filter((each) => each.side === 'sell' && each.symbol === symbol)
          .map((each) => this.left(each)),
      );
      const average = quantity.isZero() ? null : decimal(cost.div(quantity).toDecimalPlaces(4));
      return { symbol, quantity, sellable: quantity.minus(selling), average };
    });
    return { holdings, cash };
  }

  async close(): Promise<void> {
    // Nothing to close.
  }
}
