import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core';
import type { TraderDefinition } from '#domain/traders/definition.ts';
import type { TraderPhase, TraderReason } from '#domain/traders/state.ts';
import { exact, instant } from '#db/core/schema.ts';
import { scopes } from '#db/scopes/schema.ts';

/** Traders: what a person set, and where the machine stands. */
export const traders = pgTable(
  'traders',
  {
    scope: text()
      .notNull()
      .references(() => scopes.name, { onDelete: 'cascade' }),
    id: text().notNull(),
    account: text().notNull(),
    definition: jsonb().$type<TraderDefinition>().notNull(),
    /** Rises with every edit. */
    version: integer().notNull().default(1),
    /** Whether it looks for entries. A stopped one still leaves what it holds. */
    started: boolean().notNull().default(false),
    phase: text().$type<TraderPhase>().notNull(),
    /** `TraderState` of domain/traders: read it with `traderState`. */
    state: jsonb().$type<unknown>().notNull(),
    /** Rises with every step that is stored. */
    stateVersion: bigint('state_version', { mode: 'number' }).notNull().default(0),
    /** When it came into this phase (scope time). */
    phaseSince: instant('phase_since').notNull(),
    /** The symbol it holds or works on. */
    symbol: text(),
    lastScanAt: instant('last_scan_at'),
    createdAt: instant('created_at').notNull(),
    deletedAt: instant('deleted_at'),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.id] }),
    index('traders_account').on(table.scope, table.account),
  ],
);

/** Every step that changed something or did something, with its event: a day is played back from here. */
export const traderTransitions = pgTable(
  'trader_transitions',
  {
    scope: text().notNull(),
    trader: text().notNull(),
    /** The trader's `state_version` after it. */
    seq: bigint({ mode: 'number' }).notNull(),
    at: instant('at').notNull(),
    tradingDay: date('trading_day', { mode: 'string' }).notNull(),
    event: text().notNull(),
    /** The event as it came, amounts as text. */
    details: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
    from: text().$type<TraderPhase>().notNull(),
    to: text().$type<TraderPhase>().notNull(),
    symbol: text(),
    /** Last price of the symbol as the trader saw it. */
    price: exact(),
    quantity: exact(),
    /** What was done, amounts as text: kind, seq, price, reason. */
    effects: jsonb().$type<readonly Readonly<Record<string, unknown>>[]>().notNull(),
    /** The gravest of the effects' reasons. */
    reason: jsonb().$type<TraderReason>(),
    recordedAt: instant('recorded_at').defaultNow().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.trader, table.seq] }),
    index('trader_transitions_day').on(table.scope, table.tradingDay, table.at),
  ],
);

/** A candidate of a scan; `reason` says why it was passed over, null for the one that was chosen. */
export interface ScannedCandidate {
  readonly symbol: string;
  readonly rank: number;
  readonly score: number;
  readonly price: number;
  readonly confidence: number | null;
  readonly chosen: boolean;
  readonly reason: TraderReason | null;
}

/** What a trader found when it looked. */
export const scans = pgTable(
  'scans',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    scope: text().notNull(),
    trader: text().notNull(),
    at: instant('at').notNull(),
    tradingDay: date('trading_day', { mode: 'string' }).notNull(),
    /** Symbols of the market it looked at. */
    looked: integer().notNull(),
    /** How many were passed over before they were candidates, by reason. */
    passed: jsonb().$type<Readonly<Record<string, number>>>().notNull(),
    candidates: jsonb().$type<readonly ScannedCandidate[]>().notNull(),
    tookMs: doublePrecision('took_ms').notNull(),
    recordedAt: instant('recorded_at').defaultNow().notNull(),
  },
  (table) => [index('scans_trader').on(table.scope, table.trader, table.at)],
);

/** Entries stopped by a rule: of one symbol, or of all when it is null. */
export const protections = pgTable(
  'protections',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    scope: text().notNull(),
    trader: text().notNull(),
    code: text().notNull(),
    symbol: text(),
    at: instant('at').notNull(),
    /** Null: until a person resumes. */
    until: instant('until'),
    params: jsonb().$type<Readonly<Record<string, string | number>>>().notNull(),
    endedAt: instant('ended_at'),
  },
  (table) => [
    index('protections_on')
      .on(table.scope, table.trader)
      .where(sql`${table.endedAt} is null`),
  ],
);
