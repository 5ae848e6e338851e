import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { z } from 'zod';
import type { registration } from '#domain/jobs/definition.ts';
import type { RunDetail } from '#domain/runs/view.ts';
import { connectRaw } from '#db/core/client.ts';
import { perform } from '#db/core/operation.ts';
import { claimRun } from '#db/external/claim.ts';
import { completeRun } from '#db/external/end.ts';
import { createJob } from '#db/jobs/create.ts';
import { cancelRun } from '#db/runs/control.ts';
import { getRun } from '#db/runs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { lives, startWorker, until, type WorkerProcess } from '#worker/testing/processes.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
let workers: WorkerProcess[] = [];
let scratch: string;

beforeEach(async () => {
  database = await testDatabase();
  scratch = await mkdtemp(join(tmpdir(), 'bellkeeper-locks-'));
});
afterEach(async () => {
  for (const worker of workers) await worker[Symbol.asyncDispose]();
  workers = [];
  await database[Symbol.asyncDispose]();
});

async function worker(): Promise<WorkerProcess> {
  const started = await startWorker(database.url);
  workers.push(started);
  return started;
}
type Body = Partial<z.input<typeof registration>> & { job_id: string };
const shell = (script: string) => ({ task: 'command', params: { argv: ['sh', '-c', script] } });
const file = (name: string) => join(scratch, name);
/** Runs until the test lets it go. */
const held = (name: string) => shell(`while [ ! -e ${file(name)} ]; do sleep 0.05; done`);
const letGo = (name: string) => writeFile(file(name), '');
const create = (body: Body, scope = 'real') => perform(database.db, system, createJob, scope, body);
const start = (job_id: string, scope = 'real') => perform(database.db, system, runNow, scope, { job_id });
const reach = (id: string, state: RunDetail['state'], scope = 'real', ms?: number) =>
  until(
    `run ${state}`,
    async () => {
      const now = await getRun(database.db, scope, id);
      return now.state === state && now;
    },
    ms,
  );
const cycle = { locks: ['trading_cycle'] };

async function advisory(): Promise<{ classid: number; objid: number }[]> {
  const rows = await database.db.execute<{ classid: string; objid: string }>(sql`
    select classid::text, objid::text from pg_locks where locktype = 'advisory' and objsubid = 2 and granted
      and database = (select oid from pg_database where datname = current_database()) order by 1, 2`);
  return [...rows].map((row) => ({ classid: Number(row.classid), objid: Number(row.objid) }));
}
async function rows(): Promise<unknown[]> {
  return [
    ...(await database.db.execute(
      sql`select scope, name, holder from named_locks where holder is not null order by scope, lock_id`,
    )),
  ];
}

test('a taken lock skips who may not wait, naming the holder, and is let go for who may', async () => {
  await worker();
  await create({ job_id: 'first', ...held('first'), ...cycle });
  await create({ job_id: 'impatient', ...shell('true'), ...cycle, lock_wait_sec: 0 });
  await create({ job_id: 'patient', ...shell('true'), ...cycle, lock_wait_sec: 60 });
  const first = await start('first');
  await reach(first.run_id, 'running');
  await until('the advisory lock', async () => (await advisory()).length === 1);
  expect(await advisory()).toEqual([{ classid: 1, objid: 1001 }]);

  const impatient = await start('impatient');
  const skipped = await reach(impatient.run_id, 'skipped');
  expect(skipped.reason).toMatchObject({
    code: 'lock_not_acquired',
    params: { lock: 'trading_cycle', holder: 'first', run_id: first.run_id, waited_sec: 0 },
  });
  const patient = await start('patient');
  const waiting = await reach(patient.run_id, 'waiting');
  expect(waiting).toMatchObject({
    waits_for: 'lock',
    reason: { code: 'lock_taken', params: { holder: 'first' } },
  });

  await letGo('first');
  await reach(first.run_id, 'succeeded');
  await reach(patient.run_id, 'succeeded');
  expect(await rows()).toEqual([]);
  expect(await advisory()).toEqual([]);
});

test('a wait that is over skips the run; the failure is counted', async () => {
  await worker();
  await create({ job_id: 'first', ...held('first'), ...cycle });
  await create({ job_id: 'second', ...shell('true'), ...cycle, lock_wait_sec: 1 });
  const first = await start('first');
  await reach(first.run_id, 'running');
  const second = await start('second');
  await reach(second.run_id, 'waiting');
  expect((await reach(second.run_id, 'skipped')).reason).toMatchObject({ params: { waited_sec: 1 } });
  const [lock] = await database.db.execute(
    sql`select failures::int from named_locks where scope = 'real' and name = 'trading_cycle'`,
  );
  expect(lock).toEqual({ failures: 1 });
  await letGo('first');
  await reach(first.run_id, 'succeeded');
});

test('past its timeout the run and its child are dead before the lock is free', async () => {
  await worker();
  await create({
    job_id: 'stuck',
    ...shell(`echo $$ > ${file('pid')}; sleep 600`),
    ...cycle,
    lock_timeout_sec: 1,
    retry_limit: 0,
  });
  await create({ job_id: 'next', ...shell('true'), ...cycle, lock_wait_sec: 60 });
  const stuck = await start('stuck');
  await until('its pid', async () => existsSync(file('pid')) && readFileSync(file('pid'), 'utf8') !== '');
  const pid = Number(readFileSync(file('pid'), 'utf8'));
  expect(lives(pid)).toBe(true);
  const next = await start('next');
  await reach(next.run_id, 'waiting');
  const ended = await reach(stuck.run_id, 'failed');
  expect(ended.reason).toMatchObject({
    code: 'lock_timeout',
    params: { lock: 'trading_cycle', timeout_sec: 1 },
  });
  expect(lives(pid)).toBe(false);
  const went = await reach(next.run_id, 'succeeded');
  expect(Date.parse(went.started_at ?? '')).toBeGreaterThanOrEqual(Date.parse(ended.finished_at ?? ''));
});

