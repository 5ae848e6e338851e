import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { JobDefinition } from '#domain/jobs/definition.ts';
import type { JobId } from '#domain/core/ids.ts';
import { instant } from '#db/core/schema.ts';
import { scopes } from '#db/scopes/schema.ts';

type Params = JobDefinition['params'];

/** The current definition of each job and where its schedule stands. */
export const jobs = pgTable(
  'jobs',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    scope: text()
      .notNull()
      .references(() => scopes.name, { onDelete: 'cascade' }),
    jobId: text('job_id').$type<JobId>().notNull(),
    version: integer().notNull().default(1),
    description: text().notNull(),
    task: text().notNull(),
    params: jsonb().$type<Params>().notNull(),
    queue: text().notNull(),
    cronExpr: text('cron_expr'),
    intervalSeconds: integer('interval_seconds'),
    candle: jsonb().$type<NonNullable<JobDefinition['candle']>>(),
    session: jsonb().$type<NonNullable<JobDefinition['session']>>(),
    timeZone: text('time_zone').notNull(),
    calendar: text(),
    onClosed: text('on_closed', { enum: ['skip', 'run'] })
      .notNull()
      .default('skip'),
    timeWindow: text('time_window'),
    rescheduleMode: text('reschedule_mode', { enum: ['scheduler', 'queue'] }).notNull(),
    enabled: boolean().notNull(),
    maxParallel: integer('max_parallel').notNull(),
    overlap: text({ enum: ['skip', 'queue', 'cancel_previous'] }).notNull(),
    misfire: text({ enum: ['skip', 'run_latest', 'run_all'] }).notNull(),
    misfireGraceSec: integer('misfire_grace_sec').notNull(),
    timeoutSec: integer('timeout_sec').notNull(),
    retryLimit: integer('retry_limit').notNull(),
    retryDelaySec: integer('retry_delay_sec').notNull(),
    retryMaxDelaySec: integer('retry_max_delay_sec').notNull(),
    retryJitter: doublePrecision('retry_jitter').notNull(),
    priority: integer().notNull(),
    resourceGroup: text('resource_group'),
    mode: text({ enum: ['runs', 'service'] })
      .notNull()
      .default('runs'),
    /** Named locks that a run holds while it runs. */
    locks: text().array().notNull().default([]),
    lockWaitSec: integer('lock_wait_sec').notNull().default(0),
    lockTimeoutSec: integer('lock_timeout_sec').notNull().default(300),
    critical: boolean().notNull().default(false),
    telemetryLabel: text('telemetry_label'),
    keepRuns: integer('keep_runs').notNull(),
    /** Interval fires are counted from here: when the schedule was made, edited or resumed. */
    scheduleAnchor: instant('schedule_anchor').notNull(),
    /** Scope time of the next fire; null when none is planned. */
    nextDueAt: instant('next_due_at'),
    lastRunAt: instant('last_run_at'),
    lastStatus: text('last_status'),
    lastError: text('last_error'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    /** A deleted job keeps its runs and versions; its id is free again. */
    deletedAt: instant('deleted_at'),
  },
  (table) => [
    uniqueIndex('jobs_scope_job_id')
      .on(table.scope, table.jobId)
      .where(sql`${table.deletedAt} is null`),
    index('jobs_due')
      .on(table.nextDueAt)
      .where(sql`${table.enabled} and ${table.nextDueAt} is not null`),
    index('jobs_calendar')
      .on(table.scope, table.calendar)
      .where(sql`${table.calendar} is not null`),
    check('jobs_priority', sql`${table.priority} between 0 and 3`),
  ],
);

/** Every version of a job's definition, with its author. Versions outlive the job's deletion. */
export const jobVersions = pgTable(
  'job_versions',
  {
    job: bigint({ mode: 'number' })
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    version: integer().notNull(),
    definition: jsonb().$type<JobDefinition>().notNull(),
    authorKind: text('author_kind').notNull(),
    authorId: text('author_id').notNull(),
    authorName: text('author_name').notNull(),
    at: instant('at').notNull(),
    /** The version this one brought back, when it is a restore. */
    restoredFrom: integer('restored_from'),
  },
  (table) => [primaryKey({ columns: [table.job, table.version] })],
);

/** Tasks that workers have loaded from the plug-in folder; written by them, read by the console. */
export const pluginTasks = pgTable('plugin_tasks', {
  name: text().primaryKey(),
  description: text().notNull(),
  /** JSON Schema of the parameters. */
  paramsSchema: jsonb('params_schema').notNull(),
  file: text().notNull(),
  build: text().notNull(),
  /** Why it could not be loaded; null when it works. */
  problem: text(),
  updatedAt: instant('updated_at').defaultNow().notNull(),
});
