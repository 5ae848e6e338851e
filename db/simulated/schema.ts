import {
  bigint,
  boolean,
  date,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import type { z } from 'zod';
import type { feeContract } from '#domain/market/costs.ts';
import type { BrokerKey, BrokerRole, Side } from '#domain/orders/broker-order.ts';
import type { MarketConfig, SimulatedSymbol } from '#domain/simulation/config.ts';
import { exact, instant } from '#db/core/schema.ts';
import { scopes } from '#db/scopes/schema.ts';

/*
 * The world of the simulated broker: what a real one would have in its own house. Nothing of ours reads these tables
 * but its adapter, so that our books can be compared with its.
 */

/** A scope's simulated market. Its row is the lock of all that happens in it. */
export const simulatedMarkets = pgTable('simulated_markets', {
  scope: text()
    .primaryKey()
    .references(() => scopes.name, { onDelete: 'cascade' }),
  calendar: text().notNull(),
  seed: integer().notNull(),
  symbols: jsonb().$type<readonly SimulatedSymbol[]>().notNull(),
  config: jsonb().$type<MarketConfig>().notNull(),
  /** New at every change of symbols, seed or config. */
  token: uuid().defaultRandom().notNull(),
  /** Of each symbol in their order; see `symbolFields`. As it was written, to the last digit. */
  state: json().$type<readonly (readonly number[])[]>().notNull(),
  /** Scope time that it has reached. */
  advancedTo: instant('advanced_to').notNull(),
  /** The next order's number. */
  nextNumber: bigint('next_number', { mode: 'number' }).notNull().default(1),
  /** Sends and queries that it has seen: what chance draws from. */
  requests: bigint({ mode: 'number' }).notNull().default(0),
  createdAt: instant('created_at').notNull(),
});

const inScope = () =>
  text()
    .notNull()
    .references(() => simulatedMarkets.scope, { onDelete: 'cascade' });

export const simulatedAccounts = pgTable(
  'simulated_accounts',
  {
    scope: inScope(),
    account: text().notNull(),
    cash: exact().notNull(),
    openingCash: exact('opening_cash').notNull(),
    /** Contracts by date, oldest first; empty: the usual ones. */
    fees: jsonb().$type<readonly z.input<typeof feeContract>[]>().notNull().default([]),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.account] })],
);

export const simulatedHoldings = pgTable(
  'simulated_holdings',
  {
    scope: inScope(),
    account: text().notNull(),
    symbol: text().notNull(),
    quantity: exact().notNull(),
    /** After the last buy. */
    boughtQuantity: exact('bought_quantity').notNull(),
    boughtCost: exact('bought_cost').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.account, table.symbol] })],
);

export const simulatedOrders = pgTable(
  'simulated_orders',
  {
    scope: inScope(),
    account: text().notNull(),
    key: text().$type<BrokerKey>().notNull(),
    number: bigint({ mode: 'number' }).notNull(),
    /** Whoever placed it by hand gives none. */
    clientId: text('client_id'),
    manual: boolean().notNull().default(false),
    role: text().$type<BrokerRole>().notNull(),
    replaces: text().$type<BrokerKey>(),
    symbol: text().notNull(),
    side: text().$type<Side>().notNull(),
    quantity: exact().notNull(),
    price: exact(),
    at: instant('at').notNull(),
    fillableFrom: instant('fillable_from').notNull(),
    filled: exact().notNull(),
    amount: exact().notNull(),
    cancelled: exact().notNull(),
    cancelledAt: instant('cancelled_at'),
    fee: exact().notNull(),
    tax: exact().notNull(),
    open: boolean().notNull(),
    tradingDay: date('trading_day', { mode: 'string' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.account, table.key] }),
    index('simulated_orders_number').on(table.scope, table.number),
  ],
);

export const simulatedFills = pgTable(
  'simulated_fills',
  {
    scope: inScope(),
    account: text().notNull(),
    key: text().$type<BrokerKey>().notNull(),
    /** Quantity of the order that was filled with it. */
    cumulative: exact().notNull(),
    at: instant('at').notNull(),
    quantity: exact().notNull(),
    price: exact().notNull(),
    fee: exact().notNull(),
    tax: exact().notNull(),
    tradingDay: date('trading_day', { mode: 'string' }).notNull(),
    /** Day on which its cash is there: told, not acted on. */
    settlesOn: date('settles_on', { mode: 'string' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.account, table.key, table.cumulative] })],
);

/** Every send that reached the broker, whatever became of it. */
export const simulatedRequests = pgTable(
  'simulated_requests',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    scope: inScope(),
    account: text().notNull(),
    action: text({ enum: ['place', 'revise', 'cancel'] }).notNull(),
    clientId: text('client_id'),
    /** As the sender names this try. */
    attempt: text(),
    request: jsonb().$type<Readonly<Record<string, string | null>>>().notNull(),
    /** What the sender was told, or `lost`. */
    answer: text().notNull(),
    /** The order that came of it. */
    key: text().$type<BrokerKey>(),
    at: instant('at').notNull(),
    recordedAt: instant('recorded_at').defaultNow().notNull(),
  },
  (table) => [index('simulated_requests_scope').on(table.scope, table.account, table.id)],
);
