import { z } from 'zod';
import { jobId } from '#domain/core/ids.ts';
import { dependsOn, triggers } from '#domain/dependencies/edge.ts';
import { lockNames } from '#domain/locks/named.ts';
import { calendarId } from '#domain/time/calendar/definition.ts';
import { cronIssue } from '#domain/time/cron.ts';
import { isTimeZone } from '#domain/time/zone.ts';
import { candleField, onClosed, sessionField, windowField } from './schedule-fields.ts';

export { candleMinutes } from './schedule-fields.ts';

export const reschedule = z.enum(['scheduler', 'queue']);
export const overlapPolicy = z.enum(['skip', 'queue', 'cancel_previous']);
export const jobMode = z.enum(['runs', 'service']);
export const misfirePolicy = z.enum(['skip', 'run_latest', 'run_all']);

const seconds = (min: number, max: number) => z.number().int().min(min).max(max);
const day = 86_400;

/** A queue's name: dotted words. Another scope's prefix is refused by the operation. */
export const queueName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,199}$/, 'lower-case letters, digits, ".", "_" and "-", at most 200');

// Rules stand on the inner schema: an edit takes the default off, and what was added after it would go too.
const cronExpr = z
  .string()
  .max(200, { error: 'a cron expression has at most 200 characters', abort: true })
  .superRefine((expr, context) => {
    const issue = cronIssue(expr);
    if (issue !== null) {
      context.addIssue({
        code: 'custom',
        message: issue.message,
        params: { code: issue.code, ...issue.params },
      });
    }
  });

const timeZone = z
  .string()
  .max(60)
  .refine(isTimeZone, { error: 'not an IANA time zone', params: { code: 'time_zone_unknown' } });

/**
 * The fields of a job that a person edits, under the names of the API, each with its default.
 * Every edit of these makes a new version.
 */
export const jobFields = z.object({
  description: z.string().max(2_000).default(''),
  task: z
    .string()
    .min(1)
    .max(100)
    .describe('The task the job runs: `command`, `http`, or `external` for consumers elsewhere.'),
  params: z
    .record(z.string(), z.json())
    .default({})
    .describe('Parameters of the task; validated by the task.'),
  queue: queueName,
  cron_expr: cronExpr.nullable().default(null).describe('5 or 6 fields (seconds first), in `time_zone`.'),
  interval_seconds: seconds(1, 366 * day)
    .nullable()
    .default(null),
  candle: candleField
    .nullable()
    .default(null)
    .describe("After each candle's close plus a buffer; also as text, `1h + 60s`."),
  session: sessionField
    .nullable()
    .default(null)
    .describe("Relative to the day's session; also as text, `close - 10m`. Needs a `calendar`."),
  time_zone: timeZone.default('Asia/Seoul'),
  calendar: calendarId
    .nullable()
    .default(null)
    .describe("`XKRX`, `CRYPTO` or a calendar of the scope's own."),
  on_closed: onClosed.default('skip').describe('On days the calendar is closed.'),
  window: windowField
    .nullable()
    .default(null)
    .describe('`session` or `HH:MM-HH:MM`, both ends included: nothing fires outside it.'),
  mode: jobMode
    .default('runs')
    .describe(
      '`service`: one run per session (by `calendar` and `window`; without either, per day) that ticks inside at `interval_seconds`.',
    ),
  reschedule_mode: reschedule.default('scheduler'),
  enabled: z.boolean().default(true),
  max_parallel: z.number().int().min(1).max(100).default(1),
  overlap: overlapPolicy.default('skip'),
  misfire: misfirePolicy.default('run_latest'),
  misfire_grace_sec: seconds(1, 30 * day)
    .default(60)
    .describe('A fire later than this is a misfire.'),
  timeout_sec: seconds(1, 7 * day).default(120),
  retry_limit: z.number().int().min(0).max(100).default(3).describe('0: never a second attempt.'),
  retry_delay_sec: seconds(1, day).default(60),
  retry_max_delay_sec: seconds(1, 7 * day).default(300),
  retry_jitter: z.number().min(0).max(1).default(0),
  priority: z.number().int().min(0).max(3).default(2).describe('0 urgent, 1 high, 2 medium, 3 low.'),
  resource_group: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/)
    .nullable()
    .default(null),
  locks: lockNames.default([]).describe('Named locks a run holds while it runs; all or none.'),
  lock_wait_sec: seconds(0, day)
    .default(0)
    .describe('How long a run waits for its locks; 0: skipped if one is taken.'),
  lock_timeout_sec: seconds(1, 7 * day)
    .default(300)
    .describe('An attempt that holds its locks for longer is ended.'),
  critical: z.boolean().default(false).describe('Its failures are urgent.'),
  telemetry_label: z.string().max(100).nullable().default(null),
  keep_runs: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .describe('Ended runs kept; older ones are pruned.'),
});

