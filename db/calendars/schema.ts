import { date, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { CalendarDefinition, CalendarException } from '#domain/time/calendar/definition.ts';
import { instant } from '#db/core/schema.ts';
import { scopes } from '#db/scopes/schema.ts';

/** Calendars of a scope's own; the built-in ones have no row. */
export const calendars = pgTable(
  'calendars',
  {
    scope: text()
      .notNull()
      .references(() => scopes.name, { onDelete: 'cascade' }),
    id: text().notNull(),
    version: integer().notNull().default(1),
    definition: jsonb().$type<CalendarDefinition>().notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.id] })],
);

/** Days that are not as a calendar has them, built-in or own. */
export const calendarExceptions = pgTable(
  'calendar_exceptions',
  {
    scope: text()
      .notNull()
      .references(() => scopes.name, { onDelete: 'cascade' }),
    calendar: text().notNull(),
    date: date({ mode: 'string' }).notNull(),
    version: integer().notNull().default(1),
    exception: jsonb().$type<CalendarException>().notNull(),
    authorName: text('author_name').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.calendar, table.date] })],
);
