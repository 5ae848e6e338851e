import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { perform } from '#db/core/operation.ts';
import { createJob } from '#db/jobs/create.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { instanceHealth, scopeHealth } from './health.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});
const codes = async (scope: string) =>
  (await scopeHealth(database.db, scope)).causes.map((cause) => cause.code);

test('without processes a scope is critical and says so; an unknown one is not found', async () => {
  expect(await scopeHealth(database.db, 'real')).toMatchObject({
    status: 'critical',
    success_rate: null,
    utilisation: 0,
  });
  expect(await codes('real')).toEqual(['no_leader', 'no_worker']);
  expect(await instanceHealth(database.db)).toMatchObject({
    status: 'degraded',
    database: 'reachable',
    leader: 'missing',
  });
  await expect(scopeHealth(database.db, 'nowhere')).rejects.toMatchObject({ status: 404 });
});

test('runs that have room but do not start are named', async () => {
  await perform(database.db, system, createJob, 'real', {
    job_id: 'stuck',
    task: 'command',
    params: { argv: ['true'] },
  });
  const run = await perform(database.db, system, runNow, 'real', { job_id: 'stuck' });
  expect(await codes('real')).not.toContain('runs_stuck');
  await database.db.execute(
    sql`update run_history set recorded_at = recorded_at - interval '11 seconds' where run_id = ${run.run_id}`,
  );
  expect(await codes('real')).toContain('runs_stuck');
  expect(await codes('mock')).not.toContain('runs_stuck');
});
