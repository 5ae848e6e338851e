import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type { AttemptToken, JobId, ProcessId, RunId } from '#domain/core/ids.ts';
import type { JobDefinition } from '#domain/jobs/definition.ts';
import type { RunReason, RunState, TriggerSource } from '#domain/runs/run.ts';
import type { ServiceState } from '#domain/runs/service.ts';
import { instant } from '#db/core/schema.ts';
import { jobs } from '#db/jobs/schema.ts';

type Params = JobDefinition['params'];
export interface Progress {
  readonly done: number;
  readonly total: number | null;
  readonly text: string | null;
}

export const runs = pgTable(
  'runs',
  {
    id: uuid().$type<RunId>().primaryKey(),
    scope: text().notNull(),
    job: bigint({ mode: 'number' })
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    jobId: text('job_id').$type<JobId>().notNull(),
    jobVersion: integer('job_version').notNull(),
    task: text().notNull(),
    queue: text().notNull(),
    /** `at:<nominal>`, `manual:<request>`, `after:<run>`, `chain:<run>`: one run per job and key, for ever. */
    dedupeKey: text('dedupe_key').notNull(),
    triggerSource: text('trigger_source').$type<TriggerSource>().notNull(),
    state: text().$type<RunState>().notNull(),
    reason: jsonb().$type<RunReason>().notNull(),
    priority: integer().notNull(),
    resourceGroup: text('resource_group'),
    maxParallel: integer('max_parallel').notNull(),
    params: jsonb().$type<Params>().notNull(),
    tradingDay: date('trading_day', { mode: 'string' }).notNull(),
    /** Nominal time (scope clock) of the fire; of a manual run, the moment it was asked for. */
    scheduledFor: instant('scheduled_for').notNull(),
    queuedAt: instant('queued_at').notNull(),
    /** What a waiting run waits for; null in every other state. */
    waitsFor: text('waits_for', { enum: ['retry', 'upstream', 'lock'] }),
    /** Somebody let it pass the gates of its job. */
    ignoresGates: boolean('ignores_gates').notNull().default(false),
    /** It ended, and the jobs after it have not been told yet. */
    tellsDownstream: boolean('tells_downstream').notNull().default(false),
    /** Named locks it takes with its room. */
    locks: text().array().notNull().default([]),
    lockWaitSec: integer('lock_wait_sec').notNull().default(0),
    /** Wall time until which it waits for its locks; set when it first found one taken. */
    lockWaitUntil: instant('lock_wait_until'),
    mode: text({ enum: ['runs', 'service'] })
      .notNull()
      .default('runs'),
    /** Scope time at which the session of a service ends. */
    serviceUntil: instant('service_until'),
    /** What a service has done so far. */
    service: jsonb().$type<ServiceState>(),
    /** Not to be admitted before (scope time); set while a retry waits. */
    notBefore: instant('not_before'),
    /** Wall time of the latest dispatch; a dispatch nobody claims within 3 s is rung again. */
    dispatchedAt: instant('dispatched_at'),
    /** Wall time of the latest further ring; one before `dispatchedAt` is of an earlier dispatch. */
    rungAt: instant('rung_at'),
    dispatch: integer().notNull().default(0),
    attempt: integer().notNull().default(0),
    /** Failed and lost attempts since creation or the last rerun. */
    failures: integer().notNull().default(0),
    processId: uuid('process_id').$type<ProcessId>(),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
    progress: jsonb().$type<Progress>(),
    cancelRequestedAt: instant('cancel_requested_at'),
    cancelReason: jsonb('cancel_reason').$type<RunReason>(),
  },
  (table) => [
    unique('runs_dedupe').on(table.job, table.dedupeKey),
    index('runs_by_scope').on(table.scope, table.id),
    index('runs_by_job').on(table.job, table.id),
    index('runs_by_state').on(table.scope, table.state, table.id),
    index('runs_ready')
      .on(table.scope, table.priority, table.queuedAt)
      .where(sql`${table.state} = 'ready'`),
    index('runs_waiting')
      .on(table.notBefore)
      .where(sql`${table.state} = 'waiting'`),
    index('runs_by_job_id').on(table.scope, table.jobId, table.id),
    index('runs_by_trading_day').on(table.scope, table.tradingDay, table.id),
    index('runs_open')
      .on(table.job, table.id)
      .where(sql`${table.state} in ('waiting', 'ready', 'dispatched', 'running')`),
    // A backlog of open runs must not stand before a job's latest ended ones.
    index('runs_ended')
      .on(table.job, table.id)
      .where(sql`${table.state} in ('succeeded', 'failed', 'cancelled', 'skipped', 'quarantined')`),
    index('runs_cancel_asked')
      .on(table.id)
      .where(
        sql`${table.cancelRequestedAt} is not null and ${table.state} in ('waiting', 'ready', 'dispatched', 'running')`,
      ),
    index('runs_waiting_for')
      .on(table.waitsFor, table.scope, table.job)
      .where(sql`${table.waitsFor} is not null`),
    index('runs_tell_downstream')
      .on(table.id)
      .where(sql`${table.tellsDownstream}`),
    index('runs_of_job_and_day').on(table.job, table.tradingDay, table.scheduledFor),
    index('runs_of_process')
      .on(table.processId)
      .where(sql`${table.state} = 'running'`),
  ],
);

