import { z } from 'zod';
import { candleLength } from './schedule-fields.ts';

const environment = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not a name of an environment variable'),
  z.string(),
);

/** Parameters of `command`: an argv that is run without a shell. */
export const commandParams = z.strictObject({
  argv: z
    .array(z.string().max(32_768))
    .min(1, 'name the program to run')
    .refine((argv) => argv[0] !== '', 'the program is empty'),
  cwd: z.string().min(1).optional(),
  env: environment.optional(),
  stdin: z.string().max(1_000_000).optional(),
});
export type CommandParams = z.output<typeof commandParams>;

/** Parameters of `http`: one request and the statuses that count as success. */
export const httpParams = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'an http or https address' }),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']).default('GET'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.json().optional().describe('A string is sent as it is, anything else as JSON.'),
  expected_status: z
    .array(z.number().int().min(100).max(599))
    .min(1)
    .optional()
    .describe('Default: any 2xx.'),
});
export type HttpParams = z.output<typeof httpParams>;

/** Parameters of `external`: whatever the consumer expects. */
export const externalParams = z.record(z.string(), z.json());

const traderIds = z.array(z.string().min(1).max(40)).min(1).optional().describe('Only these; left out: all.');
const someTraders = z.strictObject({ traders: traderIds });
const someDay = z.strictObject({
  date: z.iso.date().optional().describe('Trading day; left out: the one of the run.'),
});

/** Parameters of `collect_candles`. */
export const collectParams = z.strictObject({
  interval: candleLength.default('1m'),
  symbols: z.array(z.string().min(1).max(40)).min(1).optional().describe('Left out: all of the feed.'),
  lookback_min: z
    .int()
    .min(1)
    .max(525_600)
    .default(1_440)
    .describe('How far back to begin where nothing is stored yet, in minutes.'),
});

/** The built-in tasks and the schema of their parameters. */
export const taskParams = {
  command: commandParams,
  http: httpParams,
  external: externalParams,
  trading_cycle: someTraders,
  position_management: someTraders,
  market_monitor: z.strictObject({}),
  flatten: someTraders,
  daily_settlement: someDay,
  daily_report: someDay,
  collect_candles: collectParams,
  system_check: z.strictObject({}),
} as const;
export type BuiltinTask = keyof typeof taskParams;

export function isBuiltinTask(task: string): task is BuiltinTask {
  return Object.hasOwn(taskParams, task);
}
export const builtinTasks = Object.keys(taskParams).filter(isBuiltinTask);

const generalTasks = ['command', 'http', 'external'] as const;
/** The tasks of the trading desk itself. */
export const deskTasks = builtinTasks.filter(
  (task): task is Exclude<BuiltinTask, (typeof generalTasks)[number]> =>
    !generalTasks.some((general) => general === task),
);

/** Tasks that get a desk out of its positions: no gate, full group or quarantine holds them. */
const exitTasks: ReadonlySet<string> = new Set(['position_management', 'market_monitor', 'flatten']);
export function isExitTask(task: string): boolean {
  return exitTasks.has(task);
}

/** The reserved group of every scope: nothing else ever fills its slots. */
export const exitGroup = 'exits';

/** The group whose slots a job's runs take: a way out has its own, whatever was chosen. */
export function roomOf(job: {
  readonly task: string;
  readonly resource_group: string | null;
}): string | null {
  return isExitTask(job.task) ? exitGroup : job.resource_group;
}
