import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type CommandParams, commandParams } from '#domain/jobs/tasks.ts';
import { log } from '#worker/log.ts';
import { outsideEnvironment } from './environment.ts';
import { linesOf, nextDelayOf, progressOf } from './lines.ts';
import { killStragglers } from './stragglers.ts';
import { type Task, type TaskContext, TaskFailure } from './task.ts';

const shim = fileURLToPath(new URL('./command-shim.sh', import.meta.url));
/** A command that was asked to stop gets this long before its process group is killed. */
const stopGraceMs = 5_000;

function environmentOf(context: TaskContext, params: CommandParams): NodeJS.ProcessEnv {
  const { claim } = context;
  return {
    ...outsideEnvironment(),
    PYTHONUNBUFFERED: '1',
    ...params.env,
    BELLKEEPER_SCOPE: claim.scope,
    BELLKEEPER_JOB_ID: claim.job_id,
    BELLKEEPER_RUN_ID: claim.id,
    BELLKEEPER_ATTEMPT: String(claim.attempt),
    BELLKEEPER_SCHEDULED_FOR: claim.scheduled_for.toISOString(),
    BELLKEEPER_TRADING_DAY: claim.trading_day,
    ...(context.tick === undefined
      ? {}
      : {
          BELLKEEPER_TICK: String(context.tick.number),
          BELLKEEPER_TICK_AT: context.tick.at.toISOString(),
        }),
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
    // Gone, or (EPERM) its number is somebody else's by now. Nothing here may throw: timers call it.
    if (codeOf(error) !== 'ESRCH') log.warn({ pid, signal, err: error }, 'process group not signalled');
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
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
  /** When the last line came or was taken by the log, by the monotonic clock. */
  heardAt: number;
  /** Lines that the log has not taken yet: while there are any, the pipes are not silent. */
  inLog: number;
  /** UTF-16 units heard so far. */
  heard: number;
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
      if (output.released) return;
      output.heard += line.length;
      const progress = name === 'stdout' ? progressOf(line) : null;
      if (progress !== null) context.progress(progress.done, progress.total, progress.text);
      if (name === 'stdout') output.nextDelaySec = nextDelayOf(line) ?? output.nextDelaySec;
      output.inLog += 1;
      await context.log(name, line).finally(() => {
        output.inLog -= 1;
        output.heardAt = performance.now();
      });
    }
  } catch (error) {
    if (!output.released) throw error;
  }
}

/** A grandchild that left the group may hold the pipes open for ever: once the shim is gone and they fall silent, let go. */
const silenceMs = 2_000;
/** Let go after this long though lines still come; of an attempt that was told to stop, sooner. */
const longestDrainMs = 5_000;
const stoppedDrainMs = 500;
/** More than the pipes can have held when the shim ended: what comes after is not the command's. */
const mostDrained = 2 ** 20;
const drainTickMs = 250;

/**
 * Reads what is left after the shim's end. Time that the log takes does not count, so that a slow log loses nothing.
 * @returns whether the pipes had to be let go.
 */
async function drain(
  context: TaskContext,
  pumped: Promise<unknown>,
  streams: readonly Readable[],
  output: Output,
): Promise<boolean> {
  output.heardAt = performance.now();
  const heardBefore = output.heard;
  let waitedMs = 0;
  const timer = setInterval(() => {
    const flooded = output.heard - heardBefore > mostDrained;
    if (output.inLog > 0 && !flooded) return;
    waitedMs += drainTickMs;
    const silent = performance.now() - output.heardAt >= silenceMs;
    const longest = context.signal.aborted ? stoppedDrainMs : longestDrainMs;
    if (!silent && waitedMs < longest) return;
    output.released = true;
    for (const stream of streams) stream.destroy();
  }, drainTickMs);
  try {
    await pumped;
  } finally {
    clearInterval(timer);
  }
  return output.released;
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

/** A promise that is awaited later must not count as unhandled until then. */
function later<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<unknown>;
}

/** @throws TaskFailure, to be retried, that names the system's error code when no process could be made. */
async function startShim(context: TaskContext, params: CommandParams): Promise<Started> {
  try {
    const child: ChildProcess = spawn('/bin/sh', [shim, ...params.argv], {
      detached: true,
      env: environmentOf(context, params),
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      ...(params.cwd === undefined ? {} : { cwd: params.cwd }),
    });
    const exited = later(once(child, 'exit'));
    if (child.pid !== undefined) return { child, pid: child.pid, exited };
    await exited;
    throw new Error('no process');
  } catch (error) {
    const code = codeOf(error) ?? String(error);
    throw new TaskFailure(`the command could not be started: ${code}`, {
      code: 'task_error',
      params: { message: code },
    });
  }
}

/** Takes the output until the command is over. @returns what it answered: its exit status, and its next delay. */
async function follow(context: TaskContext, { child, pid, exited }: Started) {
  const noted = context.child(pid);
  const status = later(textOf(pipeAt(child, 4)));
  const outputs = [pipeAt(child, 1), pipeAt(child, 2)] as const;
  const output: Output = { heardAt: 0, inLog: 0, heard: 0, released: false, nextDelaySec: undefined };
  const pumped = later(
    Promise.all([pump(context, outputs[0], 'stdout', output), pump(context, outputs[1], 'stderr', output)]),
  );
  await Promise.all([noted, Promise.race([exited, pumped.then(() => exited)])]);
  await killStragglers(context.claim);
  if (await drain(context, pumped, outputs, output))
    await context.log('system', 'output was let go: a process that the command left behind still holds it');
  return { status: (await status).trim(), nextDelaySec: output.nextDelaySec };
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
    const started = await startShim(context, params);
    const unwatch = stopOnAbort(context.signal, started.pid);
    try {
      feed(started.child.stdin, params.stdin);
      const { status, nextDelaySec } = await follow(context, started);
      return ended(context, params, status, nextDelaySec);
    } finally {
      unwatch();
      killGroup(started.pid, 'SIGKILL');
      await killStragglers(context.claim);
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
