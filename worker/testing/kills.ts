import type { Database } from '#db/core/client.ts';
import { perform } from '#db/core/operation.ts';
import { editResourceGroups } from '#db/engine/edit-rooms.ts';
import { createJob } from '#db/jobs/create.ts';
import { runNow } from '#db/runs/run-now.ts';
import { endAll, goingOn, leaderPid, now, restartedAfter } from '#db/testing/faults.ts';
import { exclusive } from './chaos.ts';
import { until, type WorkerProcess } from './processes.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
export const commandsGoing = 20;

async function startAll(db: Database, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1)
    await perform(db, system, runNow, 'real', { job_id: 'long' });
  await until('every command going', async () => (await goingOn(db)).length === count, 30_000);
}

/** A job whose commands stay, room for all of them, and so many of them going. */
export async function prepareKills(db: Database, folder: string, count = commandsGoing): Promise<void> {
  await perform(db, system, editResourceGroups, 'real', {
    resource_groups: [{ name: 'total', capacity: 100 }],
  });
  await perform(db, system, createJob, 'real', {
    job_id: 'long',
    max_parallel: count,
    retry_limit: 100,
    timeout_sec: 3_600,
    task: 'command',
    params: { argv: ['sh', '-c', exclusive('600')], env: { CHAOS_DIR: folder } },
  });
  await startAll(db, count);
}

/**
 * Kills one of two workers and waits until each of its runs is running on the other; then brings the pair back and
 * spreads the commands over both.
 * @param leader whether to kill the one that leads.
 * @returns milliseconds from the kill to each restart, by the database's clock.
 */
export async function killRound(
  db: Database,
  pair: readonly [WorkerProcess, WorkerProcess],
  leader: boolean,
  start: () => Promise<WorkerProcess>,
): Promise<{ waits: number[]; replacement: [WorkerProcess, WorkerProcess] }> {
  const leads = await leaderPid(db);
  const victim = (pair[0].pid === leads) === leader ? pair[0] : pair[1];
  const survivor = victim === pair[0] ? pair[1] : pair[0];
  const lost = (await goingOn(db)).filter((run) => run.pid === victim.pid).map((run) => run.id);
  const killedAt = await now(db);
  victim.signal('SIGKILL');
  const waits = await until(
    `${lost.length} runs restarted`,
    async () => {
      const found = await restartedAfter(db, lost, killedAt, survivor.pid);
      return found.length === lost.length && found;
    },
    30_000,
  );
  await victim.exited;
  const next = await start();
  const count = (await goingOn(db)).length;
  await endAll(db);
  await until('every command ended', async () => (await goingOn(db)).length === 0, 30_000);
  await startAll(db, count);
  return { waits, replacement: [survivor, next] };
}
