import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { type Decimal, decimal, plain, zero } from '#domain/core/decimal.ts';
import { notFound } from '#domain/core/errors.ts';
import { type BrokerKey, type Side, brokerKey } from '#domain/orders/broker-order.ts';
import type { OrderReason } from '#domain/orders/order.ts';
import { orderRefusal } from '#domain/simulation/checks.ts';
import { faultOf } from '#domain/simulation/faults.ts';
import { meetAtOnce } from '#domain/simulation/orders.ts';
import { costsSoFar, paperHolding } from '#domain/simulation/paper-account.ts';
import { ticksFor } from '#domain/simulation/symbol.ts';
import type { Database } from '#db/core/client.ts';
import {
  type Books,
  type OrderRow,
  bookExecutions,
  contractOf,
  readBooks,
  remainingOf,
  reservedOf,
  workingOrder,
  writeOrder,
} from './book.ts';
import { type HeldMarket, inMarket } from './hold.ts';
import { simulatedOrders, simulatedRequests } from './schema.ts';

/** What a sender asks. */
export type SimulatedSend =
  | {
      readonly action: 'place';
      readonly clientId: string | null;
      readonly symbol: string;
      readonly side: Side;
      readonly quantity: Decimal;
      readonly price: Decimal | null;
    }
  | {
      readonly action: 'revise';
      readonly target: BrokerKey;
      readonly symbol: string;
      readonly quantity: Decimal;
      readonly price: Decimal | null;
    }
  | { readonly action: 'cancel'; readonly target: BrokerKey; readonly symbol: string };

export interface SendOptions {
  /** As the sender names this try: kept with the request. */
  readonly attempt?: string | null;
  /** Somebody's order by hand: no fault meets it, and it is nobody's of ours. */
  readonly manual?: boolean;
}

/** What the sender is told; `lost`: nothing, whether it was booked or not. */
export type SimulatedAnswer =
  | { readonly kind: 'accepted'; readonly key: BrokerKey }
  | { readonly kind: 'rejected'; readonly reason: OrderReason }
  | { readonly kind: 'not_executed'; readonly reason: OrderReason; readonly again: boolean }
  | { readonly kind: 'lost'; readonly reason: OrderReason };

type Booked = Extract<SimulatedAnswer, { kind: 'accepted' | 'rejected' }>;
const refused = (reason: OrderReason): Booked => ({ kind: 'rejected', reason });
const bare = (code: string): OrderReason => ({ code, params: {} });

/**
 * Sends something to the simulated broker: one transaction, in which the market reaches the scope's time, the order is
 * booked, meets what it meets at once, and the request is written down.
 * @throws Problem 404 for a scope without a market or an account without books.
 */
export async function sendSimulated(
  db: Database,
  scope: string,
  account: string,
  send: SimulatedSend,
  options: SendOptions = {},
): Promise<SimulatedAnswer> {
  return inMarket(db, scope, async (market) => {
    const books = await readBooks(market.tx, scope, account);
    if (books === null) throw notFound('simulated_account', account);
    const { answer, key } = await answered(market, books, send, options.manual === true);
    await market.tx.insert(simulatedRequests).values({
      scope,
      account,
      action: send.action,
      clientId: send.action === 'place' ? send.clientId : null,
      attempt: options.attempt ?? null,
      request: requestText(send),
      answer: answer.kind,
      key,
      at: market.now,
    });
    return answer;
  });
}

function requestText(send: SimulatedSend): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(send).map(([name, value]) => [
      name,
      value === null || typeof value === 'string' ? value : plain(value),
    ]),
  );
}

