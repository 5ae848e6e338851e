import { randomBytes } from 'node:crypto';
import type { Actor } from '#domain/access/access.ts';
import { type RunId, uuidV7 } from '#domain/core/ids.ts';
import { shownStatus } from '#domain/runs/run.ts';
import { viewOfService } from '#domain/runs/service.ts';
import type { RunView } from '#domain/runs/view.ts';
import type { runs } from './schema.ts';

export type RunRow = typeof runs.$inferSelect;

/** A new run's id. @param wall wall time. */
export function newRunId(wall: Date): RunId {
  return uuidV7(wall, randomBytes(10)) as RunId;
}

/** An actor as the history shows it: `user:Kim`. */
export function actorLabel(actor: Actor): string {
  return `${actor.kind}:${actor.name}`;
}

/** A run as the API answers it. */
export function runView(row: RunRow): RunView {
  const duration =
    row.startedAt !== null && row.finishedAt !== null
      ? row.finishedAt.getTime() - row.startedAt.getTime()
      : null;
  return {
    run_id: row.id,
    scope: row.scope,
    job_id: row.jobId,
    job_version: row.jobVersion,
    task: row.task,
    queue: row.queue,
    status: shownStatus(row.state, row.failures),
    state: row.state,
    reason: row.reason,
    attempt: row.attempt,
    failures: row.failures,
    trigger_source: row.triggerSource,
    trading_day: row.tradingDay,
    priority: row.priority,
    resource_group: row.resourceGroup,
    params: row.params,
    scheduled_for: row.scheduledFor.toISOString(),
    queued_at: row.queuedAt.toISOString(),
    not_before: row.notBefore?.toISOString() ?? null,
    started_at: row.startedAt?.toISOString() ?? null,
    finished_at: row.finishedAt?.toISOString() ?? null,
    duration_ms: duration,
    process_id: row.processId,
    waits_for: row.waitsFor,
    ignores_gates: row.ignoresGates,
    locks: row.locks,
    lock_wait_until: row.lockWaitUntil?.toISOString() ?? null,
    progress: row.progress,
    cancel_requested_at: row.cancelRequestedAt?.toISOString() ?? null,
    mode: row.mode,
    service_until: row.serviceUntil?.toISOString() ?? null,
    service: row.service === null ? null : viewOfService(row.service, new Date()),
  };
}
