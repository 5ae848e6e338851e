import type { JobDefinition } from '#domain/jobs/definition.ts';
import { nextAfter, scheduleOf } from '#domain/time/schedule.ts';

/** The fields whose edit starts the schedule anew. */
export const scheduleFields = [
  'cron_expr',
  'interval_seconds',
  'time_zone',
  'reschedule_mode',
  'enabled',
] as const satisfies readonly (keyof JobDefinition)[];

/**
 * Where a schedule stands that begins now: queue mode is due at once, a paused job never.
 * @param now scope time.
 */
export function firstDue(definition: JobDefinition, now: Date): Date | null {
  if (!definition.enabled) return null;
  const schedule = scheduleOf({ ...definition, schedule_anchor: now });
  return schedule.kind === 'queue' ? now : nextAfter(schedule, now);
}
