import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { TraderReason } from '#domain/traders/state.ts';
import type { AlertSeverity } from '#domain/traders/step-types.ts';
import { instant } from '#db/core/schema.ts';

/** What somebody should look at. The same thing again while it is open only counts up. */
export const alerts = pgTable(
  'alerts',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    scope: text().notNull(),
    severity: text().$type<AlertSeverity>().notNull(),
    reason: jsonb().$type<TraderReason>().notNull(),
    account: text(),
    trader: text(),
    order: uuid('order_id'),
    symbol: text(),
    /** What makes two alerts the same. */
    key: text().notNull(),
    count: integer().notNull().default(1),
    /** Scope times. */
    at: instant('at').notNull(),
    lastAt: instant('last_at').notNull(),
    acknowledgedAt: instant('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by'),
    recordedAt: instant('recorded_at').defaultNow().notNull(),
  },
  (table) => [
    uniqueIndex('alerts_open')
      .on(table.scope, table.key)
      .where(sql`${table.acknowledgedAt} is null`),
    index('alerts_recent').on(table.scope, table.id),
  ],
);
