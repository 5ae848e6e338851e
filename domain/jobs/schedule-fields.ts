import { z } from 'zod';
import type { FieldIssue } from '#domain/core/errors.ts';
import { readWindow } from '#domain/time/bounds.ts';

/** Minutes of each candle; null: one per session. */
export const candleMinutes = {
  '1m': 1,
  '3m': 3,
  '5m': 5,
  '10m': 10,
  '15m': 15,
  '30m': 30,
  '1h': 60,
  '4h': 240,
  '1d': null,
} as const;
export type CandleInterval = keyof typeof candleMinutes;

function isCandleInterval(text: string): text is CandleInterval {
  return Object.hasOwn(candleMinutes, text);
}
const candleIntervals = Object.keys(candleMinutes).filter(isCandleInterval);
export const candleLength = z.enum(candleIntervals);

const halfDayMin = 720;
const unitSeconds: Readonly<Record<string, number>> = { s: 1, sec: 1, m: 60, min: 60, h: 3_600 };

/** `1h + 60s`, `15m`: null when it is not of that form. */
export function readCandle(text: string): { interval: string; buffer_sec: number } | null {
  const match = /^\s*(\d+[mhd])\s*(?:\+\s*(\d{1,5})\s*(s|sec|m|min|h)\s*)?$/.exec(text);
  if (match === null) return null;
  const [, interval = '', amount = '0', unit = 's'] = match;
  return { interval, buffer_sec: Number(amount) * (unitSeconds[unit] ?? 1) };
}

/** `close - 10m`, `open`, `continuous_close + 5m`: null when it is not of that form. */
export function readSession(text: string): { anchor: string; offset_min: number } | null {
  const match = /^\s*(open|continuous_close|close)\s*(?:([+\-−])\s*(\d{1,4})\s*(m|min|h)\s*)?$/.exec(text);
  if (match === null) return null;
  const [, anchor = '', sign = '+', amount = '0', unit = 'm'] = match;
  const minutes = Number(amount) * (unit === 'h' ? 60 : 1);
  return { anchor, offset_min: sign === '+' || minutes === 0 ? minutes : -minutes };
}

export function writeCandle(candle: { readonly interval: string; readonly buffer_sec: number }): string {
  return candle.buffer_sec === 0 ? candle.interval : `${candle.interval} + ${candle.buffer_sec}s`;
}

export function writeSession(session: { readonly anchor: string; readonly offset_min: number }): string {
  if (session.offset_min === 0) return session.anchor;
  return `${session.anchor} ${session.offset_min < 0 ? '-' : '+'} ${Math.abs(session.offset_min)}m`;
}

/** Takes the text form of an object too. */
function textForm<Schema extends z.ZodType>(
  schema: Schema,
  read: (text: string) => unknown,
  code: string,
  form: string,
) {
  return z.preprocess((value, context) => {
    if (typeof value !== 'string') return value;
    const found = read(value);
    if (found !== null) return found;
    context.addIssue({ code: 'custom', message: `not of the form ${form}`, params: { code } });
    return z.NEVER;
  }, schema);
}

export const candleField = textForm(
  z.strictObject({
    interval: z.enum(candleIntervals),
    buffer_sec: z
      .number()
      .int()
      .min(0)
      .max(halfDayMin * 60)
      .default(0),
  }),
  readCandle,
  'candle_form',
  '`1h + 60s`',
);

export const sessionField = textForm(
  z.strictObject({
    anchor: z.enum(['open', 'continuous_close', 'close']),
    offset_min: z.number().int().min(-halfDayMin).max(halfDayMin).default(0).describe('Negative: before.'),
  }),
  readSession,
  'session_form',
  '`close - 10m`',
);

export const windowField = z
  .string()
  .max(20)
  .refine((text) => readWindow(text) !== null, {
    error: '`session`, or `HH:MM-HH:MM` in `time_zone`',
    params: { code: 'window_form' },
  });

