import type { Readable } from 'node:stream';
import type { Worker } from 'node:worker_threads';
import { linesOf } from '#worker/tasks/lines.ts';
import { type TaskContext, TaskFailure, type TaskResult } from '#worker/tasks/task.ts';
import type { FromThread, ToThread } from './messages.ts';
import { spawnThread } from './spawn.ts';

/** A task that was asked to stop gets this long before its thread is ended. */
const stopGraceMs = 5_000;

type End = Extract<FromThread, { kind: 'done' | 'failed' | 'invalid' }>;

export interface PluginFile {
  readonly name: string;
  readonly folder: string;
  readonly file: string;
}

async function pass(stream: Readable, to: 'stdout' | 'stderr', context: TaskContext): Promise<void> {
  for await (const line of linesOf(stream)) await context.log(to, line);
}

/** What the thread says at its end; an end without a word is a failure. */
function endOf(thread: Worker, context: TaskContext): Promise<End> {
  const tell = (message: ToThread) => thread.postMessage(message, []);
  return new Promise((resolve) => {
    const fail = (message: string) => resolve({ kind: 'failed', message, stack: '', retry: true });
    thread.on('message', (message: FromThread) => {
      switch (message.kind) {
        case 'log':
          void context
            .log(message.stream, message.line)
            .catch(() => undefined)
            .then(() => tell({ kind: 'logged', at: message.at }));
          break;
        case 'progress':
          context.progress(message.done, message.total, message.text);
          break;
        case 'done':
        case 'failed':
        case 'invalid':
          resolve(message);
          break;
        case 'described':
        case 'refused':
          break;
      }
    });
    thread.once('error', (error) => fail(error instanceof Error ? error.message : String(error)));
    thread.once('exit', (code) => fail(`the task ended its thread (exit code ${code}) before it returned`));
  });
}

function failureOf(end: Exclude<End, { kind: 'done' }>): TaskFailure {
  if (end.kind === 'invalid')
    return new TaskFailure(
      `${end.field}: ${end.message}`,
      { code: 'invalid_params', params: { field: end.field, message: end.message } },
      { retryable: false },
    );
  return new TaskFailure(
    end.message,
    { code: 'task_error', params: { message: end.message } },
    { retryable: end.retry },
  );
}

/**
 * Runs a plug-in's task in a thread of its own, so that neither a loop nor an error of it can hold up this process.
 * Resolves when the thread is gone: nothing of the task goes on afterwards.
 * @throws TaskFailure when the task fails.
 */
export async function runPlugin(
  { name, folder, file }: PluginFile,
  context: TaskContext,
): Promise<TaskResult> {
  const { claim, signal, tick } = context;
  signal.throwIfAborted();
  const thread = spawnThread({
    kind: 'run',
    folder,
    file,
    name,
    params: claim.params,
    run: {
      scope: claim.scope,
      job_id: claim.job_id,
      run_id: claim.id,
      attempt: claim.attempt,
      trigger_source: claim.trigger_source,
      scheduled_for: claim.scheduled_for.toISOString(),
      trading_day: claim.trading_day,
      tick: tick === undefined ? null : { number: tick.number, at: tick.at.toISOString() },
    },
  });
  const output = Promise.allSettled([
    pass(thread.stdout, 'stdout', context),
    pass(thread.stderr, 'stderr', context),
  ]);
  let force: NodeJS.Timeout | undefined;
  const stop = () => {
    thread.postMessage({ kind: 'stop', why: String(signal.reason) } satisfies ToThread, []);
    force = setTimeout(() => {
      void context.log(
        'system',
        `the task went on for ${stopGraceMs / 1_000} s after it was told to stop: ended by force`,
      );
      void thread.terminate();
    }, stopGraceMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  const end = await endOf(thread, context);
  signal.removeEventListener('abort', stop);
  clearTimeout(force);
  await thread.terminate();
  await output;
  if (end.kind === 'done') return end.next_delay_sec === null ? {} : { nextDelaySec: end.next_delay_sec };
  if (end.kind === 'failed' && end.stack !== '')
    for (const line of end.stack.split('\n').slice(1)) await context.log('stderr', line);
  throw failureOf(end);
}
