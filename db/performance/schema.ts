import { boolean, date, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { DailySummary } from '#domain/performance/summary.ts';
import { exact, instant } from '#db/core/schema.ts';

/** One trading day of a trader, account or scope; can be made again at any time. */
export const dailySummaries = pgTable(
  'daily_summaries',
  {
    scope: text().notNull(),
    level: text().$type<DailySummary['level']>().notNull(),
    subject: text().notNull(),
    tradingDay: date('trading_day', { mode: 'string' }).notNull(),
    summary: jsonb().$type<DailySummary>().notNull(),
    generatedAt: instant('generated_at').notNull(),
    /** When the day's report went out with it (scope time). */
    reportedAt: instant('reported_at'),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.level, table.subject, table.tradingDay] }),
    index('daily_summaries_day').on(table.scope, table.tradingDay),
  ],
);

/** Equity marked to market through the day (scope time), of traders, accounts and scopes. */
export const equityPoints = pgTable(
  'equity_points',
  {
    scope: text().notNull(),
    level: text().$type<DailySummary['level']>().notNull(),
    subject: text().notNull(),
    at: instant('at').notNull(),
    tradingDay: date('trading_day', { mode: 'string' }).notNull(),
    equity: exact().notNull(),
    cash: exact().notNull(),
    positions: exact().notNull(),
    realised: exact().notNull(),
    unrealised: exact().notNull(),
    /** Deposits less withdrawals since the point before. */
    flow: exact().notNull(),
    /** The mark of the day's end. */
    close: boolean().notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.level, table.subject, table.at] }),
    index('equity_points_day').on(table.scope, table.level, table.subject, table.tradingDay),
  ],
);

/** The prices at which a day's end was valued: kept, so that the day can be made again to the won. */
export const closingMarks = pgTable(
  'closing_marks',
  {
    scope: text().notNull(),
    account: text().notNull(),
    symbol: text().notNull(),
    tradingDay: date('trading_day', { mode: 'string' }).notNull(),
    price: exact().notNull(),
    /** When the market gave it. */
    at: instant('at').notNull(),
    origin: text({ enum: ['quote', 'candle'] }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.account, table.symbol, table.tradingDay] })],
);
