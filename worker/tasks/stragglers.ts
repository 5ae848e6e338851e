import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '#worker/log.ts';

const passes = 20;
const betweenMs = 5;

/** Whether a process's environment (proc(5)) names this attempt; false for what is gone or another user's. */
function belongsTo(pid: number, marks: readonly string[]): boolean {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return marks.every((mark) => variables.includes(mark));
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile, or not ours to end.
  }
}

/**
 * Ends every process that an attempt started, also those that left its process group: known by the run and attempt in
 * their environment. Repeats until none is left, since one may fork while it is looked for. Linux only.
 */
export async function killStragglers(claim: { id: string; attempt: number }): Promise<void> {
  if (process.platform !== 'linux') return;
  const marks = [`BELLKEEPER_RUN_ID=${claim.id}`, `BELLKEEPER_ATTEMPT=${claim.attempt}`];
  for (let pass = 0; pass < passes; pass += 1) {
    const found = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => pid !== process.pid && belongsTo(pid, marks));
    if (found.length === 0) return;
    found.forEach(kill);
    await sleep(betweenMs);
  }
  log.warn({ run_id: claim.id, attempt: claim.attempt }, 'processes of an ended attempt could not be killed');
}