async function answered(
  market: HeldMarket,
  books: Books,
  send: SimulatedSend,
  manual: boolean,
): Promise<{ readonly answer: SimulatedAnswer; readonly key: BrokerKey | null }> {
  const { row, world } = market;
  row.requests += 1;
  const side = send.action === 'place' ? send.side : null;
  const { fault, left } = manual
    ? { fault: null, left: world.config.faults }
    : faultOf(world.config.faults, world.seed, row.requests, {
        action: send.action,
        symbol: send.symbol,
        side,
      });
  if (left !== world.config.faults) {
    row.config = { ...world.config, faults: left };
    row.token = randomUUID();
  }
  switch (fault?.kind) {
    case 'lost_before':
      return { answer: { kind: 'lost', reason: bare('broker_no_reply') }, key: null };
    case 'server_error':
      return { answer: { kind: 'lost', reason: bare('broker_error') }, key: null };
    case 'reject':
      return { answer: refused(bare(fault.code ?? 'broker_refused')), key: null };
    case 'not_executed':
      return { answer: { kind: 'not_executed', reason: bare('broker_busy'), again: true }, key: null };
    case 'lost_after':
    case 'server_error_after':
    case undefined:
  }
  const answer = await booked(market, books, send, manual);
  const key = answer.kind === 'accepted' ? answer.key : null;
  if (fault === null) return { answer, key };
  const reason = bare(fault.kind === 'lost_after' ? 'broker_no_reply' : 'broker_error');
  return { answer: { kind: 'lost', reason }, key };
}

function booked(market: HeldMarket, books: Books, send: SimulatedSend, manual: boolean): Promise<Booked> {
  switch (send.action) {
    case 'place':
      return place(market, books, send, manual);
    case 'revise':
      return revise(market, books, send, manual);
    case 'cancel':
      return cancel(market, books, send, manual);
  }
}

function freshOrder(
  market: HeldMarket,
  books: Books,
  parts: Pick<
    OrderRow,
    'clientId' | 'manual' | 'role' | 'replaces' | 'symbol' | 'side' | 'quantity' | 'price'
  >,
): OrderRow {
  const { row, now, day, world } = market;
  const number = row.nextNumber;
  row.nextNumber += 1;
  const tradingDay = day?.date ?? now.toISOString().slice(0, 10);
  return {
    scope: market.scope,
    account: books.row.account,
    key: brokerKey.parse(`${tradingDay}/SIM/${String(number).padStart(10, '0')}`),
    number,
    ...parts,
    at: now,
    fillableFrom: new Date(now.getTime() + world.config.faults.fill_delay_ms),
    filled: zero,
    amount: zero,
    cancelled: zero,
    cancelledAt: null,
    fee: zero,
    tax: zero,
    open: parts.role !== 'cancel',
    tradingDay,
  };
}

/** Takes an order in and meets it with what stands in the book. */
async function take(market: HeldMarket, order: OrderRow): Promise<Booked> {
  const { tx, world, scope, phase, now } = market;
  await tx.insert(simulatedOrders).values(order);
  const { state } = symbolOf(market, order.symbol);
  if (order.open && state !== undefined) {
    const executions = meetAtOnce(state, workingOrder(order), now.getTime(), phase, world.config);
    await bookExecutions(tx, world, scope, [order], executions, []);
  }
  return { kind: 'accepted', key: order.key };
}

function symbolOf({ world, states }: HeldMarket, name: string) {
  const index = world.symbols.findIndex(({ symbol }) => symbol === name);
  return { symbol: world.symbols[index], state: states[index] };
}

