import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { conflict } from '#domain/core/errors.ts';
import type { JobField } from '#domain/jobs/definition.ts';
import { openStates, type RunReason } from '#domain/runs/run.ts';
import type { Calendar } from '#domain/time/calendar/calendar.ts';
import { scheduleOf } from '#domain/time/schedule.ts';
import {
  nextServiceSession,
  serviceSessionAt,
  type ServiceTimes,
  tickPoint,
} from '#domain/time/service-sessions.ts';
import { formatInZone } from '#domain/time/zone.ts';
import { cancelChannel } from '#db/core/changes.ts';
import type { Transaction } from '#db/core/client.ts';
import { runs } from '#db/runs/schema.ts';
import { definitionOf, type JobRow } from './rows.ts';

/** Fields that a running service does not live by: all others take effect by starting it anew. */
const harmless: readonly JobField[] = [
  'description',
  'queue',
  'overlap',
  'misfire',
  'misfire_grace_sec',
  'retry_limit',
  'retry_delay_sec',
  'retry_max_delay_sec',
  'retry_jitter',
  'priority',
  'lock_wait_sec',
  'lock_timeout_sec',
  'critical',
  'telemetry_label',
  'keep_runs',
];

export function restartsService(changed: readonly JobField[]): boolean {
  return changed.some((field) => !harmless.includes(field));
}

/** The job's row is locked: no other is started meanwhile. Those asked to stop do not count. */
function openServices(job: number, now: Date) {
  return and(
    eq(runs.job, job),
    eq(runs.mode, 'service'),
    inArray(runs.state, [...openStates]),
    isNull(runs.cancelRequestedAt),
    sql`${runs.serviceUntil} > ${now.toISOString()}::timestamptz`,
  );
}

/** Asks the open services of a job to stop. @returns how many there were. */
export async function stopServices(
  tx: Transaction,
  job: JobRow,
  now: Date,
  reason: RunReason,
): Promise<number> {
  const asked = await tx
    .update(runs)
    .set({ cancelRequestedAt: now, cancelReason: reason })
    .where(openServices(job.id, now))
    .returning({ id: runs.id });
  for (const { id } of asked) await tx.execute(sql`select pg_notify(${cancelChannel}, ${id})`);
  return asked.length;
}

function timesOf(job: JobRow, calendar: Calendar | null): ServiceTimes | null {
  const schedule = scheduleOf({ ...definitionOf(job), schedule_anchor: job.scheduleAnchor }, calendar);
  return schedule.kind === 'service' ? schedule : null;
}

/** @throws Problem 409 when a service of the job is open. */
export async function refuseSecondService(tx: Transaction, job: JobRow, now: Date): Promise<void> {
  const [open] = await tx.select({ id: runs.id }).from(runs).where(openServices(job.id, now)).limit(1);
  if (open === undefined) return;
  throw conflict(
    'service_running',
    `The service "${job.jobId}" is running: there is never a second one. Cancel its run to start it anew.`,
    { job_id: job.jobId, run_id: open.id },
  );
}

/**
 * The columns of a run by hand: a service runs for the rest of the session that is on; {} for any other job.
 * @throws Problem 409 outside the session, and while it runs.
 */
export async function serviceNow(tx: Transaction, job: JobRow, calendar: Calendar | null, now: Date) {
  const times = job.mode === 'service' ? timesOf(job, calendar) : null;
  if (times === null) return {};
  const session = serviceSessionAt(times.hours, now);
  if (session === null) {
    const start = nextServiceSession(times.hours, now)?.start ?? null;
    const next = start === null ? null : formatInZone(start, job.timeZone, 'minute');
    throw conflict(
      'service_outside_session',
      `The service "${job.jobId}" runs during its session only${next === null ? '' : `; the next one starts at ${next}`}.`,
      { job_id: job.jobId, next: next ?? '–' },
    );
  }
  await refuseSecondService(tx, job, now);
  return {
    scheduledFor: tickPoint(session.start, times.seconds, now),
    serviceUntil: session.end,
    tradingDay: session.tradingDay,
  };
}

/** A session that moved, moves the end of the service that runs in it; one that is gone ends it. */
export async function moveSessions(
  tx: Transaction,
  job: JobRow,
  calendar: Calendar | null,
  now: Date,
): Promise<void> {
  const times = job.mode === 'service' ? timesOf(job, calendar) : null;
  if (times === null) return;
  await tx
    .update(runs)
    .set({ serviceUntil: serviceSessionAt(times.hours, now)?.end ?? now })
    .where(openServices(job.id, now));
}
