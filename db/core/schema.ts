import { bigint, customType, index, json, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { type Decimal, decimal, plain } from '#domain/core/decimal.ts';

/** An instant. Values read back lose microseconds: page by an id, never by equality on a time. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Money, a price or a quantity: exact, in as many digits as it has. */
export const exact = customType<{ data: Decimal; driverData: string }>({
  dataType: () => 'numeric',
  fromDriver: (text) => decimal(text),
  toDriver: (value) => plain(value),
});

/** What changed, written in the business transaction; the live updates of every browser read from here. */
export const changes = pgTable(
  'changes',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    topic: text().notNull(),
    entity: text().notNull(),
    /** null: of the whole instance. */
    scope: text(),
    recordedAt: instant('recorded_at').defaultNow().notNull(),
  },
  (table) => [index('changes_id').on(table.id)],
);

/** Who did what: append-only, with before and after. */
export const audit = pgTable(
  'audit',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    at: instant('at').notNull(),
    recordedAt: instant('recorded_at').defaultNow().notNull(),
    actorKind: text('actor_kind').notNull(),
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    operation: text().notNull(),
    scope: text(),
    entityType: text('entity_type').notNull(),
    entityId: text('entity_id').notNull(),
    before: jsonb(),
    after: jsonb(),
    requestId: text('request_id'),
  },
  (table) => [index('audit_entity').on(table.entityType, table.entityId, table.id)],
);

/** Answers of POSTs that carried an Idempotency-Key, written in the operation's own transaction. */
export const idempotentRequests = pgTable('idempotent_requests', {
  /** sha256 of actor and key. */
  id: text().primaryKey(),
  fingerprint: text().notNull(),
  /** As text, so that the second answer is the first to the letter. */
  response: json(),
  recordedAt: instant('recorded_at').defaultNow().notNull(),
});

/** One row: the range of builds this schema serves. */
export const instance = pgTable('instance', {
  id: text().primaryKey().default('instance'),
  instanceId: uuid('instance_id').defaultRandom().notNull(),
  schemaVersion: bigint('schema_version', { mode: 'number' }).notNull(),
  /** Zone of new jobs that name none. */
  defaultTimeZone: text('default_time_zone').notNull().default('Asia/Seoul'),
  createdAt: instant('created_at').defaultNow().notNull(),
});
