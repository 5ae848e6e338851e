import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

let bootId;
function boot() {
  bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8);
  return bootId;
}

/**
 * When a process started, as an opaque text that no other process with that id ever has; null when it is gone.
 * A zombie counts as gone: containers without an init leave them lying about.
 */
export function startedAt(pid) {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? null : `${boot()}:${fields[19]}`;
    } catch {
      return null;
    }
  }
  const answer = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return answer.stdout?.trim() || null;
}

/** @returns {{ pid: number, start: string | null }} the identity of a process, for a file that outlives it. */
export function identity(pid = process.pid) {
  return { pid, start: startedAt(pid) };
}

/** Whether exactly this process still runs (its id may have gone to another). */
export function isAlive({ pid, start }) {
  return start !== null && startedAt(pid) === start;
}

/** Waits until a condition holds; false when `milliseconds` passed first. */
export async function until(condition, milliseconds, step = 50) {
  const end = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() >= end) return false;
    await delay(step);
  }
  return true;
}

/** Sends a signal to a process group led by `pid`, or to the process alone where it leads none. */
export function signalGroup(pid, signal) {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return true;
    } catch {
      // No such group: try the process itself.
    }
  }
  return false;
}
