import { Worker } from 'node:worker_threads';
import { outsideEnvironment } from '#worker/tasks/environment.ts';
import type { ThreadOrder } from './messages.ts';

const entry = new URL('./thread.ts', import.meta.url);

/** A thread for one order. Its output is ours to read; it sees no variable of ours, as no script does. */
export function spawnThread(order: ThreadOrder): Worker {
  return new Worker(entry, {
    workerData: order,
    name: `plug-in ${order.kind}`,
    stdout: true,
    stderr: true,
    execArgv: [],
    env: outsideEnvironment(),
  });
}
