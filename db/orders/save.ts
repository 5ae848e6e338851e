import { and, eq, sql } from 'drizzle-orm';
import type { ProcessId } from '#domain/core/ids.ts';
import { plain } from '#domain/core/decimal.ts';
import { conflict } from '#domain/core/errors.ts';
import type { Instrument } from '#domain/market/instrument.ts';
import type { BrokerOrder } from '#domain/orders/broker-order.ts';
import type { OrderEffect, OrderEvent, OrderStep } from '#domain/orders/event.ts';
import {
  type Order,
  type OrderReason,
  type OrderState,
  filledAmount,
  filledQuantity,
  isOver,
} from '#domain/orders/order.ts';
import { type AccountTerms, fillDay } from '#db/accounts/terms.ts';
import { raiseAlert } from '#db/alerts/raise.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Transaction } from '#db/core/client.ts';
import { type EntryDraft, type LockedBook, appendEntries } from '#db/ledger/append.ts';
import { type Booked, fillEntries } from '#db/ledger/fills.ts';
import { freeKey } from '#db/locks/idempotency.ts';
import { type OrderRow, type StoredOrder, storedRequest } from './rows.ts';
import { brokerOrders, orderAttempts, orderEvents, orders } from './schema.ts';

/** What fills are booked with. `book` moves on with every entry. */
export interface Money {
  book: LockedBook;
  readonly terms: AccountTerms;
  readonly instrument: Instrument | null;
}

/** What a step needs to be written. */
export interface SaveContext {
  readonly tx: Transaction;
  readonly scope: string;
  /** Scope time. */
  readonly now: Date;
  /** Needed by steps that may bring a fill: locked before the order. */
  readonly money?: Money;
  /** Who sends; needed by `send_started`. */
  readonly sender?: { readonly process: ProcessId; readonly epoch: number };
  /** Written with the step. */
  readonly also?: Partial<Pick<OrderRow, 'wanted' | 'wantedAt' | 'candidates' | 'disowned'>>;
}

type Moved = Extract<OrderStep, { kind: 'moved' }>;
type Details = Readonly<Record<string, string | number | null>>;

function detailsOf(order: Order, event: OrderEvent): Details {
  switch (event.kind) {
    case 'send_started': {
      const { request, attempt } = event;
      const price = request.kind === 'revise' && request.price !== null ? plain(request.price) : null;
      return { attempt, request: request.kind, price };
    }
    case 'accepted':
    case 'rejected':
    case 'not_executed':
    case 'reply_lost':
    case 'proven_absent': {
      const request = order.attempts.find(({ number }) => number === event.attempt)?.request.kind ?? null;
      const key = event.kind === 'accepted' ? { broker_key: event.brokerKey } : {};
      return { attempt: event.attempt, request, ...key };
    }
    case 'reported':
    case 'adopted': {
      const { key, filled, cancelled, rejected, role } = event.report;
      const counts = { filled: plain(filled), cancelled: plain(cancelled), rejected: plain(rejected) };
      return { broker_key: key, role, ...counts };
    }
    case 'recovered':
    case 'dropped':
      return {};
  }
}

/** Writes what a step moved, with its history and effects, in the transaction that locked the order. */
export async function saveStep(
  context: SaveContext,
  stored: StoredOrder,
  event: OrderEvent,
  step: Moved,
): Promise<StoredOrder> {
  const { tx, scope } = context;
  const { order } = step;
  const booked = await bookFills(context, stored, step);
  await saveAttempts(context, stored, order);
  await saveBrokerOrders(context, stored, order, event, booked);
  const row = await saveRow(context, stored, step);
  await noteEvent(context, order.id, row.version, {
    kind: event.kind,
    from: step.from,
    to: order.state,
    details: detailsOf(order, event),
    reason: 'reason' in event ? event.reason : null,
  });
  await carryOut(context, stored, step.effects);
  await writeChanges(tx, [{ topic: 'orders', entity: order.id, scope }]);
  const [attempts, broker] = await Promise.all([
    tx.select().from(orderAttempts).where(eq(orderAttempts.order, order.id)).orderBy(orderAttempts.number),
    tx.select().from(brokerOrders).where(eq(brokerOrders.order, order.id)),
  ]);
  return { row, order, attempts, broker };
}

export interface NotedOrderEvent {
  readonly kind: string;
  readonly from: OrderState | null;
  readonly to: OrderState;
  readonly details: Details;
  readonly reason: OrderReason | null;
}

/** Adds a line to an order's history. */
export async function noteEvent(
  { tx, now }: Pick<SaveContext, 'tx' | 'now'>,
  order: string,
  version: number,
  noted: NotedOrderEvent,
): Promise<void> {
  await tx.insert(orderEvents).values({ order, version, at: now, ...noted });
}

