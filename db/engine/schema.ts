import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ProcessId, RunId } from '#domain/core/ids.ts';
import { instant } from '#db/core/schema.ts';
import { runs } from '#db/runs/schema.ts';
import { scopes } from '#db/scopes/schema.ts';

/** Operating-system processes of ours, living and gone. */
export const processes = pgTable(
  'processes',
  {
    id: uuid().$type<ProcessId>().primaryKey(),
    /** Key of the advisory lock it holds while alive. */
    number: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().notNull().unique(),
    kind: text({ enum: ['worker', 'web'] }).notNull(),
    lane: text({ enum: ['live', 'lab'] })
      .notNull()
      .default('live'),
    host: text().notNull(),
    pid: integer().notNull(),
    build: text().notNull(),
    /** graphile-worker's pool id, so that its jobs can be unlocked when the process is lost. */
    poolId: text('pool_id'),
    state: text({ enum: ['live', 'draining', 'stopped', 'lost'] }).notNull(),
    startedAt: instant('started_at').defaultNow().notNull(),
    heartbeatAt: instant('heartbeat_at').defaultNow().notNull(),
    endedAt: instant('ended_at'),
  },
  (table) => [
    index('processes_state').on(table.state),
    check('processes_state_known', sql`${table.state} in ('live', 'draining', 'stopped', 'lost')`),
  ],
);

/** One row. The epoch rises with every change of leader; each firing transaction checks it. */
export const leadership = pgTable('leadership', {
  id: integer().primaryKey().default(1),
  epoch: bigint({ mode: 'number' }).notNull().default(0),
  processId: uuid('process_id').$type<ProcessId>(),
  since: instant('since'),
});

/** The leader's heartbeat, apart from the epoch so that beating never waits for a firing transaction. */
export const leaderHeartbeat = pgTable('leader_heartbeat', {
  id: integer().primaryKey().default(1),
  epoch: bigint({ mode: 'number' }).notNull().default(0),
  at: instant('at').defaultNow().notNull(),
});

/** The rooms of a scope. `total` bounds all runs but those of reserved groups and of the lab. */
export const resourceGroups = pgTable(
  'resource_groups',
  {
    scope: text()
      .notNull()
      .references(() => scopes.name, { onDelete: 'cascade' }),
    name: text().notNull(),
    capacity: integer().notNull(),
    kind: text({ enum: ['total', 'group', 'reserved', 'lab'] })
      .notNull()
      .default('group'),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.name] }),
    check('resource_groups_capacity', sql`${table.capacity} between 0 and 10000`),
  ],
);

/** One row per run that holds a room: clean-up after a crash is a delete, and a page can say who holds what. */
export const slots = pgTable(
  'slots',
  {
    runId: uuid('run_id')
      .$type<RunId>()
      .primaryKey()
      .references(() => runs.id, { onDelete: 'cascade' }),
    scope: text().notNull(),
    job: bigint({ mode: 'number' }).notNull(),
    resourceGroup: text('resource_group'),
    takenAt: instant('taken_at').defaultNow().notNull(),
  },
  (table) => [index('slots_scope').on(table.scope, table.resourceGroup), index('slots_job').on(table.job)],
);
