/**
 * What a plug-in imports as `bellkeeper`. Kept small and stable: a plug-in outlives versions of this project.
 */
import { z } from 'zod';

export { z };

/** The run a task is called for, under the names of the API. */
export interface PluginRun {
  readonly scope: string;
  readonly job_id: string;
  /** The same on every attempt: the key for whatever must happen once. */
  readonly run_id: string;
  /** Counts from 1. */
  readonly attempt: number;
  readonly trigger_source: string;
  /** RFC 3339 in UTC: the nominal time of the fire. */
  readonly scheduled_for: string;
  /** YYYY-MM-DD. */
  readonly trading_day: string;
  /** Of a job in service mode, which calls the task at each tick: its number, and the point of its grid (RFC 3339). */
  readonly tick: { readonly number: number; readonly at: string } | null;
}

/** What a task has in hand while it runs. */
export interface PluginContext {
  readonly run: PluginRun;
  /** Aborted on cancel, timeout and shutdown. A task that goes on is ended by force five seconds later. */
  readonly signal: AbortSignal;
  /** Writes a line of the run's log; awaiting it keeps a fast writer from running ahead of the database. */
  log(line: string, stream?: 'stdout' | 'stderr'): Promise<void>;
  /** Moves the run's progress; without a total it only counts. */
  progress(done: number, total?: number | null, text?: string | null): void;
}

export interface PluginResult {
  /** Queue mode: seconds until the next run, instead of the job's interval. */
  readonly next_delay_sec?: number;
}

type Outcome = PluginResult | void;

/** JSON Schema (2020-12) of an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

interface Common {
  /** What a job names: `[a-z][a-z0-9_-]{0,99}`, unlike any built-in task. */
  readonly name: string;
  /** One line, shown where a job chooses its task. */
  readonly description?: string;
}

export interface TaskDefinition<Params extends z.ZodType> extends Common {
  /** A zod schema of an object. What JSON Schema cannot say (refinements, transforms) is checked when a run starts. */
  readonly params: Params;
  run(context: PluginContext, params: z.output<Params>): Outcome | Promise<Outcome>;
}

export interface JsonTaskDefinition extends Common {
  readonly params: JsonSchema;
  run(context: PluginContext, params: Record<string, unknown>): Outcome | Promise<Outcome>;
}

/** What a plug-in file exports as its default. */
export interface PluginTask {
  readonly kind: 'task';
  readonly name: string;
  readonly description: string;
  readonly params: z.ZodType | JsonSchema;
  run(context: PluginContext, params: never): Outcome | Promise<Outcome>;
}

const made = new WeakSet<object>();

/** Makes a task: `export default task({ name, params, run })`. */
export function task<Params extends z.ZodType>(definition: TaskDefinition<Params>): PluginTask;
export function task(definition: JsonTaskDefinition): PluginTask;
export function task(
  definition: Omit<PluginTask, 'kind' | 'description'> & { description?: string },
): PluginTask {
  const result: PluginTask = { ...definition, kind: 'task', description: definition.description ?? '' };
  made.add(result);
  return result;
}

/** Whether a value was made by `task`. */
export function isTask(value: unknown): value is PluginTask {
  return typeof value === 'object' && value !== null && made.has(value);
}

/** Ends a run as failed with a reason for people; `retry: false` gives up at once. Any other error is retried. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly retry: boolean;

  constructor(message: string, options: { readonly retry?: boolean; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.retry = options.retry ?? true;
  }
}
