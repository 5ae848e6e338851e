import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectRaw, type RawClient } from '#db/core/client.ts';
import { perform } from '#db/core/operation.ts';
import { createJob } from '#db/jobs/create.ts';
import { processId } from '#domain/core/ids.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { admitScope } from './admit-scope.ts';
import { dueJobs, fireDue } from './fire.ts';
import { NotLeader, resign, tryLead } from './leadership.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
const me = processId.parse('01a1fc6d-b878-74c4-8125-65823a83af92');
const echo = { task: 'command', params: { argv: ['true'] } };
let database: TestDatabase;
let lock: RawClient;
let epoch: number;
beforeEach(async () => {
  database = await testDatabase();
  lock = connectRaw(database.url, { max: 1, applicationName: 'test:lock' });
  epoch = (await tryLead(lock, database.db, me)) ?? -1;
});
afterEach(async () => {
  await lock.end();
  await database[Symbol.asyncDispose]();
});
const create = (body: object) => perform(database.db, system, createJob, 'real', body);
const missed = (text: string) =>
  database.db.execute(
    sql`update jobs set next_due_at = next_due_at - ${text}::interval, schedule_anchor = schedule_anchor - ${text}::interval`,
  );
async function fireEverything(): Promise<number> {
  let fired = 0;
  for (let more = true; more;) {
    const pass = await fireDue(database.db, epoch);
    fired += pass.fired;
    ({ more } = pass);
  }
  return fired;
}

test('a long absence of many jobs is caught up, pass by pass', async () => {
  for (let index = 0; index < 40; index += 1)
    await create({
      job_id: `j-${index}`,
      ...echo,
      interval_seconds: 60,
      misfire: 'run_all',
      overlap: 'queue',
      max_parallel: 1,
    });
  await missed('8 hours');
  expect(await fireEverything()).toBeGreaterThan(4_000);
  expect(await dueJobs(database.db)).toEqual([]);
});

test('missed fires run oldest first', async () => {
  await create({ job_id: 'order', ...echo, interval_seconds: 60, misfire: 'run_all', overlap: 'queue' });
  await missed('5 minutes');
  await fireEverything();
  const started: string[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const [row] = await database.db.execute<{ id: string; at: string }>(sql`
      update runs set state = 'succeeded' where state = 'dispatched' returning id, scheduled_for as at`);
    if (row !== undefined) started.push(row.at);
    await database.db.execute(sql`delete from slots`);
    await admitScope(database.db, 'real');
  }
  expect(started.length).toBeGreaterThan(3);
  expect(started).toEqual(started.toSorted());
});

const goingOn = async () =>
  (
    await database.db.execute<{ key: string }>(sql`
      select dedupe_key as key from runs where state in ('ready', 'dispatched') and cancel_requested_at is null`)
  ).map((row) => row.key);

test('a new fire takes the place of every older run, also of one started by hand', async () => {
  await create({ job_id: 'fresh', ...echo, interval_seconds: 60, overlap: 'cancel_previous' });
  await missed('1 minute');
  await fireEverything();
  await perform(database.db, system, runNow, 'real', { job_id: 'fresh' });
  await database.db.execute(sql`update jobs set next_due_at = date_trunc('milliseconds', clock_timestamp())`);
  await fireEverything();
  const [newest] = await database.db.execute<{ key: string }>(
    sql`select dedupe_key as key from runs where dedupe_key like 'at:%' order by scheduled_for desc limit 1`,
  );
  expect(await goingOn()).toEqual([newest?.key]);
});

test('a nominal time that was had already takes nobody’s place', async () => {
  await create({ job_id: 'twice', ...echo, interval_seconds: 60, overlap: 'cancel_previous' });
  await missed('1 minute');
  await fireEverything();
  const before = await goingOn();
  // As a clock that was set back makes it.
  await missed('1 minute');
  await fireEverything();
  expect(before).toHaveLength(1);
  expect(await goingOn()).toEqual(before);
});

test('a chain goes on when its due time is one it has had already', async () => {
  await create({ job_id: 'chain', ...echo, reschedule_mode: 'queue', interval_seconds: 30 });
  const [due] = await database.db.execute<{ at: string }>(sql`select next_due_at as at from jobs`);
  await fireEverything();
  await database.db.execute(sql`delete from slots`);
  await database.db.execute(sql`update runs set state = 'succeeded'`);
  // As a clock that was set back, or stands still, makes it.
  await database.db.execute(sql`update jobs set next_due_at = ${due?.at}`);
  await fireEverything();
  const [after] = await database.db.execute<{ ahead: boolean }>(
    sql`select next_due_at > clock_timestamp() as ahead from jobs`,
  );
  expect(after?.ahead).toBe(true);
});

test('a long queue before a full group holds back nobody else', async () => {
  await create({ job_id: 'reports', ...echo, resource_group: 'reporting', max_parallel: 100 });
  await create({ job_id: 'trade', ...echo, resource_group: 'trading', priority: 3 });
  const first = await perform(database.db, system, runNow, 'real', { job_id: 'reports' });
  await database.db.execute(sql`
    insert into runs (id, scope, job, job_id, job_version, task, queue, dedupe_key, trigger_source, state, reason, priority, resource_group, max_parallel, params, trading_day, scheduled_for, queued_at)
    select gen_random_uuid(), scope, job, job_id, job_version, task, queue, 'many:' || n, trigger_source, state, reason, 1, resource_group, max_parallel, params, trading_day, scheduled_for, queued_at
    from runs cross join generate_series(1, 800) as n where id = ${first.run_id}`);
  await perform(database.db, system, runNow, 'real', { job_id: 'trade' });
  await admitScope(database.db, 'real');
  const rows = await database.db.execute<{ job_id: string; n: string }>(
    sql`select job_id, count(*) as n from runs where state = 'dispatched' group by 1 order by 1`,
  );
  expect([...rows]).toEqual([
    { job_id: 'reports', n: '1' },
    { job_id: 'trade', n: '1' },
  ]);
});

test('an epoch that is over fires nothing, and a resigned lock is free at once', async () => {
  await create({ job_id: 'old', ...echo, interval_seconds: 1 });
  await missed('10 seconds');
  await resign(lock);
  const other = connectRaw(database.url, { max: 1, applicationName: 'test:other' });
  expect(await tryLead(other, database.db, me)).toBe(epoch + 1);
  await expect(fireDue(database.db, epoch)).rejects.toBeInstanceOf(NotLeader);
  await other.end();
});