/** What is checked of an order. @param released what the order that it replaces gives back. */
async function checkOf(
  market: HeldMarket,
  books: Books,
  order: { symbol: string; side: Side; quantity: Decimal; price: Decimal | null },
  released: OrderRow | null,
): Promise<OrderReason | null> {
  const { world, states, day, phase, tx } = market;
  const { symbol, state } = symbolOf(market, order.symbol);
  if (symbol === undefined || state === undefined)
    return { code: 'instrument_unknown', params: { symbol: order.symbol } };
  const tradingDay = day?.date ?? '';
  const upperOf = (name: string) =>
    decimal(states[world.symbols.findIndex((each) => each.symbol === name)]?.upper ?? 0);
  const reserved = await reservedOf(tx, world, books, upperOf, tradingDay);
  const contract = contractOf(books.row, tradingDay);
  const reserve = (quantity: Decimal, at: Decimal | null) => {
    const amount = quantity.times(at ?? upperOf(order.symbol));
    return amount.plus(costsSoFar('buy', amount, contract, null).fee);
  };
  const given =
    released === null || released.side === 'sell' ? zero : reserve(order.quantity, released.price);
  const offered = reserved.shares.get(order.symbol) ?? zero;
  const back = released?.side === 'sell' ? order.quantity : zero;
  return orderRefusal(order, {
    state,
    ticks: ticksFor(symbol, tradingDay === '' ? '2026-01-01' : tradingDay),
    phase,
    fund: symbol.kind !== 'stock',
    config: world.config,
    cash: books.paper.cash.minus(reserved.cash).plus(given),
    needed: reserve(order.quantity, order.price),
    sellable: paperHolding(books.paper, order.symbol).quantity.minus(offered).plus(back),
  });
}

async function place(
  market: HeldMarket,
  books: Books,
  send: Extract<SimulatedSend, { action: 'place' }>,
  manual: boolean,
): Promise<Booked> {
  const reason = await checkOf(market, books, send, null);
  if (reason !== null) return refused(reason);
  const { clientId, symbol, side, quantity, price } = send;
  const parts = { clientId, manual, role: 'new', replaces: null, symbol, side, quantity, price } as const;
  return take(market, freshOrder(market, books, parts));
}

async function targetOf(market: HeldMarket, books: Books, key: BrokerKey): Promise<OrderRow | OrderReason> {
  const { scope, account } = books.row;
  const [order] = await market.tx
    .select()
    .from(simulatedOrders)
    .where(
      and(
        eq(simulatedOrders.scope, scope),
        eq(simulatedOrders.account, account),
        eq(simulatedOrders.key, key),
      ),
    );
  if (order === undefined) return { code: 'broker_order_unknown', params: { key } };
  return order.open ? order : { code: 'broker_order_ended', params: { key } };
}

/** Moves what is left of an order, or a part of it, to a new number at another price; what was filled stays. */
async function revise(
  market: HeldMarket,
  books: Books,
  send: Extract<SimulatedSend, { action: 'revise' }>,
  manual: boolean,
): Promise<Booked> {
  if (!market.world.config.revises) return refused(bare('revise_not_offered'));
  const target = await targetOf(market, books, send.target);
  if ('code' in target) return refused(target);
  const { symbol, side, clientId } = target;
  const { quantity, price } = send;
  const open = remainingOf(target);
  if (quantity.gt(open)) return refused({ code: 'revise_quantity', params: { open: plain(open) } });
  const reason = await checkOf(market, books, { symbol, side, quantity, price }, target);
  if (reason !== null) return refused(reason);
  await reduce(market, target, quantity);
  const replaces = target.key;
  const parts = { clientId, manual, role: 'revise', replaces, symbol, side, quantity, price } as const;
  return take(market, freshOrder(market, books, parts));
}

async function cancel(
  market: HeldMarket,
  books: Books,
  send: Extract<SimulatedSend, { action: 'cancel' }>,
  manual: boolean,
): Promise<Booked> {
  const target = await targetOf(market, books, send.target);
  if ('code' in target) return refused(target);
  const { symbol, side, clientId } = target;
  const quantity = remainingOf(target);
  await reduce(market, target, quantity);
  const replaces = target.key;
  const parts = { clientId, manual, role: 'cancel', replaces, symbol, side, quantity, price: null } as const;
  return take(market, freshOrder(market, books, parts));
}

async function reduce(market: HeldMarket, order: OrderRow, quantity: Decimal): Promise<void> {
  order.cancelled = order.cancelled.plus(quantity);
  order.cancelledAt = market.now;
  order.open = remainingOf(order).gt(0);
  await writeOrder(market.tx, order);
}
