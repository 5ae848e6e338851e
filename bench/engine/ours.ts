import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { connect, type Database } from '#db/core/client.ts';
import { migrate } from '#db/core/migrate.ts';
import { perform } from '#db/core/operation.ts';
import { editResourceGroups } from '#db/engine/edit-rooms.ts';
import { createJob } from '#db/jobs/create.ts';
import { startWorker, type WorkerProcess } from '#worker/testing/processes.ts';

export const system = { kind: 'system', id: 'bench', name: 'bench' } as const;
const script = fileURLToPath(new URL('./worker.ts', import.meta.url));

export interface World extends AsyncDisposable {
  readonly url: string;
  readonly db: Database;
  worker(): Promise<WorkerProcess>;
}

/** A migrated database with our engine on it. @param concurrency runs at once per worker. */
export async function newWorld(url: string, concurrency: number): Promise<World> {
  await migrate(url);
  const db = connect(url, { max: 10, applicationName: 'bellkeeper:bench' });
  const workers: WorkerProcess[] = [];
  return {
    url,
    db,
    async worker() {
      const started = await startWorker(
        url,
        { WORKER_CONCURRENCY: String(concurrency), LOG_LEVEL: 'info' },
        script,
      );
      workers.push(started);
      return started;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
      await db.$client.end({ timeout: 2 });
    },
  };
}

/** Registers a job of the task that does nothing. */
export async function createNoop(
  db: Database,
  body: { job_id: string } & Record<string, unknown>,
): Promise<void> {
  await perform(db, system, createJob, 'real', {
    max_parallel: 100,
    ...body,
    task: 'command',
    params: { argv: ['true'] },
  });
  await db.execute(sql`update jobs set task = 'noop', params = '{}' where job_id = ${body.job_id}`);
}

/** Makes room for so many runs at once. */
export async function makeRoom(db: Database, capacity: number): Promise<void> {
  await perform(db, system, editResourceGroups, 'real', { resource_groups: [{ name: 'total', capacity }] });
}

export interface Lag {
  /** From the nominal time to the commit of the fire, ms, by the database's clock. */
  readonly fire: number;
  /** From the nominal time to the start of the run. */
  readonly start: number;
  /** From the commit of the fire, or of the request, to the start of the run. */
  readonly enqueueToStart: number;
}

/** Lags of the runs of a job that were started since an instant. Needs `track_commit_timestamp`. */
export async function lagsOf(db: Database, jobIds: string, since: Date): Promise<Lag[]> {
  const rows = await db.execute<{ fire: string; start: string; enqueue: string }>(sql`
    select extract(epoch from c.at - r.scheduled_for) * 1000 as fire, extract(epoch from r.started_at - r.scheduled_for) * 1000 as start,
      extract(epoch from r.started_at - c.at) * 1000 as enqueue
    from runs r join lateral (select pg_xact_commit_timestamp(xmin) as at from run_history h where h.run_id = r.id and h.from_state is null) as c on true
    where r.job_id like ${jobIds} and r.started_at is not null and r.queued_at >= ${since.toISOString()}::timestamptz`);
  return [...rows].map((row) => ({
    fire: Number(row.fire),
    start: Number(row.start),
    enqueueToStart: Number(row.enqueue),
  }));
}
