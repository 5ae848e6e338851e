import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type { RunId } from '#domain/core/ids.ts';
import { instant } from '#db/core/schema.ts';
import { scopes } from '#db/scopes/schema.ts';

/** Named locks: the row is the truth; its holder also takes `pg_advisory_lock(scope number, lock id)` where it can. */
export const namedLocks = pgTable(
  'named_locks',
  {
    scope: text()
      .notNull()
      .references(() => scopes.name, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** Second key of the advisory lock. */
    lockId: integer('lock_id').notNull(),
    description: text().notNull().default(''),
    /** The run that holds it; null when it is free, or held by something that is no run. */
    holderRun: uuid('holder_run').$type<RunId>(),
    /** The attempt it is held for: one more than the run's while it is only dispatched. */
    holderAttempt: integer('holder_attempt'),
    /** Who holds it, in words: a job's id, or what was given. Null: free. */
    holder: text(),
    /** Fences what is no run: only who knows it lets the lock go. */
    token: uuid(),
    /** Wall time. */
    since: instant('since'),
    /** Wall time at which the holder's time is up; null until its attempt has begun. */
    until: instant('until'),
    why: text(),
    /** Acquisitions that found it taken until their wait was over. */
    failures: bigint({ mode: 'number' }).notNull().default(0),
    lastFailureAt: instant('last_failure_at'),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.name] }),
    unique('named_locks_id').on(table.scope, table.lockId),
    index('named_locks_held')
      .on(table.holderRun)
      .where(sql`${table.holderRun} is not null`),
  ],
);

/** One row per symbol for ever: what a trader holds exclusively. Held while `trader` is set. */
export const symbolLocks = pgTable(
  'symbol_locks',
  {
    scope: text()
      .notNull()
      .references(() => scopes.name, { onDelete: 'cascade' }),
    symbol: text().notNull(),
    trader: text(),
    /** Rises with every take-over; orders carry it. */
    fencing: bigint({ mode: 'number' }).notNull().default(0),
    /** Wall times. */
    since: instant('since'),
    heartbeatAt: instant('heartbeat_at'),
    until: instant('until'),
    /** A lock with a position never lapses silently. */
    hasPosition: boolean('has_position').notNull().default(false),
    /** An expired one of a dead trader must be reconciled before another takes it. */
    needsReconcile: boolean('needs_reconcile').notNull().default(false),
    /** Who held it last, and how that ended. */
    lastTrader: text('last_trader'),
    endedAt: instant('ended_at'),
    endedWhy: text('ended_why'),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.symbol] }),
    index('symbol_locks_until')
      .on(table.until)
      .where(sql`${table.trader} is not null`),
    index('symbol_locks_trader').on(table.scope, table.trader),
  ],
);

/** Claims of idempotency keys, `{ticker}-{timeframe}-{candle_ts}-{action}`; swept a day later. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    scope: text()
      .notNull()
      .references(() => scopes.name, { onDelete: 'cascade' }),
    key: text().notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** What claimed it: an order intent's id, a trader. */
    owner: text().notNull(),
    /** Later claims of the same key that were turned away. */
    hits: integer().notNull().default(0),
    lastHitAt: instant('last_hit_at'),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.key] }),
    index('idempotency_keys_expires').on(table.expiresAt),
    index('idempotency_keys_created').on(table.scope, table.createdAt),
  ],
);
