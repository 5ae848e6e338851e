import { readFileSync } from 'node:fs';

/**
 * When a process started, in clock ticks since boot (field 22 of /proc/PID/stat): with the pid it names one process for
 * good. Null where there is no /proc or no such process.
 */
export function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Kills the process group of a child whose start time still matches. @returns whether it is gone now. */
export function killOrphan(child: { pid: number; start: string | null }): boolean {
  const start = startOf(child.pid);
  if (start === null || (child.start !== null && start !== child.start)) return !groupLives(child.pid);
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    return true;
  }
  return false;
}

function groupLives(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}
