import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface WorkerProcess extends AsyncDisposable {
  readonly pid: number;
  readonly child: ChildProcess;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** A real worker process on a test database; ended when disposed. Its log goes to stderr when `WORKER_LOG` is set. */
export async function startWorker(
  url: string,
  env: Record<string, string> = {},
  script: string = main,
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [script], {
    env: {
      ...process.env,
      DATABASE_URL: url,
      DATABASE_URL_WORKER: url,
      LOG_LEVEL: 'info',
      WORKER_CONCURRENCY: '32',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
  const ready = new Promise<void>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (process.env['WORKER_LOG'] !== undefined) process.stderr.write(chunk);
      if (text.includes('worker ready')) resolve();
    });
    void exited.then((code) => reject(new Error(`the worker ended (${code}) before it was ready: ${text}`)));
  });
  await ready;
  if (child.pid === undefined) throw new Error('The worker has no pid.');
  const { pid } = child;
  return {
    pid,
    child,
    exited,
    signal: (signal) => void process.kill(pid, signal),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null && lives(pid)) {
        process.kill(pid, 'SIGCONT');
        process.kill(pid, 'SIGKILL');
      }
      await exited;
    },
  };
}

/** Asks until the answer is something, and returns it. @throws after `ms`. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false>,
  ms = 20_000,
): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`Waited ${ms} ms in vain for: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

/** Whether a process of this pid lives. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