test('real and mock hold locks of the same name at once, each seen under its scope', async () => {
  await worker();
  for (const scope of ['real', 'mock']) await create({ job_id: 'cycle', ...held('go'), ...cycle }, scope);
  const real = await start('cycle');
  const mock = await start('cycle', 'mock');
  await reach(real.run_id, 'running');
  await reach(mock.run_id, 'running', 'mock');
  await until('both', async () => (await advisory()).length === 2);
  expect(await advisory()).toEqual([
    { classid: 1, objid: 1001 },
    { classid: 2, objid: 1001 },
  ]);
  await letGo('go');
  await reach(real.run_id, 'succeeded');
  await reach(mock.run_id, 'succeeded', 'mock');
});

test('several locks are taken all or none', async () => {
  await worker();
  await create({ job_id: 'cycle', ...held('cycle'), ...cycle });
  await create({
    job_id: 'both',
    ...held('both'),
    locks: ['position_management', 'trading_cycle'],
    lock_wait_sec: 60,
  });
  await create({ job_id: 'positions', ...held('positions'), locks: ['position_management'] });
  const first = await start('cycle');
  await reach(first.run_id, 'running');
  const both = await start('both');
  await reach(both.run_id, 'waiting');
  // What waits holds nothing: the other lock is still free.
  const positions = await start('positions');
  await reach(positions.run_id, 'running');
  await letGo('cycle');
  await reach(first.run_id, 'succeeded');
  await until('who is waited for now', async () => {
    const { reason } = await getRun(database.db, 'real', both.run_id);
    return reason.params['holder'] === 'positions';
  });
  await letGo('positions');
  await reach(both.run_id, 'running');
  await until('both advisory locks', async () => (await advisory()).length === 2);
  expect((await advisory()).map((lock) => lock.objid)).toEqual([1001, 1002]);
  await letGo('both');
  await reach(both.run_id, 'succeeded');
});

test('who holds the advisory lock outside is seen, named, and waited for', async () => {
  await worker();
  const outside = connectRaw(database.url, { max: 1, applicationName: 'legacy.py' });
  await outside`select pg_advisory_lock(1, 1001)`;
  await create({ job_id: 'cycle', ...shell('true'), ...cycle, lock_wait_sec: 60 });
  await create({ job_id: 'impatient', ...shell('true'), ...cycle });
  const impatient = await start('impatient');
  expect((await reach(impatient.run_id, 'skipped')).reason.params['holder']).toMatch(
    /^legacy\.py \(pid \d+\)$/,
  );
  const waiting = await start('cycle');
  expect((await reach(waiting.run_id, 'waiting')).reason.code).toBe('lock_taken_outside');
  await outside.end();
  await reach(waiting.run_id, 'succeeded');
});

test('a killed process lets its locks go with its runs', async () => {
  const first = await worker();
  await create({ job_id: 'cycle', ...held('go'), ...cycle });
  const { run_id } = await start('cycle');
  await reach(run_id, 'running');
  await worker();
  first.signal('SIGKILL');
  const again = await until('the second attempt', async () => {
    const now = await getRun(database.db, 'real', run_id);
    return now.state === 'running' && now.attempt === 2 && now;
  });
  expect(again.attempts[0]?.outcome).toBe('lost');
  await until('one holder', async () => (await advisory()).length === 1);
  expect(await rows()).toEqual([{ scope: 'real', name: 'trading_cycle', holder: 'cycle' }]);
  await letGo('go');
  await reach(run_id, 'succeeded');
  expect(await rows()).toEqual([]);
});

test('the loss of the connection that holds its locks ends the attempt', async () => {
  await worker();
  await create({ job_id: 'cycle', ...held('go'), ...cycle, retry_limit: 0 });
  const { run_id } = await start('cycle');
  await reach(run_id, 'running');
  await until('the advisory lock', async () => (await advisory()).length === 1);
  await database.db.execute(sql`select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and objsubid = 2 and objid = 1001
      and database = (select oid from pg_database where datname = current_database())`);
  expect((await reach(run_id, 'failed')).reason.code).toBe('lock_lost');
  expect(await rows()).toEqual([]);
});

test('a waiting run can be cancelled; a consumer outside takes the lock with its run', async () => {
  await worker();
  await create({ job_id: 'outside', task: 'external', queue: 'real.jobs.outside', ...cycle });
  await create({ job_id: 'inside', ...shell('true'), ...cycle, lock_wait_sec: 60 });
  await start('outside');
  const message = await perform(database.db, system, claimRun, 'real', { queue: 'real.jobs.outside' });
  if (message === null) throw new Error('There was nothing to take.');
  const first = await start('inside');
  await reach(first.run_id, 'waiting');
  await perform(database.db, system, cancelRun, 'real', { run_id: first.run_id });
  const second = await start('inside');
  await reach(second.run_id, 'waiting');
  await perform(database.db, system, completeRun, 'real', {
    run_id: message.run_id,
    attempt_token: message.attempt_token,
  });
  await reach(second.run_id, 'succeeded');
});
