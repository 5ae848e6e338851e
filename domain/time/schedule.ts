import { type JobDefinition, scheduleKind } from '#domain/jobs/definition.ts';
import { newestCrons, nextCron } from './cron.ts';

/** When a job comes due by itself. Intervals fire at anchor + k * seconds, k >= 1; `queue` and `none` have no fires of their own. */
export type Schedule =
  | { readonly kind: 'cron'; readonly expr: string; readonly zone: string }
  | { readonly kind: 'interval'; readonly seconds: number; readonly anchor: Date }
  | { readonly kind: 'queue' }
  | { readonly kind: 'none' };

type ScheduleFields = Pick<
  JobDefinition,
  'cron_expr' | 'interval_seconds' | 'time_zone' | 'reschedule_mode'
> & {
  readonly schedule_anchor: Date;
};

/** The schedule a job's fields amount to; with a cron expression and an interval, the cron wins. */
export function scheduleOf(job: ScheduleFields): Schedule {
  const kind = scheduleKind(job);
  if (kind === 'cron' && job.cron_expr !== null) return { kind, expr: job.cron_expr, zone: job.time_zone };
  if (kind === 'interval' && job.interval_seconds !== null) {
    return { kind, seconds: job.interval_seconds, anchor: job.schedule_anchor };
  }
  return { kind: kind === 'queue' ? 'queue' : 'none' };
}

type Interval = Extract<Schedule, { kind: 'interval' }>;

/** The number of fires of an interval at or before an instant. */
function intervalFires(schedule: Interval, until: Date): number {
  return Math.max(0, Math.floor((until.getTime() - schedule.anchor.getTime()) / (schedule.seconds * 1_000)));
}

const intervalFire = (schedule: Interval, k: number) =>
  new Date(schedule.anchor.getTime() + k * schedule.seconds * 1_000);

/** The first fire strictly after an instant; null when there is none. @throws RangeError for a bad cron expression or zone. */
export function nextAfter(schedule: Schedule, after: Date): Date | null {
  switch (schedule.kind) {
    case 'cron':
      return nextCron(schedule.expr, schedule.zone, after);
    case 'interval':
      return intervalFire(schedule, intervalFires(schedule, after) + 1);
    case 'queue':
    case 'none':
      return null;
  }
}

/** The newest fires in (after, until], at most `count`, oldest first. Costs by `count`, not by what lies between. */
export function newestFires(schedule: Schedule, after: Date, until: Date, count: number): Date[] {
  if (until <= after || count < 1) return [];
  switch (schedule.kind) {
    case 'cron':
      return newestCrons(schedule.expr, schedule.zone, after, new Date(until.getTime() + 1), count);
    case 'interval': {
      const last = intervalFires(schedule, until);
      const first = Math.max(intervalFires(schedule, after) + 1, last - count + 1);
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
        intervalFire(schedule, first + index),
      );
    }
    case 'queue':
    case 'none':
      return [];
  }
}

/** How many fires lie in (after, until]: exact for intervals, counted up to `cap` for crons (`more`: there are further ones). */
export function countFires(
  schedule: Schedule,
  after: Date,
  until: Date,
  cap: number,
): { count: number; more: boolean } {
  if (schedule.kind === 'interval') {
    const count = until <= after ? 0 : intervalFires(schedule, until) - intervalFires(schedule, after);
    return { count, more: false };
  }
  const { fires, more } = oldestFires(schedule, after, until, cap);
  return { count: fires.length, more };
}

function oldestFires(
  schedule: Schedule,
  after: Date,
  until: Date,
  cap: number,
): { fires: Date[]; more: boolean } {
  const fires: Date[] = [];
  for (let at = nextAfter(schedule, after); at !== null && at <= until; at = nextAfter(schedule, at)) {
    if (fires.length >= cap) return { fires, more: true };
    fires.push(at);
  }
  return { fires, more: false };
}

/**
 * The oldest fires in (afterExclusive, untilInclusive], at most `cap`; whether there are more; and the newest of
 * them all, which is found from the end, so that a year of seconds costs no more than a minute.
 */
export function firesBetween(
  schedule: Schedule,
  afterExclusive: Date,
  untilInclusive: Date,
  cap: number,
): { fires: Date[]; more: boolean; latest: Date | null } {
  const { fires, more } = oldestFires(schedule, afterExclusive, untilInclusive, cap);
  const latest = more ? newestFires(schedule, afterExclusive, untilInclusive, 1).at(-1) : fires.at(-1);
  return { fires, more, latest: latest ?? null };
}
