import { readdirSync, readFileSync } from 'node:fs';

interface Stat {
  readonly state: string;
  readonly group: number;
  /** Clock ticks since boot. */
  readonly start: string;
}

/** What /proc/PID/stat says (proc(5)); null where there is no /proc or no such process. */
function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', group: Number(fields[2]), start: fields[19] ?? '' };
  } catch {
    return null;
  }
}

/** When a process started: with the pid it names one process for good. Null where that cannot be told. */
export function startOf(pid: number): string | null {
  return statOf(pid)?.start ?? null;
}

/** Members of a process group that still run; what is dead but not yet collected by its parent does not count. */
function runningMembers(group: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = statOf(pid);
      return stat !== null && stat.group === group && stat.state !== 'Z' && stat.state !== 'X';
    });
}

/**
 * Kills the process group that a lost attempt left on this host. A group whose leader's start time differs is somebody
 * else's and left alone.
 * @returns whether nothing of it runs any more.
 */
export function killOrphan(child: { pid: number; start: string | null }): boolean {
  const leader = statOf(child.pid);
  if (leader !== null && child.start !== null && leader.start !== child.start) return true;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // EPERM: the number is another user's group by now, so ours is gone.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))
      return true;
    throw error;
  }
  return process.platform === 'linux' && runningMembers(child.pid).length === 0;
}

/** USER_HZ: in what /proc counts time on every Linux that Node runs on. */
const ticksPerSec = 100;

/**
 * When the process of this pid started, by this machine's clock to about a second; null when none runs (a dead one that
 * its parent has not collected does not). @throws RangeError where there is no /proc to ask.
 */
export function runningSince(pid: number): Date | null {
  if (process.platform !== 'linux') throw new RangeError('Only Linux says when a process started.');
  const stat = statOf(pid);
  if (stat === null || stat.state === 'Z' || stat.state === 'X') return null;
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return new Date(Date.now() - (uptime - Number(stat.start) / ticksPerSec) * 1_000);
}
