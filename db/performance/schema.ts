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
