import type { ErrorParams } from '#domain/core/errors.ts';

/** What is wrong with an expression: `errors.<code>` with these params, and an English sentence for the API. */
export interface CronIssue {
  readonly code:
    | 'cron_too_long'
    | 'cron_macro'
    | 'cron_field_count'
    | 'cron_syntax'
    | 'cron_out_of_range'
    | 'cron_never_fires';
  readonly message: string;
  readonly params: ErrorParams;
}

interface FieldSpec {
  /** Its name in params and, with spaces, in English messages. */
  readonly name: 'second' | 'minute' | 'hour' | 'day_of_month' | 'month' | 'day_of_week';
  readonly min: number;
  readonly max: number;
  readonly names?: Readonly<Record<string, number>>;
}

const numbered = (names: string, first: number) =>
  Object.fromEntries(names.split(' ').map((name, index) => [name, index + first]));

const specs: readonly FieldSpec[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day_of_month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: numbered('JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC', 1) },
  { name: 'day_of_week', min: 0, max: 7, names: numbered('SUN MON TUE WED THU FRI SAT', 0) },
];

const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

export const cronMaxLength = 200;

/** A well-formed expression: six fields of digits and `* , - /` only (names are numbers), and what they mean. */
export interface CronFields {
  readonly text: string;
  /**
   * crontab(5): with both day fields restricted either one is enough, but a field that starts with `*`
   * does not count as restricted, so that with such a field both must match.
   */
  readonly bothDays: boolean;
  /** No wildcard and no step in second, minute and hour: the times of day are fixed. Decides what a clock change does. */
  readonly fixedTimes: boolean;
  /** The times of a day that has any, each ascending and once. */
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
}

const issue = (code: CronIssue['code'], message: string, params: ErrorParams): CronIssue => ({
  code,
  message,
  params,
});
const label = (spec: FieldSpec) => spec.name.replaceAll('_', ' ');

function syntax(spec: FieldSpec, part: string): CronIssue {
  return issue('cron_syntax', `${label(spec)} "${part}" is not a number, name, range, step or list`, {
    field: spec.name,
    value: part,
  });
}

function outside(spec: FieldSpec, value: string): CronIssue {
  const { name: field, min, max } = spec;
  return issue('cron_out_of_range', `${label(spec)} ${value} is outside ${min}-${max}`, {
    field,
    value,
    min,
    max,
  });
}

type Reading = { readonly text: string; readonly values: readonly number[] } | CronIssue;

function readNumber(spec: FieldSpec, part: string): number | CronIssue {
  const named = spec.names?.[part.toUpperCase()];
  if (named !== undefined) return named;
  if (!/^\d+$/.test(part)) return syntax(spec, part);
  const value = Number(part);
  return value < spec.min || value > spec.max ? outside(spec, part) : value;
}

function readStep(spec: FieldSpec, part: string): number | CronIssue {
  const widest = spec.name === 'day_of_week' ? 7 : spec.max - spec.min + 1;
  if (!/^\d+$/.test(part)) return syntax(spec, `/${part}`);
  const step = Number(part);
  if (step >= 1 && step <= widest) return step;
  return issue('cron_out_of_range', `${label(spec)} step ${part} is outside 1-${widest}`, {
    field: `${spec.name}_step`,
    value: part,
    min: 1,
    max: widest,
  });
}

function range(low: number, high: number, step: number): number[] {
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, index) => low + index * step);
}

function readPart(spec: FieldSpec, part: string): Reading {
  const [span = '', stepText, ...rest] = part.split('/');
  if (rest.length > 0) return syntax(spec, part);
  const step = stepText === undefined ? 1 : readStep(spec, stepText);
  if (typeof step !== 'number') return step;
  const suffix = stepText === undefined ? '' : `/${step}`;
  if (span === '*') {
    const top = spec.name === 'day_of_week' ? 6 : spec.max;
    return { text: `*${suffix}`, values: range(spec.min, top, step) };
  }
  const [lowText = '', highText, ...more] = span.split('-');
  if (more.length > 0 || (highText === undefined && stepText !== undefined)) return syntax(spec, part);
  const low = readNumber(spec, lowText);
  if (typeof low !== 'number') return low;
  if (highText === undefined) return { text: String(low), values: [low] };
  let high = readNumber(spec, highText);
  if (typeof high !== 'number') return high;
  // Sunday ends a week too: FRI-SUN is 5-7.
  if (spec.name === 'day_of_week' && high === 0 && low > 0) high = 7;
  if (low > high) return syntax(spec, part);
  return { text: `${low}-${high}${suffix}`, values: range(low, high, step) };
}

function readField(spec: FieldSpec, text: string): Reading {
  const readings = text.split(',').map((part) => readPart(spec, part));
  const values: number[] = [];
  const texts: string[] = [];
  for (const reading of readings) {
    if ('code' in reading) return reading;
    values.push(...reading.values);
    texts.push(reading.text);
  }
  return { text: texts.join(','), values };
}

const longestMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads 5 or 6 fields (seconds first) or a macro such as `@hourly`. `L`, `W`, `#`, `?` and wrap-around ranges
 * (`22-4`) are refused: crontabs differ on them.
 */
export function readCron(expr: string): CronFields | CronIssue {
  if (expr.length > cronMaxLength) {
    return issue('cron_too_long', `a cron expression has at most ${cronMaxLength} characters`, {
      max: cronMaxLength,
    });
  }
  const trimmed = expr.trim();
  const expanded = trimmed.startsWith('@') ? macros[trimmed.toLowerCase()] : trimmed;
  if (expanded === undefined) {
    return issue('cron_macro', `"${trimmed}" is not one of ${Object.keys(macros).join(', ')}`, {
      value: trimmed,
    });
  }
  const words = expanded === '' ? [] : expanded.split(/\s+/);
  if (words.length !== 5 && words.length !== 6) {
    return issue(
      'cron_field_count',
      `a cron expression has 5 fields, or 6 with seconds first, not ${words.length}`,
      {
        count: words.length,
      },
    );
  }
  const texts = words.length === 5 ? ['0', ...words] : words;
  const fields: { text: string; values: readonly number[] }[] = [];
  for (const [index, spec] of specs.entries()) {
    const reading = readField(spec, texts[index] ?? '');
    if ('code' in reading) return reading;
    fields.push(reading);
  }
  return meaning(fields);
}

function meaning(fields: readonly { text: string; values: readonly number[] }[]): CronFields | CronIssue {
  const [second, minute, hour, day, month, weekday] = fields.map((field) => field.text);
  const bothDays = day?.startsWith('*') === true || weekday?.startsWith('*') === true;
  const days = fields[3]?.values ?? [];
  const months = fields[4]?.values ?? [];
  const exists = months.some((m) => days.some((d) => d <= (longestMonth[m - 1] ?? 0)));
  if (bothDays && !exists) {
    return issue('cron_never_fires', `day ${day} of month ${month} does not exist: this never fires`, {
      day: day ?? '',
      month: month ?? '',
    });
  }
  const ascending = (index: number) => [...new Set(fields[index]?.values)].sort((a, b) => a - b);
  return {
    text: fields.map((field) => field.text).join(' '),
    bothDays,
    fixedTimes: !/[*/]/.test(`${second}${minute}${hour}`),
    seconds: ascending(0),
    minutes: ascending(1),
    hours: ascending(2),
  };
}