export type AttemptOutcome = 'succeeded' | 'failed' | 'timed_out' | 'cancelled' | 'lost' | 'handed_back';

export const attempts = pgTable(
  'attempts',
  {
    runId: uuid('run_id')
      .$type<RunId>()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    attempt: integer().notNull(),
    token: uuid().$type<AttemptToken>().notNull(),
    /** Null when a consumer outside took the run over the API. */
    processId: uuid('process_id').$type<ProcessId>(),
    consumer: text(),
    /** Wall time: a consumer that does not answer until then loses the run. */
    leaseUntil: instant('lease_until'),
    /** Wall time at which a consumer's attempt times out. */
    deadline: instant('deadline'),
    host: text().notNull(),
    /** Pid of the child (its process group) and its start time in clock ticks: proof that a pid is still the same. */
    childPid: integer('child_pid'),
    childStart: text('child_start'),
    params: jsonb().$type<Params>().notNull(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    outcome: text().$type<AttemptOutcome>(),
    reason: jsonb().$type<RunReason>(),
    exitCode: integer('exit_code'),
    error: text(),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.attempt] }),
    index('attempts_of_process')
      .on(table.processId)
      .where(sql`${table.endedAt} is null`),
    index('attempts_leased')
      .on(table.leaseUntil)
      .where(sql`${table.endedAt} is null and ${table.leaseUntil} is not null`),
    check('attempts_held', sql`(${table.processId} is null) = (${table.consumer} is not null)`),
  ],
);

/** Every transition of a run; partitioned by `recorded_at`. */
export const runHistory = pgTable(
  'run_history',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    runId: uuid('run_id').$type<RunId>().notNull(),
    scope: text().notNull(),
    fromState: text('from_state').$type<RunState>(),
    toState: text('to_state').$type<RunState>().notNull(),
    reason: jsonb().$type<RunReason>().notNull(),
    actor: text().notNull(),
    attempt: integer().notNull(),
    /** Scope time. */
    at: instant('at').notNull(),
    /** Wall time. */
    recordedAt: instant('recorded_at').defaultNow().notNull(),
  },
  (table) => [index('run_history_run').on(table.runId, table.id)],
);

export type LogStream = 'stdout' | 'stderr' | 'system';

/** A run's log, line by line; partitioned by `recorded_at`. `seq` rises within a run and is its cursor. */
export const runLogs = pgTable(
  'run_logs',
  {
    runId: uuid('run_id').$type<RunId>().notNull(),
    seq: bigint({ mode: 'number' }).notNull(),
    attempt: integer().notNull(),
    stream: text().$type<LogStream>().notNull(),
    line: text().notNull(),
    at: instant('at').notNull(),
    recordedAt: instant('recorded_at').defaultNow().notNull(),
  },
  (table) => [index('run_logs_run').on(table.runId, table.seq)],
);
