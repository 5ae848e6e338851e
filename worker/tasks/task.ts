import type { z } from 'zod';
import type { Claim } from '#db/engine/claim.ts';
import type { RunReason } from '#domain/runs/run.ts';

/** What a task has in hand while it runs. */
export interface TaskContext {
  readonly claim: Claim;
  /** Aborted on cancel, timeout, shutdown and when this process is declared lost. */
  readonly signal: AbortSignal;
  /** One line of the run's log; resolves when the sink has room again. */
  log(stream: 'stdout' | 'stderr' | 'system', line: string): Promise<void>;
  /** @param total null when unknown. */
  progress(done: number, total: number | null, text: string | null): void;
  /** Tells the engine of a child process group, before it can outlive anything. */
  child(pid: number): Promise<void>;
  /** Of a service: which tick this is, and the point of its grid. */
  readonly tick?: { readonly number: number; readonly at: Date };
}

export interface TaskResult {
  readonly exitCode?: number;
  /** The run's own answer to when the next should start (queue mode), in seconds. */
  readonly nextDelaySec?: number;
}

/** A failure that a task knows the reason of. */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure';
  readonly reason: RunReason;
  readonly retryable: boolean;
  readonly exitCode: number | null;

  constructor(message: string, reason: RunReason, options: { retryable?: boolean; exitCode?: number } = {}) {
    super(message);
    this.reason = reason;
    this.retryable = options.retryable ?? true;
    this.exitCode = options.exitCode ?? null;
  }
}

/** Code that a job names: its parameters' schema and what it does. */
export interface Task<Params extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly params: Params;
  run(context: TaskContext, params: z.output<Params>): Promise<TaskResult>;
}

/** Parses the parameters, then runs. @throws TaskFailure that is not retried when they are refused. */
export async function runTask<Params extends z.ZodType>(
  task: Task<Params>,
  context: TaskContext,
): Promise<TaskResult> {
  const parsed = task.params.safeParse(context.claim.params);
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    const field = ['params', ...(first?.path.map(String) ?? [])].join('.');
    const message = `${field}: ${first?.message ?? 'refused'}`;
    throw new TaskFailure(
      message,
      { code: 'invalid_params', params: { field, message: first?.message ?? '' } },
      { retryable: false },
    );
  }
  return task.run(context, parsed.data);
}
