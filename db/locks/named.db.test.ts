import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Problem } from '#domain/core/errors.ts';
import { perform } from '#db/core/operation.ts';
import { editGraph } from '#db/dependencies/edit.ts';
import { editJob } from '#db/jobs/edit.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { desk as deskOn } from '#db/testing/desk.ts';
import { blockedBackends, until } from '#db/testing/locks.ts';
import { release, tryAcquire } from './acquire.ts';
import { defineLock, removeLock } from './control.ts';

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

const start = (job_id: string) => perform(database.db, system, runNow, 'mock', { job_id });
const remove = (name: string) => perform(database.db, system, removeLock, 'mock', { name });
async function refused(act: Promise<unknown>): Promise<string> {
  const error = await act.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof Problem) return error.code;
  throw new Error(`Expected a problem, got ${String(error)}`);
}

test('a retry that may not wait for its lock has not been skipped: it ran, and the jobs after it hear of its end', async () => {
  const cycle = { locks: ['trading_cycle'] };
  await desk.create({ job_id: 'cycle', ...cycle, retry_limit: 2, retry_delay_sec: 60, retry_jitter: 0 });
  await desk.create({ job_id: 'other', ...cycle });
  await desk.create({ job_id: 'report' });
  await perform(database.db, system, editGraph, 'mock', {
    edges: [{ upstream: 'cycle', downstream: 'report', kind: 'trigger', on: 'any' }],
  });
  await start('cycle');
  await desk.end('cycle', 'fails');
  await start('other');
  await desk.take('other');
  await desk.at('2026-11-20 10:02');
  expect((await desk.last('cycle')).state).toBe('ready');
  expect(await desk.take('cycle')).toBeNull();
  await desk.pass();
  expect(await desk.last('cycle')).toMatchObject({
    state: 'cancelled',
    attempt: 1,
    reason: { code: 'lock_not_acquired', params: { lock: 'trading_cycle', holder: 'other' } },
  });
  expect(await desk.runsOf('report')).toHaveLength(1);
});

test('a lock is not removed while a job that names it is being registered', async () => {
  await perform(database.db, system, defineLock, 'mock', { name: 'cash', description: '' });
  await desk.create({ job_id: 'other' });
  const { creating, removing } = await database.db.transaction(async (tx) => {
    // The id is taken for as long as this transaction lasts: the registration waits after it has checked its locks.
    await tx.execute(sql`insert into jobs overriding system value
      select (jsonb_populate_record(null::jobs, to_jsonb(j) || '{"job_id": "buyer", "id": 100000}')).* from jobs j where j.job_id = 'other'`);
    const created = desk.create({ job_id: 'buyer', locks: ['cash'] });
    await until(async () => (await blockedBackends(database.db)) > 0);
    const removed = refused(remove('cash'));
    await until(async () => (await blockedBackends(database.db)) > 1);
    await tx.execute(sql`delete from jobs where id = 100000`);
    return { creating: created, removing: removed };
  });
  await creating;
  expect(await removing).toBe('lock_in_use');
});

test('a lock is not removed while an open run is to take it, though its job names it no more', async () => {
  await perform(database.db, system, defineLock, 'mock', { name: 'cash', description: '' });
  await desk.create({ job_id: 'buyer', locks: ['cash'] });
  await start('buyer');
  await perform(database.db, system, editJob, 'mock', { job_id: 'buyer', edit: { locks: [] } });
  expect(await refused(remove('cash'))).toBe('lock_busy');
  await desk.end('buyer', 'succeeds');
  await remove('cash');
});

test('who lets go several locks takes their rows in the order of admission, whatever order they lie in', async () => {
  const names = ['trading_cycle', 'position_management'];
  const grant = await tryAcquire(database.db, 'mock', names, { holder: 'backup', why: null, timeoutSec: 60 });
  if (grant.kind !== 'granted') throw new Error('The locks were taken.');
  // The first lock's row now lies behind the second's.
  await database.db.execute(
    sql`update named_locks set description = 'moved' where scope = 'mock' and lock_id = 1001`,
  );
  const { releasing } = await database.db.transaction(async (tx) => {
    await tx.execute(sql`select 1 from named_locks where scope = 'mock' and lock_id = 1001 for update`);
    const pending = release(database.db, grant.token);
    await until(async () => (await blockedBackends(database.db)) > 0);
    await tx.execute(
      sql`select 1 from named_locks where scope = 'mock' and lock_id = 1002 for update nowait`,
    );
    return { releasing: pending };
  });
  expect(await releasing).toBe(true);
});

test('hundreds that wait for one lock hide nobody who waits for another', async () => {
  await desk.create({ job_id: 'holder', locks: ['trading_cycle'] });
  await desk.create({
    job_id: 'crowd',
    locks: ['trading_cycle'],
    lock_wait_sec: 600,
    overlap: 'queue',
    priority: 0,
  });
  await desk.create({ job_id: 'other', locks: ['position_management'], lock_wait_sec: 600, priority: 3 });
  await start('holder');
  await desk.take('holder');
  for (const job_id of ['crowd', 'other']) {
    await start(job_id);
    await database.db.execute(
      sql`update runs set state = 'waiting', waits_for = 'lock', lock_wait_until = now() + interval '1 hour' where job_id = ${job_id}`,
    );
  }
  await database.db
    .execute(sql`insert into runs select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'dedupe_key', 'copy:' || n))).*
    from runs r cross join generate_series(1, 600) n where r.job_id = 'crowd'`);
  await desk.pass();
  expect((await desk.last('other')).state).toBe('ready');
  expect((await desk.runsOf('crowd')).filter((run) => run.state === 'waiting')).toHaveLength(200);
});