async function bookFills(
  { tx, money, now }: SaveContext,
  stored: StoredOrder,
  { order, effects }: Moved,
): Promise<Map<string, Booked>> {
  const booked = new Map<string, Booked>();
  const drafts: EntryDraft[] = [];
  for (const effect of effects) {
    if (effect.kind !== 'record_fill') continue;
    if (money === undefined) throw new Error(`A fill of ${order.id} came without its book.`);
    const { brokerKey: key } = effect.fill;
    const own = order.brokerOrders.find((each) => each.key === key);
    if (own === undefined) throw new Error(`The fill ${effect.fill.id} is of no broker order.`);
    const filling = fillEntries({
      terms: money.terms,
      instrument: money.instrument,
      order,
      fill: effect.fill,
      amount: own.amount,
      booked: booked.get(key) ?? stored.broker.find((each) => each.key === key)?.booked ?? null,
      tradingDay: fillDay(money.terms, stored.row.tradingDay, now),
      at: now,
    });
    booked.set(key, filling.booked);
    drafts.push(...filling.entries);
  }
  if (money !== undefined) money.book = (await appendEntries(tx, money.book, drafts)).book;
  return booked;
}

async function saveAttempts({ tx, sender }: SaveContext, stored: StoredOrder, order: Order): Promise<void> {
  for (const attempt of order.attempts) {
    const was = stored.order.attempts.find(({ number }) => number === attempt.number);
    if (was === attempt) continue;
    const { number, fingerprint, at, deadline, outcome, closedAt, brokerKey } = attempt;
    if (was === undefined) {
      if (sender === undefined) throw new Error(`A send of ${order.id} came without its sender.`);
      const request = storedRequest(attempt.request);
      await tx.insert(orderAttempts).values({
        order: order.id,
        number,
        request,
        fingerprint,
        at,
        deadline,
        outcome,
        closedAt,
        brokerKey,
        ...sender,
      });
    } else
      await tx
        .update(orderAttempts)
        .set({ outcome, closedAt, brokerKey })
        .where(and(eq(orderAttempts.order, order.id), eq(orderAttempts.number, number)));
  }
}

async function saveBrokerOrders(
  context: SaveContext,
  stored: StoredOrder,
  order: Order,
  event: OrderEvent,
  booked: ReadonlyMap<string, Booked>,
): Promise<void> {
  for (const each of order.brokerOrders) {
    if (stored.order.brokerOrders.includes(each)) continue;
    await saveBrokerOrder(context, order, each, event, booked.get(each.key));
  }
}

/** A broker order belongs to one order for ever; one that nobody owned yet becomes this order's. */
async function saveBrokerOrder(
  { tx, scope, now }: SaveContext,
  order: Order,
  own: BrokerOrder,
  event: OrderEvent,
  booked: Booked | undefined,
): Promise<void> {
  const { account, symbol, side, id } = order;
  const { key, ...parts } = own;
  const at = 'report' in event && event.report.key === key ? event.report.at : now;
  const values = { order: id, ...parts, ...(booked === undefined ? {} : { booked }), seenAt: now };
  const saved = await tx
    .insert(brokerOrders)
    .values({ scope, account, key, symbol, side, at, ...values })
    .onConflictDoUpdate({
      target: [brokerOrders.scope, brokerOrders.account, brokerOrders.key],
      set: values,
      setWhere: sql`${brokerOrders.order} is null or ${brokerOrders.order} = ${id}`,
    })
    .returning({ key: brokerOrders.key });
  if (saved.length === 0)
    throw conflict('broker_order_taken', `${key} belongs to another order of ours.`, { key, order: id });
}

async function saveRow(
  context: SaveContext,
  stored: StoredOrder,
  { order, effects }: Moved,
): Promise<OrderRow> {
  const { tx, now, also } = context;
  const { row } = stored;
  const over = isOver(order);
  const placed = order.brokerOrders.filter(({ role }) => role !== 'cancel').at(-1);
  const released = effects.some(({ kind }) => kind === 'release_key');
  const [saved] = await tx
    .update(orders)
    .set({
      state: order.state,
      reason: order.reason,
      filled: filledQuantity(order),
      amount: filledAmount(order),
      price: placed === undefined ? row.price : placed.price,
      version: row.version + 1,
      updatedAt: now,
      endedAt: over ? (row.endedAt ?? now) : null,
      ...(released ? { keyHeld: false } : {}),
      ...(order.state === 'unknown' ? {} : { candidates: null }),
      ...(over ? { wanted: null, wantedAt: null } : {}),
      ...also,
    })
    .where(and(eq(orders.id, row.id), eq(orders.version, row.version)))
    .returning();
  if (saved === undefined) throw new Error(`The order ${row.id} was changed without its lock.`);
  return saved;
}

async function carryOut(
  { tx, scope, now }: SaveContext,
  { order }: StoredOrder,
  effects: readonly OrderEffect[],
): Promise<void> {
  const { id, account, trader, symbol } = order;
  for (const effect of effects) {
    if (effect.kind === 'release_key') await freeKey(tx, scope, effect.key, id);
    else if (effect.kind === 'alert') {
      const { severity, reason } = effect;
      await raiseAlert(tx, { scope, severity, reason, account, trader, order: id, symbol, now });
    }
  }
}
