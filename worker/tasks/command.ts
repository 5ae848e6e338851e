import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type CommandParams, commandParams } from '#domain/jobs/tasks.ts';
import { linesOf, nextDelayOf, progressOf } from './lines.ts';
import { type Task, type TaskContext, TaskFailure } from './task.ts';

const shim = fileURLToPath(new URL('./command-shim.sh', import.meta.url));
/** A command that was asked to stop gets this long before its process group is killed. */
const stopGraceMs = 5_000;
/** Variables of ours that no script may see. */
const ours = /^(BELLKEEPER_|DATABASE_URL|PG[A-Z]+$)/;

function environmentOf(context: TaskContext, params: CommandParams): NodeJS.ProcessEnv {
  const { claim } = context;
  const hidden = Object.keys(process.env).filter((name) => ours.test(name));
  return {
    ...process.env,
    ...Object.fromEntries(hidden.map((name) => [name, undefined])),
    PYTHONUNBUFFERED: '1',
    ...params.env,
    BELLKEEPER_SCOPE: claim.scope,
    BELLKEEPER_JOB_ID: claim.job_id,
    BELLKEEPER_RUN_ID: claim.id,
    BELLKEEPER_ATTEMPT: String(claim.attempt),
    BELLKEEPER_SCHEDULED_FOR: claim.scheduled_for.toISOString(),
    BELLKEEPER_TRADING_DAY: claim.trading_day,
  };
}

async function requireFolder(cwd: string | undefined): Promise<void> {
  if (cwd === undefined) return;
  const found = await stat(cwd).catch(() => null);
  if (found?.isDirectory() === true) return;
  throw new TaskFailure(
    `params.cwd: there is no folder "${cwd}"`,
    { code: 'invalid_params', params: { field: 'params.cwd', message: `there is no folder "${cwd}"` } },
    { retryable: false },
  );
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ESRCH') throw error;
  }
}

/** Stops the group when the signal aborts: TERM, and KILL after the grace. @returns undoes it. */
function stopOnAbort(signal: AbortSignal, pid: number): () => void {
  let timer: NodeJS.Timeout | null = null;
  const stop = () => {
    killGroup(pid, 'SIGTERM');
    timer = setTimeout(() => killGroup(pid, 'SIGKILL'), stopGraceMs);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return () => {
    signal.removeEventListener('abort', stop);
    if (timer !== null) clearTimeout(timer);
  };
}

interface Output {
  /** When the last line came, by the monotonic clock. */
  heardAt: number;
  /** Set once the pipes are abandoned: their premature end is then no error. */
  released: boolean;
  nextDelaySec: number | undefined;
}

async function pump(
  context: TaskContext,
  stream: Readable,
  name: 'stdout' | 'stderr',
  output: Output,
): Promise<void> {
  try {
    for await (const line of linesOf(stream)) {
      output.heardAt = performance.now();
      const progress = name === 'stdout' ? progressOf(line) : null;
      if (progress !== null) context.progress(progress.done, progress.total, progress.text);
      if (name === 'stdout') output.nextDelaySec = nextDelayOf(line) ?? output.nextDelaySec;
      await context.log(name, line);
      output.heardAt = performance.now();
    }
  } catch (error) {
    if (!output.released) throw error;
  }
}

/** A grandchild that left the group may hold the pipes open for ever: once the shim is gone and they fall silent, let go. */
const silenceMs = 2_000;

async function drain(pumped: Promise<unknown>, streams: readonly Readable[], output: Output): Promise<void> {
  const timer = setInterval(() => {
    if (performance.now() - output.heardAt < silenceMs) return;
    output.released = true;
    for (const stream of streams) stream.destroy();
  }, 250);
  try {
    await pumped;
  } finally {
    clearInterval(timer);
  }
}

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

function pipeAt(child: ChildProcess, index: number): Readable {
  const pipe = child.stdio[index];
  if (pipe instanceof Readable) return pipe;
  throw new Error(`The shim's descriptor ${index} is no pipe.`);
}

function feed(stdin: Writable | null, text: string | undefined): void {
  // A program that never reads its input closes the pipe: that is its right.
  stdin?.on('error', () => undefined);
  stdin?.end(text ?? '');
}

/**
 * Runs an argv without a shell. Its output is the run's log line by line; `::progress 3/10 text` lines move the progress.
 * It lives in a process group of its own, under a shim that ends the group when our process does.
 */
export const command: Task<typeof commandParams> = {
  name: 'command',
  params: commandParams,
  async run(context, params) {
    await requireFolder(params.cwd);
    const child: ChildProcess = spawn('/bin/sh', [shim, ...params.argv], {
      detached: true,
      env: environmentOf(context, params),
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      ...(params.cwd === undefined ? {} : { cwd: params.cwd }),
    });
    const exited = once(child, 'exit');
    if (child.pid === undefined)
      throw new TaskFailure('the command could not be started', {
        code: 'task_error',
        params: { message: 'spawn' },
      });
    const unwatch = stopOnAbort(context.signal, child.pid);
    try {
      const noted = context.child(child.pid);
      feed(child.stdin, params.stdin);
      const status = textOf(pipeAt(child, 4));
      const outputs = [pipeAt(child, 1), pipeAt(child, 2)] as const;
      const output: Output = { heardAt: performance.now(), released: false, nextDelaySec: undefined };
      const pumped = Promise.all([
        pump(context, outputs[0], 'stdout', output),
        pump(context, outputs[1], 'stderr', output),
      ]);
      await Promise.all([noted, Promise.race([exited, pumped.then(() => exited)])]);
      output.heardAt = performance.now();
      await drain(pumped, outputs, output);
      return ended(context, params, (await status).trim(), output.nextDelaySec);
    } finally {
      unwatch();
      killGroup(child.pid, 'SIGKILL');
    }
  },
};

function ended(
  context: TaskContext,
  params: CommandParams,
  status: string,
  nextDelaySec: number | undefined,
) {
  context.signal.throwIfAborted();
  const exitCode = status === '' ? 137 : Number(status);
  if (exitCode === 0) return { exitCode, ...(nextDelaySec === undefined ? {} : { nextDelaySec }) };
  const [program = ''] = params.argv;
  const said =
    exitCode === 127
      ? `${program}: not found`
      : exitCode === 126
        ? `${program}: not executable`
        : `exit code ${exitCode}${exitCode > 128 ? ` (signal ${exitCode - 128})` : ''}`;
  throw new TaskFailure(said, { code: 'exit_code', params: { exit_code: exitCode } }, { exitCode });
}
