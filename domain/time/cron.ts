import { Cron } from 'croner';
import { type CronFields, type CronIssue, readCron } from './cron-fields.ts';

/**
 * Cron expressions in a time zone, by crontab's rules. What a change of the clock does follows vixie-cron:
 * - fixed times (no `*` and no step in second, minute and hour): a time the clock jumps over fires once, at the
 *   instant of the jump (several such times share that fire); a time that occurs twice fires the first time only;
 * - the others (`*\/10 * * * *`, `30 * * * *`) run by elapsed time: nothing fires for the hour that does not exist,
 *   and the doubled hour fires in both passes.
 */

/** What is wrong with the expression, or null. */
export function cronIssue(expr: string): CronIssue | null {
  const read = readCron(expr);
  return 'code' in read ? read : null;
}

/** Parsed expressions take croner about 80 kB and 0.1 ms each: kept, but not without bound. */
const cacheSize = 512;
const cache = new Map<string, Cron>();

function fieldsOf(expr: string): CronFields {
  const read = readCron(expr);
  if ('code' in read) throw new RangeError(`cron expression "${expr.slice(0, 60)}": ${read.message}`);
  return read;
}

function cronOf(expr: string, zone: string): Cron {
  const key = `${zone} ${expr}`;
  const known = cache.get(key);
  if (known !== undefined) {
    cache.delete(key);
    cache.set(key, known);
    return known;
  }
  const fields = fieldsOf(expr);
  const cron = new Cron(fields.text, {
    timezone: zone,
    paused: true,
    mode: '6-part',
    domAndDow: fields.bothDays,
    fixedTimeRule: 'no-wildcard',
  });
  if (cache.size >= cacheSize) {
    const oldest = cache.keys().next();
    if (oldest.done !== true) cache.delete(oldest.value);
  }
  cache.set(key, cron);
  return cron;
}

/** Whether the expression names fixed times of day, which decides what a change of the clock does. */
export function hasFixedTimes(expr: string): boolean {
  return fieldsOf(expr).fixedTimes;
}

/** The next fire strictly after an instant, or null when there is none. @throws RangeError for a bad expression or zone. */
export function nextCron(expr: string, zone: string, after: Date): Date | null {
  return cronOf(expr, zone).nextRun(after);
}

/**
 * Up to `count` newest fires in (after, before), oldest first: asked backwards in growing steps, so that the usual
 * answer of none or a few costs next to nothing.
 * @throws as {@link nextCron}.
 */
export function newestCrons(expr: string, zone: string, after: Date, before: Date, count: number): Date[] {
  const cron = cronOf(expr, zone);
  const found: Date[] = [];
  const next = cron.nextRun(after);
  if (next === null || next >= before) return found;
  for (let step = 2, until = before; found.length < count; step *= 4) {
    const asked = Math.min(step, count - found.length);
    const earlier = cron.previousRuns(asked, until);
    const within = earlier.filter((at) => at > after);
    found.push(...within);
    const last = within.at(-1);
    if (last === undefined || within.length < asked) break;
    until = last;
  }
  return found.toReversed();
}

/** The times of a day on which the expression fires at all. */
export function cronTimes(expr: string): Pick<CronFields, 'seconds' | 'minutes' | 'hours'> {
  return fieldsOf(expr);
}
