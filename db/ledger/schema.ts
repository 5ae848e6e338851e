import { bigint, date, index, integer, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { LedgerEntry } from '#domain/ledger/entry.ts';
import type { Side } from '#domain/orders/broker-order.ts';
import { exact, instant } from '#db/core/schema.ts';

/** The book of each account: append-only, everything else about money follows from it. */
export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    scope: text().notNull(),
    account: text().notNull(),
    /** Place in the account's book, without gaps. */
    seq: bigint({ mode: 'number' }).notNull(),
    /** Made from what it records: recording twice is refused by the database. */
    id: text().notNull(),
    kind: text().$type<LedgerEntry['kind']>().notNull(),
    at: instant('at').notNull(),
    tradingDay: date('trading_day', { mode: 'string' }).notNull(),
    settlesOn: date('settles_on', { mode: 'string' }).notNull(),
    order: uuid('order_id'),
    trader: text(),
    symbol: text(),
    side: text().$type<Side>(),
    /** Of an adjustment: signed. */
    quantity: exact(),
    amount: exact(),
    numerator: integer(),
    denominator: integer(),
    cost: exact(),
    cash: exact(),
    actor: text(),
    reason: text(),
    recordedAt: instant('recorded_at').defaultNow().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.account, table.seq] }),
    unique('ledger_entries_id').on(table.scope, table.account, table.id),
    index('ledger_entries_day').on(table.scope, table.tradingDay),
    index('ledger_entries_trader').on(table.scope, table.trader, table.seq),
  ],
);

/** What the entries come to, by symbol: kept beside the book in its transactions, and checked against it. */
export const positions = pgTable(
  'positions',
  {
    scope: text().notNull(),
    account: text().notNull(),
    symbol: text().notNull(),
    quantity: exact().notNull(),
    /** `Position` of domain/ledger. */
    basisQuantity: exact('basis_quantity').notNull(),
    basisCost: exact('basis_cost').notNull(),
    realised: exact().notNull(),
    /** Whose order moved it last. */
    trader: text(),
    /** When it was opened; null while nothing is held (scope time). */
    openedAt: instant('opened_at'),
    /** Last entry that it counts. */
    seq: bigint({ mode: 'number' }).notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.account, table.symbol] })],
);

/** Cash of each account by its entries, and the last of them. Locked to add an entry. */
export const books = pgTable(
  'books',
  {
    scope: text().notNull(),
    account: text().notNull(),
    lastSeq: bigint('last_seq', { mode: 'number' }).notNull().default(0),
    /** All of it, settled or not. */
    cash: exact().notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.account] })],
);
