import { z } from 'zod';

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

/** The built-in tasks and the schema of their parameters. */
export const taskParams = { command: commandParams, http: httpParams, external: externalParams } as const;
export type BuiltinTask = keyof typeof taskParams;

export function isBuiltinTask(task: string): task is BuiltinTask {
  return Object.hasOwn(taskParams, task);
}
export const builtinTasks = Object.keys(taskParams).filter(isBuiltinTask);

/** Tasks that get a desk out of its positions: no gate, full group or quarantine holds them. */
const exitTasks: ReadonlySet<string> = new Set(['position_management', 'market_monitor', 'flatten']);
export function isExitTask(task: string): boolean {
  return exitTasks.has(task);
}
