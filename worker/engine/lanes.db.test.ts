import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { perform } from '#db/core/operation.ts';
import { engineView } from '#db/engine/queries.ts';
import { createJob } from '#db/jobs/create.ts';
import { getRun } from '#db/runs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { startWorker, until, type WorkerProcess } from '#worker/testing/processes.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
const workers: WorkerProcess[] = [];
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
const start = (job_id: string) => perform(database.db, system, runNow, 'real', { job_id });
const ended = (id: string) =>
  until('the end', async () => {
    const run = await getRun(database.db, 'real', id);
    return run.state === 'succeeded' && run;
  });

test('lab work runs in the lab’s processes only, which never lead, and the desk’s in the others', async () => {
  workers.push(await startWorker(database.url, { WORKER_LANE: 'lab' }));
  const command = { task: 'command', params: { argv: ['true'] } };
  await perform(database.db, system, createJob, 'real', {
    job_id: 'backtest',
    resource_group: 'lab',
    ...command,
  });
  await perform(database.db, system, createJob, 'real', { job_id: 'desk', ...command });
  expect((await engineView(database.db)).leader).toBeNull();
  workers.push(await startWorker(database.url));
  const lanes = new Map(
    [...(await database.db.execute<{ id: string; lane: string }>(sql`select id, lane from processes`))].map(
      (row) => [row.id, row.lane],
    ),
  );
  const runs = [await ended((await start('backtest')).run_id), await ended((await start('desk')).run_id)];
  expect(runs.map((run) => lanes.get(run.process_id ?? ''))).toEqual(['lab', 'live']);
  const { leader } = await engineView(database.db);
  expect(lanes.get(leader?.process_id ?? '')).toBe('live');
});

test('lab work has rooms of its own: a full desk does not hold it, nor it the desk', async () => {
  await database.db.execute(sql`update resource_groups set capacity = 0 where kind = 'total'`);
  workers.push(await startWorker(database.url), await startWorker(database.url, { WORKER_LANE: 'lab' }));
  const command = { task: 'command', params: { argv: ['true'] } };
  await perform(database.db, system, createJob, 'real', {
    job_id: 'backtest',
    resource_group: 'lab',
    ...command,
  });
  await ended((await start('backtest')).run_id);
});
