import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { processId, runId, attemptToken } from '#domain/core/ids.ts';
import { newService } from '#domain/runs/service.ts';
import { connectRaw, type RawClient } from '#db/core/client.ts';
import { perform } from '#db/core/operation.ts';
import { setException } from '#db/calendars/edit.ts';
import { createJob } from '#db/jobs/create.ts';
import { editJob, pauseJob } from '#db/jobs/edit.ts';
import { getJob } from '#db/jobs/queries.ts';
import { listRuns } from '#db/runs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { claimRun } from './claim.ts';
import { fireDue } from './fire.ts';
import { tryLead } from './leadership.ts';
import { beatService } from './services.ts';
import { tick } from './tick.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
const me = processId.parse('01a1fc6d-b878-74c4-8125-65823a83af92');
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

const serve = (body: object = {}) =>
  perform(database.db, system, createJob, 'real', {
    job_id: 'watch',
    task: 'command',
    params: { argv: ['true'] },
    mode: 'service',
    interval_seconds: 5,
    time_zone: 'UTC',
    ...body,
  });
const runs = async () => (await listRuns(database.db, 'real', { limit: 50 })).items.toReversed();
const dueAgo = (text: string) =>
  database.db.execute(sql`update jobs set next_due_at = scope_now(scope) - ${text}::interval`);
const day = 86_400_000;
const onTheHour = (hour: number) => `${String(hour % 24).padStart(2, '0')}:00`;
/** An hour of the day that is not on now, as a window. */
const laterToday = () => {
  const hour = (new Date().getUTCHours() + 4) % 24;
  return `${onTheHour(hour)}-${onTheHour(hour + 1)}`;
};

test('a service that is due while it runs is not started twice', async () => {
  const job = await serve();
  expect(Date.parse(job.next_due_at ?? '')).toBeLessThanOrEqual(Date.now());
  await fireDue(database.db, epoch);
  await dueAgo('0');
  await fireDue(database.db, epoch);
  expect(await runs()).toMatchObject([{ state: 'dispatched', mode: 'service' }]);
  const next = Date.parse((await getJob(database.db, 'real', 'watch')).next_due_at ?? '');
  expect(next % day).toBe(0);
  expect(next).toBeGreaterThan(Date.now());
});

test('sessions that went by are one recorded skip, and the one that is on starts late', async () => {
  await serve({ misfire: 'skip', misfire_grace_sec: 1 });
  await dueAgo('3 days');
  await fireDue(database.db, epoch);
  const all = await runs();
  const skip = all.find((run) => run.state === 'skipped');
  const late = all.find((run) => run.state !== 'skipped');
  expect(all).toHaveLength(2);
  expect(skip).toMatchObject({
    state: 'skipped',
    reason: { code: 'service_missed_range', params: { count: 3 } },
  });
  expect(late).toMatchObject({ state: 'dispatched' });
  expect(Date.parse(late?.scheduled_for ?? '') % day).toBe(0);
  expect(Date.parse(late?.service_until ?? '') % day).toBe(0);
});

test('a session that ends before anything ran it is skipped, with what it waited for', async () => {
  await serve({ resource_group: 'reporting' });
  await database.db.execute(sql`update resource_groups set capacity = 0 where name = 'reporting'`);
  await fireDue(database.db, epoch);
  await tick(database.db, epoch);
  expect((await runs())[0]?.state).toBe('ready');
  await database.db.execute(sql`update runs set service_until = scope_now(scope)`);
  await tick(database.db, epoch);
  expect(await runs()).toMatchObject([
    { state: 'skipped', reason: { code: 'service_missed', params: { cause: 'room_full' } } },
  ]);
});

test('a dispatched session that is over gives its room back and cannot be claimed', async () => {
  await serve();
  await fireDue(database.db, epoch);
  await database.db.execute(sql`update runs set service_until = scope_now(scope)`);
  const [run] = await runs();
  const bell = { runId: runId.parse(run?.run_id), dispatch: 1 };
  const token = attemptToken.parse('01a1fc6d-b878-44c4-8125-65823a83af92');
  expect(await claimRun(database.db, bell, { processId: me, host: 'h', token })).toBeNull();
  await tick(database.db, epoch);
  expect((await runs())[0]).toMatchObject({ state: 'cancelled' });
  expect(await database.db.execute(sql`select 1 from slots`)).toHaveLength(0);
});

test('a heartbeat of an attempt that is over is refused', async () => {
  await serve();
  await fireDue(database.db, epoch);
  const [run] = await runs();
  const claim = {
    id: runId.parse(run?.run_id),
    token: attemptToken.parse('01a1fc6d-b878-44c4-8125-65823a83af92'),
  };
  expect(await beatService(database.db, claim, newService(5), true)).toBeNull();
});

test('outside its session it is not started by hand, and says when the next one is', async () => {
  await serve({ window: laterToday() });
  await expect(perform(database.db, system, runNow, 'real', { job_id: 'watch' })).rejects.toMatchObject({
    code: 'service_outside_session',
    params: { next: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:00$/) },
  });
});

test('a run that has not begun stops with the pause too', async () => {
  await serve();
  await fireDue(database.db, epoch);
  await perform(database.db, system, pauseJob, 'real', { job_id: 'watch' });
  await tick(database.db, epoch);
  expect(await runs()).toMatchObject([{ state: 'cancelled', reason: { code: 'service_paused' } }]);
});

test('an exception of the calendar moves the end of the session that is on', async () => {
  await serve({ calendar: 'CRYPTO' });
  await fireDue(database.db, epoch);
  const today = new Date().toISOString().slice(0, 10);
  await perform(database.db, system, setException, 'real', {
    calendar: 'CRYPTO',
    date: today,
    exception: { closed: true, name: 'Maintenance' },
  });
  const [run] = await runs();
  expect(Date.parse(run?.service_until ?? '')).toBeLessThanOrEqual(Date.now());
  await tick(database.db, epoch);
  expect((await runs())[0]?.state).toBe('cancelled');
});

test('what a service may not be names the field', async () => {
  const refused = async (body: object) => {
    try {
      await serve(body);
    } catch (error) {
      if (error instanceof Error && 'issues' in error) return error.issues;
    }
    return null;
  };
  const cases: [object, string, string][] = [
    [{ interval_seconds: null }, 'interval_seconds', 'service_needs_interval'],
    [{ cron_expr: '* * * * *' }, 'cron_expr', 'service_has_hours'],
    [{ session: 'close - 10m', calendar: 'XKRX' }, 'session', 'service_has_hours'],
    [{ reschedule_mode: 'queue' }, 'reschedule_mode', 'service_in_queue_mode'],
    [{ window: 'session' }, 'calendar', 'calendar_needed'],
    [{ max_parallel: 2 }, 'max_parallel', 'service_is_one'],
    [{ locks: ['trading_cycle'] }, 'locks', 'service_locks'],
    [{ task: 'external', params: {} }, 'task', 'service_external'],
  ];
  for (const [body, field, code] of cases)
    expect(await refused(body)).toMatchObject([{ path: [field], code }]);
  await serve();
  await expect(
    perform(database.db, system, editJob, 'real', { job_id: 'watch', edit: { interval_seconds: null } }),
  ).rejects.toMatchObject({ issues: [{ path: ['interval_seconds'] }] });
});
