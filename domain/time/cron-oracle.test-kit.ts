import * as fc from 'fast-check';
import { cronIssue } from './cron.ts';
import { clockChanges, wallOf, wallAsUtc } from './zone.ts';

/**
 * An independent reading of crontab's rules for tests: steps through every minute and looks at the zone's clock.
 * Understands numbers, lists, ranges and steps; fires at second 0.
 */
export const oracleZones = [
  'Asia/Seoul',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
] as const;

const bounds = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

function matches(field: string, index: number, value: number): boolean {
  const [min, max] = bounds[index] ?? [0, 0];
  return field.split(',').some((part) => {
    const [span = '', step = '1'] = part.split('/');
    const [low = min, high = part.includes('/') || span === '*' ? max : low] =
      span === '*' ? [min, max] : span.split('-').map(Number);
    return value >= low && value <= high && (value - low) % Number(step) === 0;
  });
}

function wallMatches(fields: readonly string[], wall: Date): boolean {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const onDay = matches(day, 2, wall.getUTCDate());
  const sunday = wall.getUTCDay() === 0 && !weekday.startsWith('*') && matches(weekday, 4, 7);
  const onWeekday = matches(weekday, 4, wall.getUTCDay()) || sunday;
  const either = !day.startsWith('*') && !weekday.startsWith('*');
  return (
    matches(minute, 0, wall.getUTCMinutes()) &&
    matches(hour, 1, wall.getUTCHours()) &&
    matches(month, 3, wall.getUTCMonth() + 1) &&
    (either ? onDay || onWeekday : onDay && onWeekday)
  );
}

const minute = 60_000;

/** Every fire in (from, until]. */
export function cronFires(expr: string, zone: string, from: Date, until: Date): Date[] {
  const fields = expr.split(' ');
  const fixed = !/[*/]/.test(`${fields[0]}${fields[1]}`);
  const changes = clockChanges(zone, new Date(from.getTime() - 86_400_000), until);
  const fires: Date[] = [];
  for (let at = from.getTime() + minute; at <= until.getTime(); at += minute) {
    const wall = wallAsUtc(wallOf(new Date(at), zone));
    const repeated = changes.some(
      (change) =>
        change.after < change.before &&
        at >= change.at.getTime() &&
        wall.getTime() < change.at.getTime() + change.before,
    );
    const jump = changes.find((change) => change.at.getTime() === at && change.after > change.before);
    let due = wallMatches(fields, wall) && !(fixed && repeated);
    if (jump !== undefined && fixed) {
      for (let missed = at + jump.before; missed < at + jump.after; missed += minute)
        due ||= wallMatches(fields, new Date(missed));
    }
    if (due) fires.push(new Date(at));
  }
  return fires;
}

function field(index: number): fc.Arbitrary<string> {
  const [min, max] = bounds[index] ?? [0, 0];
  const number = fc.integer({ min, max });
  const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: 6 });
  const item = fc.oneof(
    number.map(String),
    range,
    fc.tuple(range, step).map(([r, s]) => `${r}/${s}`),
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    { weight: 1, arbitrary: step.map((s) => `*/${s}`) },
    { weight: 3, arbitrary: number.map(String) },
    { weight: 3, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(',')) },
  );
}

const hours = fc.oneof(field(1), fc.constantFrom('1', '2', '3', '1,2', '0-3', '2-4/2'));
const rarely = (index: number) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant('*') }, { weight: 1, arbitrary: field(index) });

/** A random five-field expression, leaning to the hours in which clocks change. */
export const cronText = fc
  .tuple(field(0), hours, rarely(2), rarely(3), rarely(4))
  .map((fields) => fields.join(' '))
  .filter((text) => cronIssue(text) === null);
