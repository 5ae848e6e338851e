import { boolean, date, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { z } from 'zod';
import type { CandleInterval } from '#domain/jobs/schedule-fields.ts';
import type { Venue, instrument } from '#domain/market/instrument.ts';
import { exact, instant } from '#db/core/schema.ts';

/*
 * Market data belongs to no scope: rows are keyed by venue and source, and readers see only what was available at
 * their scope's time. A simulated market writes under a source of its scope (`simulator:mock`).
 */

/** What can be traded, as the newest day knows it. */
export const instruments = pgTable(
  'instruments',
  {
    venue: text().$type<Venue>().notNull(),
    source: text().notNull(),
    symbol: text().notNull(),
    name: text().notNull(),
    market: text().notNull(),
    /** Prices as text: read it with the schema of `domain/market`. */
    definition: jsonb().$type<z.input<typeof instrument>>().notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.venue, table.source, table.symbol] })],
);

/** The newest quote of each instrument and source. */
export const quotes = pgTable(
  'quotes',
  {
    venue: text().$type<Venue>().notNull(),
    source: text().notNull(),
    symbol: text().notNull(),
    at: instant('at').notNull(),
    availableAt: instant('available_at').notNull(),
    bid: exact(),
    ask: exact(),
    bidSize: exact('bid_size'),
    askSize: exact('ask_size'),
    last: exact(),
    volume: exact(),
  },
  (table) => [primaryKey({ columns: [table.venue, table.source, table.symbol] })],
);

export const candles = pgTable(
  'candles',
  {
    venue: text().$type<Venue>().notNull(),
    source: text().notNull(),
    symbol: text().notNull(),
    interval: text().$type<CandleInterval>().notNull(),
    start: instant('start').notNull(),
    end: instant('end').notNull(),
    /** Scope time from which a reader may know it; never before its end. */
    availableAt: instant('available_at').notNull(),
    open: exact().notNull(),
    high: exact().notNull(),
    low: exact().notNull(),
    close: exact().notNull(),
    volume: exact().notNull(),
    value: exact(),
    adjusted: boolean().notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.venue, table.source, table.symbol, table.interval, table.start] }),
    index('candles_by_time').on(table.venue, table.source, table.interval, table.start),
  ],
);

/** Stretches of which a source gave nothing though the venue was open: stored, never filled in. */
export const candleGaps = pgTable(
  'candle_gaps',
  {
    venue: text().$type<Venue>().notNull(),
    source: text().notNull(),
    symbol: text().notNull(),
    interval: text().$type<CandleInterval>().notNull(),
    start: instant('start').notNull(),
    end: instant('end').notNull(),
    /** `reasons.<code>`: halted, not collected, missing at the source. */
    code: text().notNull(),
    noticedAt: instant('noticed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.venue, table.source, table.symbol, table.interval, table.start] }),
  ],
);

export interface ImportProblem {
  /** 1 for the first line of a CSV file, 0 where the problem is of no single line; of Parquet the row. */
  readonly line: number;
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
  readonly params: Readonly<Record<string, string | number | null>>;
}

/** Candle files that somebody brought in, with what was refused. */
export const candleImports = pgTable('candle_imports', {
  id: uuid().primaryKey(),
  file: text().notNull(),
  format: text({ enum: ['csv', 'parquet'] }).notNull(),
  venue: text().$type<Venue>().notNull(),
  source: text().notNull(),
  interval: text().$type<CandleInterval>(),
  state: text({ enum: ['done', 'refused'] }).notNull(),
  rows: integer().notNull(),
  added: integer().notNull(),
  changed: integer().notNull(),
  refused: integer().notNull(),
  /** The first of them; `refused` counts all. */
  problems: jsonb().$type<readonly ImportProblem[]>().notNull(),
  firstDay: date('first_day', { mode: 'string' }),
  lastDay: date('last_day', { mode: 'string' }),
  actorName: text('actor_name').notNull(),
  at: instant('at').notNull(),
});
