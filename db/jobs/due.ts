import type { JobDefinition } from '#domain/jobs/definition.ts';
import { firstFree } from '#domain/time/bounds.ts';
import type { Calendar } from '#domain/time/calendar/calendar.ts';
import { nextAfter, scheduleOf } from '#domain/time/schedule.ts';
import { serviceSessionAt } from '#domain/time/service-sessions.ts';

/** The fields whose edit starts the schedule anew. */
export const scheduleFields = [
  'cron_expr',
  'interval_seconds',
  'candle',
  'session',
  'time_zone',
  'calendar',
  'on_closed',
  'window',
  'reschedule_mode',
  'mode',
  'enabled',
] as const satisfies readonly (keyof JobDefinition)[];

/**
 * Where a schedule stands that begins now: queue mode is due at once, a service in its session too, a paused job never.
 * @param calendar the definition's, with its exceptions.
 * @param now scope time.
 */
export function firstDue(definition: JobDefinition, calendar: Calendar | null, now: Date): Date | null {
  if (!definition.enabled) return null;
  const schedule = scheduleOf({ ...definition, schedule_anchor: now }, calendar);
  if (schedule.kind === 'service' && serviceSessionAt(schedule.hours, now) !== null) return now;
  return schedule.kind === 'queue' ? firstFree(schedule.bounds, now) : nextAfter(schedule, now);
}
