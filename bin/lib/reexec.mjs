import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { installedNode } from './paths.mjs';
import { parentFd, parentVariable, whenParentGone } from './parent.mjs';
import { StopError } from './stop-error.mjs';

/** The Node that runs TypeScript and the servers: 24 or newer. */
export function modernNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const path = installedNode();
  if (path === null)
    throw new StopError('The packages are not installed yet: run `npm start` (or `npm install`) first.');
  return path;
}

export const isModern = () => Number(process.versions.node.split('.')[0]) >= 24;

/** The environment of a process of ours: node_modules/.bin first, and the pipe it watches. */
export function childEnv(env, watched = true) {
  const rest = { ...env };
  delete rest[parentVariable];
  return watched ? { ...rest, [parentVariable]: String(parentFd) } : rest;
}

/**
 * Runs a script on Node 24 in a process group of its own and passes signals on to it once: a terminal sends Ctrl-C to
 * this group only, and npm repeats it. Resolves with how it ended.
 * @returns {{ pid: number, ended: Promise<{ code: number | null, signal: string | null }> }}
 */
export function runModern(script, args, { env = process.env, stdin = 'inherit' } = {}) {
  const child = spawn(modernNode(), [script, ...args], {
    detached: true,
    env: childEnv(env),
    stdio: [stdin, 'inherit', 'inherit', 'pipe'],
  });
  child.stdio[parentFd].on('error', () => undefined);
  const pass = passSignals((signal) => child.kill(signal));
  whenParentGone(() => child.kill('SIGTERM'));
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      pass.stop();
      resolve({ code, signal });
    });
  });
  return { pid: child.pid, ended };
}

/** Calls `send` for each stop signal; repeats within 700 ms are the same key press. */
export function passSignals(send) {
  let last = -Infinity;
  const handler = (signal) => {
    const now = performance.now();
    if (now - last < 700) return;
    last = now;
    send(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, handler);
  return { stop: () => signals.forEach((signal) => process.off(signal, handler)) };
}

/** The exit code a shell would show. */
export function exitCodeOf({ code, signal }) {
  return code ?? 128 + (constants.signals[signal] ?? 1);
}
