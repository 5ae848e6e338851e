import { afterEach, beforeEach, expect, test } from 'vitest';
import { perform } from '#db/core/operation.ts';
import { createJob } from '#db/jobs/create.ts';
import { listRuns } from '#db/runs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { admitScope } from './admit-scope.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

async function start(job_id: string, fields: object = {}): Promise<void> {
  await perform(database.db, system, createJob, 'real', {
    job_id,
    task: 'command',
    params: { argv: ['sleep', '60'] },
    ...fields,
  });
  await perform(database.db, system, runNow, 'real', { job_id });
}
const runs = async (state: 'ready' | 'dispatched') =>
  (await listRuns(database.db, 'real', { state: [state], limit: 200 })).items;
const names = (list: { job_id: string }[]) => list.map((run) => run.job_id).toSorted();

test('a full group says so and holds nobody else back', async () => {
  for (let index = 1; index <= 6; index += 1) await start(`trade-${index}`, { resource_group: 'trading' });
  await start('report', { resource_group: 'reporting' });
  await admitScope(database.db, 'real');
  expect(names(await runs('dispatched'))).toEqual(['report', 'trade-1', 'trade-2']);
  const waiting = await runs('ready');
  expect(waiting.length).toBe(4);
  for (const run of waiting)
    expect(run.reason).toEqual({ code: 'room_full', params: { group: 'trading', used: 2, limit: 2 } });
});

test('the total bounds a mixture, and the urgent go before the patient', async () => {
  const groups = [null, 'data_processing', 'ai_analysis', 'trading', 'reporting', null];
  for (let index = 0; index < 12; index += 1)
    await start(`mixed-${index}`, { resource_group: groups[index % groups.length], priority: 2 });
  for (const [job_id, priority] of [['patient', 3] as const, ['urgent', 1] as const])
    await start(job_id, { priority });
  await admitScope(database.db, 'real');
  const going = await runs('dispatched');
  expect(going.length).toBe(10);
  expect(names(going)).toContain('urgent');
  expect(names(going)).not.toContain('patient');
  const patient = (await runs('ready')).find((run) => run.job_id === 'patient');
  expect(patient?.reason.params).toMatchObject({ group: 'total', used: 10, limit: 10 });
});
