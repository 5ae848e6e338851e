import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { perform } from '#db/core/operation.ts';
import { completeRun } from '#db/external/end.ts';
import { getJob } from '#db/jobs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { desk as deskOn } from '#db/testing/desk.ts';
import { editGraph } from './edit.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
let desk: ReturnType<typeof deskOn>;
beforeEach(async () => {
  database = await testDatabase();
  desk = deskOn(database);
  await desk.at('2026-11-20 10:00');
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

const trigger = (upstream: string, downstream: string, over: object = {}) => ({
  upstream,
  downstream,
  kind: 'trigger',
  ...over,
});
const wire = (...edges: object[]) => perform(database.db, system, editGraph, 'mock', { edges });
const job = (job_id: string) => getJob(database.db, 'mock', job_id);
const startOf = (job_id: string) => perform(database.db, system, runNow, 'mock', { job_id });

/** Ends a run without a pass of the leader after it. */
async function end(job_id: string): Promise<void> {
  const message = await desk.take(job_id);
  if (message === null) throw new Error(`${job_id} has nothing to take`);
  await perform(database.db, system, completeRun, 'mock', {
    run_id: message.run_id,
    attempt_token: message.attempt_token,
  });
}
async function both(...ids: string[]): Promise<void> {
  for (const id of ids) await startOf(id);
  for (const id of ids) await end(id);
}

describe('a join of triggers', () => {
  for (const each of [false, true])
    test(`starts its downstream once when all end before the leader looks${each ? ', with `each` too' : ''}`, async () => {
      for (const job_id of ['a', 'b', 'joined']) await desk.create({ job_id });
      await wire(trigger('a', 'joined', { each }), trigger('b', 'joined', { each }));
      await both('a', 'b');
      await desk.pass();
      expect(await desk.runsOf('joined')).toHaveLength(1);
      await desk.end('joined', 'succeeds');
      await both('b', 'a');
      await desk.pass();
      expect(await desk.runsOf('joined')).toHaveLength(each ? 2 : 1);
    });
});

test('a run that a trigger adds to a job in queue mode holds the next one, as any open run does', async () => {
  await desk.create({ job_id: 'first' });
  await desk.create({ job_id: 'loop', reschedule_mode: 'queue', interval_seconds: 600 });
  await wire(trigger('first', 'loop', { each: true }));
  await desk.pass();
  await desk.end('loop', 'succeeds');
  expect((await job('loop')).next_due_at).not.toBeNull();
  await startOf('first');
  await desk.end('first', 'succeeds');
  expect(await desk.last('loop')).toMatchObject({ trigger_source: 'dependency', state: 'ready' });
  expect((await job('loop')).next_due_at).toBeNull();
  await desk.at('2026-11-20 10:30');
  expect(await desk.runsOf('loop')).toHaveLength(2);
  await desk.end('loop', 'succeeds');
  expect((await job('loop')).next_due_at).toBe('2026-11-20T01:40:00.000Z');
});

test('a trigger never starts a service: its session does', async () => {
  await desk.create({ job_id: 'first' });
  await desk.create({
    job_id: 'watch',
    task: 'command',
    params: { argv: ['true'] },
    mode: 'service',
    window: '09:00-09:30',
    interval_seconds: 5,
  });
  await wire(trigger('first', 'watch', { each: true }));
  await startOf('first');
  await desk.end('first', 'succeeds');
  expect(await desk.runsOf('watch')).toEqual([]);
});
