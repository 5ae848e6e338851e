import { roomOf } from '#domain/jobs/tasks.ts';
import type { jobs } from './schema.ts';
import type { JobDefinition } from '#domain/jobs/definition.ts';

export type JobRow = typeof jobs.$inferSelect;

/** The definition a row holds. */
export function definitionOf(row: JobRow): JobDefinition {
  return {
    description: row.description,
    task: row.task,
    params: row.params,
    queue: row.queue,
    cron_expr: row.cronExpr,
    interval_seconds: row.intervalSeconds,
    candle: row.candle,
    session: row.session,
    time_zone: row.timeZone,
    calendar: row.calendar,
    on_closed: row.onClosed,
    window: row.timeWindow,
    mode: row.mode,
    reschedule_mode: row.rescheduleMode,
    enabled: row.enabled,
    max_parallel: row.maxParallel,
    overlap: row.overlap,
    misfire: row.misfire,
    misfire_grace_sec: row.misfireGraceSec,
    timeout_sec: row.timeoutSec,
    retry_limit: row.retryLimit,
    retry_delay_sec: row.retryDelaySec,
    retry_max_delay_sec: row.retryMaxDelaySec,
    retry_jitter: row.retryJitter,
    priority: row.priority,
    resource_group: row.resourceGroup,
    locks: row.locks,
    lock_wait_sec: row.lockWaitSec,
    lock_timeout_sec: row.lockTimeoutSec,
    critical: row.critical,
    telemetry_label: row.telemetryLabel,
    keep_runs: row.keepRuns,
  };
}

/** The columns of a definition. */
export function columnsOf(definition: JobDefinition) {
  return {
    description: definition.description,
    task: definition.task,
    params: definition.params,
    queue: definition.queue,
    cronExpr: definition.cron_expr,
    intervalSeconds: definition.interval_seconds,
    candle: definition.candle,
    session: definition.session,
    timeZone: definition.time_zone,
    calendar: definition.calendar,
    onClosed: definition.on_closed,
    timeWindow: definition.window,
    mode: definition.mode,
    rescheduleMode: definition.reschedule_mode,
    enabled: definition.enabled,
    maxParallel: definition.max_parallel,
    overlap: definition.overlap,
    misfire: definition.misfire,
    misfireGraceSec: definition.misfire_grace_sec,
    timeoutSec: definition.timeout_sec,
    retryLimit: definition.retry_limit,
    retryDelaySec: definition.retry_delay_sec,
    retryMaxDelaySec: definition.retry_max_delay_sec,
    retryJitter: definition.retry_jitter,
    priority: definition.priority,
    resourceGroup: roomOf(definition),
    locks: definition.locks,
    lockWaitSec: definition.lock_wait_sec,
    lockTimeoutSec: definition.lock_timeout_sec,
    critical: definition.critical,
    telemetryLabel: definition.telemetry_label,
    keepRuns: definition.keep_runs,
  } satisfies Partial<JobRow>;
}