export const onClosed = z.enum(['skip', 'run']);

interface Kinds {
  readonly cron_expr: string | null;
  readonly interval_seconds: number | null;
  readonly reschedule_mode: 'scheduler' | 'queue';
  readonly candle: unknown;
  readonly session: unknown;
  readonly window: string | null;
  readonly calendar: string | null;
  readonly mode: 'runs' | 'service';
}

function issue(field: string, code: string, message: string, params: FieldIssue['params'] = {}): FieldIssue {
  return { path: [field], code, message, params };
}

/** A service ticks at its interval during its hours; every other kind of schedule is another job. */
function serviceIssues(job: Kinds): FieldIssue[] {
  const issues: FieldIssue[] = [];
  for (const field of ['cron_expr', 'candle', 'session'] as const)
    if (job[field] !== null)
      issues.push(
        issue(
          field,
          'service_has_hours',
          `a service runs all through its hours: take \`${field}\` off and give \`calendar\` or \`window\`, or set \`mode\` to \`runs\``,
          { field },
        ),
      );
  if (job.reschedule_mode === 'queue')
    issues.push(
      issue(
        'reschedule_mode',
        'service_in_queue_mode',
        'a service is started by its hours: set `reschedule_mode` to `scheduler`, or `mode` to `runs`',
      ),
    );
  if (job.interval_seconds === null)
    issues.push(
      issue(
        'interval_seconds',
        'service_needs_interval',
        'a service ticks at an interval: give `interval_seconds`, from 1 on',
      ),
    );
  if (job.window === 'session' && job.calendar === null)
    issues.push(
      issue('calendar', 'calendar_needed', 'the window `session` needs a calendar', { by: 'window' }),
    );
  return issues;
}

/** What else of a job does not go with service mode. */
export function serviceFieldIssues(job: {
  readonly mode: 'runs' | 'service';
  readonly task: string;
  readonly max_parallel: number;
  readonly locks: readonly string[];
}): FieldIssue[] {
  if (job.mode !== 'service') return [];
  const issues: FieldIssue[] = [];
  if (job.task === 'external')
    issues.push(
      issue(
        'task',
        'service_external',
        'a consumer elsewhere has a loop of its own: set `mode` to `runs`, or let the service run a command or a request',
      ),
    );
  if (job.max_parallel !== 1)
    issues.push(
      issue('max_parallel', 'service_is_one', 'a service runs once at a time: set `max_parallel` to 1'),
    );
  if (job.locks.length > 0)
    issues.push(
      issue(
        'locks',
        'service_locks',
        'a service would hold its locks all session: take them off, and give them to the jobs that need them',
      ),
    );
  return issues;
}

/** What the schedule's fields may not be together, each under the field to change. */
export function scheduleIssues(job: Kinds): FieldIssue[] {
  if (job.mode === 'service') return serviceIssues(job);
  const issues: FieldIssue[] = [];
  const given = (['cron_expr', 'candle', 'session', 'interval_seconds'] as const).filter(
    (f) => job[f] !== null,
  );
  for (const field of ['candle', 'session'] as const) {
    const other = given.find((name) => name !== field);
    if (job[field] === null) continue;
    if (other !== undefined)
      issues.push(
        issue(field, 'schedule_twice', `a job has one schedule: give \`${field}\` or \`${other}\``, {
          field,
          other,
        }),
      );
    if (job.reschedule_mode === 'queue')
      issues.push(
        issue(field, 'schedule_in_queue_mode', 'queue mode runs again after each end: no fixed times'),
      );
  }
  if (job.session !== null && job.calendar === null)
    issues.push(
      issue('calendar', 'calendar_needed', 'a session schedule needs a calendar', { by: 'session' }),
    );
  if (job.window === 'session' && job.calendar === null)
    issues.push(
      issue('calendar', 'calendar_needed', 'the window `session` needs a calendar', { by: 'window' }),
    );
  return issues;
}
