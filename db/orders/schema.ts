import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { ProcessId } from '#domain/core/ids.ts';
import type { BrokerKey, BrokerRole, Side } from '#domain/orders/broker-order.ts';
import type { AttemptOutcome, OrderReason, OrderState, Purpose } from '#domain/orders/order.ts';
import { exact, instant } from '#db/core/schema.ts';

/** A change that was asked for and is not sent yet. Prices as text. */
export type WantedChange =
  | { readonly kind: 'cancel'; readonly reason: OrderReason }
  | { readonly kind: 'revise'; readonly price: string; readonly reason: OrderReason };

/** What a send asked, amounts as text (`SendRequest` of domain/orders). */
export type StoredRequest =
  | { readonly kind: 'new' }
  | {
      readonly kind: 'revise';
      readonly target: string;
      readonly quantity: string;
      readonly price: string | null;
    }
  | { readonly kind: 'cancel'; readonly target: string };

export const orders = pgTable(
  'orders',
  {
    scope: text().notNull(),
    id: uuid().primaryKey(),
    account: text().notNull(),
    trader: text().notNull(),
    /** Which of its trader's orders. */
    seq: integer().notNull(),
    symbol: text().notNull(),
    side: text().$type<Side>().notNull(),
    purpose: text().$type<Purpose>().notNull(),
    /** Part of a flatten: a stop does not hold it back. */
    flatten: boolean().notNull().default(false),
    quantity: exact().notNull(),
    /** Limit; null at the market's price. The one it has now: a revision changes it. */
    price: exact(),
    key: text().notNull(),
    /** False once the key is free again: nothing came of the order and nothing can. */
    keyHeld: boolean('key_held').notNull().default(true),
    fencing: bigint({ mode: 'number' }).notNull(),
    state: text().$type<OrderState>().notNull(),
    /** Why it was placed. */
    cause: jsonb().$type<OrderReason>().notNull(),
    /** Why it is where it is. */
    reason: jsonb().$type<OrderReason>(),
    filled: exact().notNull(),
    /** Sum of price x quantity of its fills. */
    amount: exact().notNull(),
    wanted: jsonb().$type<WantedChange>(),
    /** Not before this (scope time) is a change sent. */
    wantedAt: instant('wanted_at'),
    /** Of an unknown one that cannot be resolved by rule: the broker orders that it may be. */
    candidates: jsonb().$type<readonly BrokerKey[]>(),
    /** Broker orders that a person said are not this one. */
    disowned: jsonb().$type<readonly BrokerKey[]>().notNull().default([]),
    tradingDay: date('trading_day', { mode: 'string' }).notNull(),
    /** Rises with every change. */
    version: integer().notNull().default(1),
    /** The newest version that its trader has heard of. */
    toldVersion: integer('told_version').notNull().default(0),
    /** Scope times. */
    at: instant('at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    endedAt: instant('ended_at'),
    recordedAt: instant('recorded_at').defaultNow().notNull(),
  },
  (table) => [
    uniqueIndex('orders_key')
      .on(table.scope, table.account, table.key)
      .where(sql`${table.keyHeld}`),
    uniqueIndex('orders_seq').on(table.scope, table.trader, table.seq),
    // At most one open exit per trader, whatever the code above it believes.
    uniqueIndex('orders_one_exit')
      .on(table.scope, table.trader)
      .where(sql`${table.purpose} = 'exit' and ${table.state} not in ('filled', 'cancelled', 'rejected')`),
    index('orders_open')
      .on(table.scope, table.account)
      .where(sql`${table.state} not in ('filled', 'cancelled', 'rejected')`),
    index('orders_untold')
      .on(table.scope)
      .where(sql`${table.toldVersion} < ${table.version}`),
    index('orders_by_day').on(table.scope, table.tradingDay, table.id),
  ],
);

/** Each try to send something of an order, written before the first byte. */
export const orderAttempts = pgTable(
  'order_attempts',
  {
    order: uuid('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    number: integer().notNull(),
    request: jsonb().$type<StoredRequest>().notNull(),
    fingerprint: text().notNull(),
    at: instant('at').notNull(),
    deadline: instant('deadline').notNull(),
    outcome: text().$type<AttemptOutcome>().notNull(),
    closedAt: instant('closed_at'),
    brokerKey: text('broker_key').$type<BrokerKey>(),
    /** Who sent, under which epoch of the gateway. */
    process: uuid().$type<ProcessId>().notNull(),
    epoch: bigint({ mode: 'number' }).notNull(),
    recordedAt: instant('recorded_at').defaultNow().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.order, table.number] }),
    index('order_attempts_open')
      .on(table.order)
      .where(sql`${table.closedAt} is null`),
  ],
);

/** What the broker has, with the most that was ever reported of it. Without an order of ours it is external. */
export const brokerOrders = pgTable(
  'broker_orders',
  {
    scope: text().notNull(),
    account: text().notNull(),
    key: text().$type<BrokerKey>().notNull(),
    order: uuid('order_id').references(() => orders.id),
    replaces: text().$type<BrokerKey>(),
    role: text().$type<BrokerRole>().notNull(),
    symbol: text().notNull(),
    side: text().$type<Side>().notNull(),
    quantity: exact().notNull(),
    price: exact(),
    /** When the broker took it. */
    at: instant('at').notNull(),
    filled: exact().notNull(),
    amount: exact().notNull(),
    cancelled: exact().notNull(),
    rejected: exact().notNull(),
    /** Fees and taxes that our ledger has booked for it, so that they can be counted on whole orders. */
    booked: jsonb().$type<{ readonly fee: string; readonly tax: string }>(),
    seenAt: instant('seen_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.account, table.key] }),
    index('broker_orders_order').on(table.order),
  ],
);

/** The history of an order: every event that moved it. */
export const orderEvents = pgTable(
  'order_events',
  {
    order: uuid('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    /** The order's version after it. */
    version: integer().notNull(),
    kind: text().notNull(),
    from: text().$type<OrderState>(),
    to: text().$type<OrderState>().notNull(),
    details: jsonb().$type<Readonly<Record<string, string | number | null>>>().notNull(),
    reason: jsonb().$type<OrderReason>(),
    at: instant('at').notNull(),
    recordedAt: instant('recorded_at').defaultNow().notNull(),
  },
  (table) => [primaryKey({ columns: [table.order, table.version] })],
);
