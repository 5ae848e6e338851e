import { cronTimes } from './cron.ts';
import { freeUntil } from './bounds.ts';
import { dayMs } from './calendar/day.ts';
import { type Schedule, nextAfter } from './schedule.ts';
import { fixedOffset, offsetMs } from './zone.ts';

/** How many fires there are; `more`: at least so many. */
export interface FireCount {
  readonly count: number;
  readonly more: boolean;
}

/** Members of an ascending list that are smaller than a value. */
function below(values: readonly number[], value: number): number {
  const index = values.findIndex((member) => member >= value);
  return index === -1 ? values.length : index;
}

/** Fires of a cron's day from its midnight up to and including a second of it. */
function firesUpTo(expr: string, second: number): number {
  const { hours, minutes, seconds } = cronTimes(expr);
  const hour = Math.floor(second / 3_600);
  const minute = Math.floor((second % 3_600) / 60);
  const perHour = minutes.length * seconds.length;
  const before = below(hours, hour) * perHour;
  if (!hours.includes(hour)) return before;
  const inHour = before + below(minutes, minute) * seconds.length;
  return minutes.includes(minute) ? inHour + below(seconds, (second % 60) + 1) : inHour;
}

/** Where one step of counting ends: fires in [first, end] by arithmetic; null: only the first is known. */
interface Stretch {
  readonly end: Date;
  readonly count: number;
}

/** The rest of the cron's day: it fires on that day, so that all its times do, unless the clock changes. */
function cronStretch(expr: string, zone: string, first: Date, until: Date): Stretch | null {
  const offset = fixedOffset(zone) ?? offsetMs(first, zone);
  const wall = first.getTime() + offset;
  const midnight = Math.floor(wall / dayMs) * dayMs;
  const end = new Date(Math.min(until.getTime(), midnight + dayMs - 1 - offset));
  const whole = new Date(midnight + dayMs - offset);
  const changes =
    fixedOffset(zone) === null && offsetMs(new Date(midnight - offset), zone) !== offsetMs(whole, zone);
  if (changes) return null;
  const second = (at: number) => Math.floor((at + offset - midnight) / 1_000);
  return {
    end,
    count: firesUpTo(expr, second(end.getTime())) - firesUpTo(expr, second(first.getTime())) + 1,
  };
}

function stretchOf(schedule: Schedule, first: Date, until: Date): Stretch | null {
  if (schedule.kind === 'interval')
    return {
      end: until,
      count: Math.floor((until.getTime() - first.getTime()) / (schedule.seconds * 1_000)) + 1,
    };
  return schedule.kind === 'cron' ? cronStretch(schedule.expr, schedule.zone, first, until) : null;
}

/**
 * How many fires lie in (after, until]. Intervals and crons are reckoned a day at a time, whatever their pace;
 * candles, sessions and days on which the clock changes are gone through, fire by fire, for at most `steps`.
 */
export function countWithin(schedule: Schedule, after: Date, until: Date, steps: number): FireCount {
  let count = 0;
  let at = nextAfter(schedule, after);
  for (let step = 0; at !== null && at <= until; step += 1) {
    if (step >= steps) return { count, more: true };
    const free = schedule.bounds === undefined ? null : freeUntil(schedule.bounds, at);
    const end = free !== null && free < until ? free : until;
    const stretch = stretchOf(schedule, at, end);
    count += stretch?.count ?? 1;
    at = nextAfter(schedule, stretch?.end ?? at);
  }
  return { count, more: false };
}
