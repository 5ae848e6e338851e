import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { perform } from '#db/core/operation.ts';
import { rerunRun } from '#db/runs/control.ts';
import { getRun } from '#db/runs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { desk as deskOn } from '#db/testing/desk.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

test('a failing job waits 60, 120 and 240 s, is quarantined, and succeeds when run again with other parameters', async () => {
  const desk = deskOn(database);
  await desk.at('2026-11-20 10:00:00');
  await desk.create({ job_id: 'broken', retry_limit: 3, params: { source: 'wrong' } });
  const { run_id } = await perform(database.db, system, runNow, 'mock', { job_id: 'broken' });
  const waits: number[] = [];
  const clock = async () => {
    const [row] = await database.db.execute<{ now: string }>(sql`select scope_now('mock') as now`);
    return Date.parse(row?.now ?? '');
  };
  for (const next of ['10:01:00', '10:03:00', '10:07:00']) {
    await desk.end('broken', 'fails');
    const run = await getRun(database.db, 'mock', run_id);
    expect(run).toMatchObject({ state: 'waiting', status: 'retrying', waits_for: 'retry' });
    waits.push((Date.parse(run.not_before ?? '') - (await clock())) / 1_000);
    expect(await desk.take('broken')).toBeNull();
    await desk.at(`2026-11-20 ${next}`);
  }
  expect(waits).toEqual([60, 120, 240]);
  await desk.end('broken', 'fails');
  expect(await getRun(database.db, 'mock', run_id)).toMatchObject({
    state: 'quarantined',
    reason: { code: 'retries_exhausted' },
  });
  await perform(database.db, system, rerunRun, 'mock', { run_id, params: { source: 'right' } });
  const message = await desk.take('broken');
  expect(message).toMatchObject({ run_id, attempt: 5, params: { source: 'right' } });
});