/** A complete, valid definition. */
export type JobDefinition = z.output<typeof jobFields>;
export type JobField = keyof JobDefinition;

/** Edges to other jobs, as a job writes them. They are no part of the definition: the graph is edited as a whole too. */
export const neighbourFields = {
  depends_on: dependsOn.optional().describe('Jobs this one waits for; an id alone is a gate on success.'),
  triggers: triggers.optional().describe('Jobs this one starts when it ends; an id alone is on success.'),
};

const aliases = {
  default_params: z.record(z.string(), z.json()).optional().describe('Another name of `params`.'),
};

function foldAliases<T extends { default_params?: unknown; params?: unknown }>(
  body: T,
): Omit<T, 'default_params'> {
  const { default_params, ...rest } = body;
  return default_params === undefined ? rest : { ...rest, params: default_params };
}

function bothParams(body: { default_params?: unknown; params?: unknown }): boolean {
  return body.default_params === undefined || body.params === undefined;
}
const bothParamsError = {
  path: ['default_params'],
  error: '`params` and `default_params` are the same field: give one',
  params: { code: 'alias_twice' },
};

const shape = jobFields.shape;

/** Body of a registration. `queue` defaults to `{scope}.jobs.{job_id}`; a queue without a task means `external`. */
export const registration = z
  .strictObject({
    job_id: jobId,
    ...shape,
    task: shape.task.optional(),
    queue: shape.queue.optional(),
    params: shape.params.removeDefault().optional(),
    time_zone: shape.time_zone.removeDefault().optional().describe("Default: the instance's zone."),
    ...neighbourFields,
    ...aliases,
  })
  .refine(bothParams, bothParamsError)
  .transform(foldAliases);
export type Registration = z.output<typeof registration>;

function withoutDefault(field: z.ZodType): z.ZodType {
  if (!(field instanceof z.ZodDefault)) return field;
  const inner = field.unwrap() as z.ZodType;
  return field.description === undefined ? inner : inner.describe(field.description);
}

/** Body of an edit: only the named fields change. `version` names the version the edit was made against. */
export const edit = z
  .strictObject({
    ...(Object.fromEntries(
      Object.entries(shape).map(([name, field]) => [name, withoutDefault(field).optional()]),
    ) as {
      [K in JobField]: z.ZodOptional<
        (typeof shape)[K] extends z.ZodDefault<infer Inner> ? Inner : (typeof shape)[K]
      >;
    }),
    ...neighbourFields,
    ...aliases,
    version: z
      .number()
      .int()
      .positive()
      .optional()
      .describe('The version this edit was made against; a stale one answers 409.'),
  })
  .refine(bothParams, bothParamsError)
  .transform(foldAliases);
export type JobEdit = z.output<typeof edit>;

/** How the job comes to run by itself; with a cron expression, the cron wins in scheduler mode. */
export const scheduleKinds = ['cron', 'candle', 'session', 'interval', 'service', 'queue', 'none'] as const;
export type ScheduleKind = (typeof scheduleKinds)[number];

export function scheduleKind(
  job: Pick<
    JobDefinition,
    'cron_expr' | 'interval_seconds' | 'reschedule_mode' | 'candle' | 'session' | 'mode'
  >,
): ScheduleKind {
  if (job.mode === 'service') return 'service';
  if (job.reschedule_mode === 'queue') return 'queue';
  if (job.cron_expr !== null) return 'cron';
  if (job.candle !== null) return 'candle';
  if (job.session !== null) return 'session';
  return job.interval_seconds === null ? 'none' : 'interval';
}

/** Queue mode plans by the interval whenever a run names no delay of its own, as one that was lost cannot. */
export function lacksInterval(job: Pick<JobDefinition, 'interval_seconds' | 'reschedule_mode'>): boolean {
  return job.reschedule_mode === 'queue' && job.interval_seconds === null;
}

/** One text per JSON value, whatever the order of its keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Field by field, what differs between two versions, in the order of the form. */
export function compareDefinitions(
  before: JobDefinition,
  after: JobDefinition,
): { field: JobField; before: unknown; after: unknown }[] {
  return (Object.keys(shape) as JobField[])
    .filter((field) => canonical(before[field]) !== canonical(after[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }));
}
