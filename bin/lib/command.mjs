import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { signalGroup } from './processes.mjs';
import { StopError } from './stop-error.mjs';

/**
 * Runs a command quietly in a process group of its own. Its last lines are in the error when it fails.
 * @param {{ env?: object, cwd?: string, onLine?: (line: string) => void, onStart?: (pid: number) => void, onEnd?: (pid: number) => void, signal?: AbortSignal, uid?: number, gid?: number, what?: string }} options
 * @returns {Promise<string>} what it wrote to stdout
 */
export function command(file, args, options = {}) {
  const { onLine, onStart, onEnd, signal, what = file, ...rest } = options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(file, args, { ...rest, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const tail = [];
    let out = '';
    const line = (text) => {
      tail.push(text);
      if (tail.length > 40) tail.shift();
      if (text.trim() !== '') onLine?.(text.trim());
    };
    child.stdout.on('data', (part) => (out += part));
    createInterface({ input: child.stdout }).on('line', line);
    createInterface({ input: child.stderr }).on('line', line);
    const abort = () => signalGroup(child.pid, 'SIGTERM');
    if (child.pid !== undefined) onStart?.(child.pid);
    signal?.addEventListener('abort', abort, { once: true });
    const done = () => {
      signal?.removeEventListener('abort', abort);
      if (child.pid !== undefined) onEnd?.(child.pid);
    };
    child.once('error', (error) => (done(), reject(error)));
    child.once('close', (code, killed) => {
      done();
      if (code === 0) return resolve(out);
      if (signal?.aborted) return reject(signal.reason);
      reject(new StopError(`${what} failed (${killed ?? `exit code ${code}`}):\n${tail.join('\n')}`));
    });
  });
}
