import {
  bigint,
  boolean,
  date,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type { z } from 'zod';
import type { ProcessId } from '#domain/core/ids.ts';
import type { feeContract } from '#domain/market/costs.ts';
import type { Venue } from '#domain/market/instrument.ts';
import type { OrderReason } from '#domain/orders/order.ts';
import type { ControlMode } from '#domain/risk/check.ts';
import { exact, instant } from '#db/core/schema.ts';
import { scopes } from '#db/scopes/schema.ts';

/** Broker accounts; each belongs to one scope for ever. */
export const accounts = pgTable(
  'accounts',
  {
    scope: text()
      .notNull()
      .references(() => scopes.name, { onDelete: 'cascade' }),
    id: text().notNull(),
    /** Second key of its gateway's advisory lock; the first is `gatewayLockClass`. */
    number: integer().generatedAlwaysAsIdentity().notNull(),
    name: text().notNull(),
    broker: text({ enum: ['simulated', 'kis', 'upbit'] }).notNull(),
    venue: text().$type<Venue>().notNull(),
    calendar: text().notNull(),
    currency: text().notNull().default('KRW'),
    /** Source of the quotes and candles that its traders see. */
    feed: text().notNull(),
    /** Contracts by date, oldest first; empty: the usual ones of the venue. */
    fees: jsonb().$type<readonly z.input<typeof feeContract>[]>().notNull().default([]),
    /** Amounts as text; see `accountLimits` of domain/accounts. */
    limits: jsonb().$type<Readonly<Record<string, string | number | null>>>().notNull(),
    /** Trading day on which it trades no more: the broker said that the exchange is closed. */
    stoppedDay: date('stopped_day', { mode: 'string' }),
    stoppedReason: jsonb('stopped_reason').$type<OrderReason>(),
    /** Whether our books and the broker's agreed since the present gateway began; without it nothing is opened. */
    ready: boolean().notNull().default(false),
    /** Why it is not. */
    readyReason: jsonb('ready_reason').$type<OrderReason>(),
    reconciledAt: instant('reconciled_at'),
    /** Differences of the last comparison, explained or not (`Drift` of domain/orders). */
    drift: jsonb().$type<readonly unknown[]>().notNull().default([]),
    /** What the broker said last: cash with everything traded counted. */
    brokerCash: exact('broker_cash'),
    brokerAt: instant('broker_at'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.id] }), unique('accounts_number').on(table.number)],
);

/** Who sends for an account. The epoch rises with every new holder; whoever knows an older one writes nothing. */
export const gateways = pgTable(
  'gateways',
  {
    scope: text().notNull(),
    account: text().notNull(),
    epoch: bigint({ mode: 'number' }).notNull().default(0),
    process: uuid().$type<ProcessId>(),
    /** Wall times. */
    since: instant('since'),
    heartbeatAt: instant('heartbeat_at'),
    /** Why it does not reach the broker, null while it does. */
    trouble: jsonb().$type<OrderReason>(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.account] })],
);

/** The broker's own view of what is held. */
export const brokerPositions = pgTable(
  'broker_positions',
  {
    scope: text().notNull(),
    account: text().notNull(),
    symbol: text().notNull(),
    quantity: exact().notNull(),
    sellable: exact().notNull(),
    average: exact(),
    /** When it was asked for (scope time). */
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.account, table.symbol] })],
);

/** The kill switch, by scope, account and trader; a row is made with its subject and never deleted with it. */
export const controls = pgTable(
  'controls',
  {
    scope: text().notNull(),
    level: text({ enum: ['scope', 'account', 'trader'] }).notNull(),
    /** The scope's, account's or trader's name. */
    subject: text().notNull(),
    mode: text().$type<ControlMode>().notNull().default('running'),
    /** Whether positions are being closed on somebody's word. */
    flatten: boolean().notNull().default(false),
    reason: text(),
    actorName: text('actor_name'),
    at: instant('at'),
    version: integer().notNull().default(1),
    /** When what it asks had been done: entries cancelled, positions flat. Null: not yet. */
    carriedOutAt: instant('carried_out_at'),
  },
  (table) => [primaryKey({ columns: [table.scope, table.level, table.subject] })],
);
