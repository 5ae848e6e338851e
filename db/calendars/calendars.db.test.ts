import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#domain/access/access.ts';
import { Problem } from '#domain/core/errors.ts';
import { perform } from '#db/core/operation.ts';
import { fireDue } from '#db/engine/fire.ts';
import { createJob } from '#db/jobs/create.ts';
import { editJob } from '#db/jobs/edit.ts';
import { getJob } from '#db/jobs/queries.ts';
import { continueQueueMode } from '#db/jobs/reschedule.ts';
import { jobs } from '#db/jobs/schema.ts';
import { listRuns } from '#db/runs/queries.ts';
import { scopes } from '#db/scopes/schema.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { removeCalendar, removeException, setCalendar, setException } from './edit.ts';
import { calendarDays } from './queries.ts';

let database: TestDatabase;
const scope = 'desk';
/** Thursday, before the open. */
const start = new Date('2026-09-22T23:00:00Z');

beforeAll(async () => {
  database = await testDatabase();
  await database.db
    .insert(scopes)
    .values({ name: scope, kind: 'rehearsal', number: 90, clockKind: 'simulated', clockAt: start });
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const kim: Actor = { kind: 'user', id: 'u1', name: 'Kim', grants: [{ role: 'operator', scope }] };
const viewer: Actor = { kind: 'user', id: 'u2', name: 'Lee', grants: [{ role: 'viewer', scope: '*' }] };
const setClock = (at: string) =>
  database.db
    .update(scopes)
    .set({ clockAt: new Date(at) })
    .where(eq(scopes.name, scope));
const create = (body: object) =>
  perform(database.db, kim, createJob, scope, { task: 'external', queue: `${scope}.q`, ...body });
const dueOf = async (job: string) => (await getJob(database.db, scope, job)).next_due_at;
const exception = (date: string, given: object, actor = kim) =>
  perform(database.db, actor, setException, scope, { calendar: 'XKRX', date, exception: given });

async function problem(act: Promise<unknown>): Promise<Problem> {
  const error = await act.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Problem)) throw new Error(`Expected a problem, got ${String(error)}`);
  return error;
}

describe('jobs on a calendar', () => {
  test('the fields are kept, as text or as objects, and the next due time follows the session', async () => {
    const job = await create({ job_id: 'exit', session: 'close - 10m', calendar: 'XKRX' });
    expect(job).toMatchObject({
      session: { anchor: 'close', offset_min: -10 },
      candle: null,
      calendar: 'XKRX',
      on_closed: 'skip',
      window: null,
      schedule_kind: 'session',
      next_due_at: '2026-09-23T06:20:00.000Z',
    });
    const edited = await perform(database.db, kim, editJob, scope, {
      job_id: 'exit',
      edit: { session: null, candle: { interval: '1h', buffer_sec: 60 }, window: 'session' },
    });
    expect(edited).toMatchObject({
      schedule_kind: 'candle',
      next_due_at: '2026-09-23T01:01:00.000Z',
      version: 2,
    });
    const same = await perform(database.db, kim, editJob, scope, {
      job_id: 'exit',
      edit: { candle: '1h + 60s' },
    });
    expect(same.version).toBe(2);
  });

  test.each([
    ['candle', 'schedule_twice', { candle: '1h', cron_expr: '* * * * *' }],
    ['session', 'schedule_twice', { session: 'close', candle: '1h', calendar: 'XKRX' }],
    ['candle', 'schedule_twice', { candle: '1h', interval_seconds: 60 }],
    ['candle', 'schedule_in_queue_mode', { candle: '1h', reschedule_mode: 'queue' }],
    ['calendar', 'calendar_needed', { session: 'close - 10m' }],
    ['calendar', 'calendar_needed', { cron_expr: '* * * * *', window: 'session' }],
    ['calendar', 'calendar_unknown', { cron_expr: '* * * * *', calendar: 'XNYS' }],
    ['candle', 'candle_form', { candle: 'hourly' }],
    ['session', 'session_form', { session: 'noon' }],
    ['window', 'window_form', { window: '9-15' }],
  ])('refuses a bad %s: %s', async (field, code, body) => {
    const found = await problem(create({ job_id: 'bad', ...body }));
    expect(found.status).toBe(400);
    expect(found.issues.map((issue) => [issue.path.join('.'), issue.code])).toContainEqual([field, code]);
  });

  test('a cron beside an interval still wins', async () => {
    const body = { job_id: 'both', cron_expr: '0 9 * * *', interval_seconds: 600, calendar: 'XKRX' };
    expect((await create(body)).schedule_kind).toBe('cron');
  });
});

describe('exceptions', () => {
  test('an edit moves the due times of the jobs on the calendar, and back', async () => {
    await create({ job_id: 'morning', cron_expr: '30 9 * * *', calendar: 'XKRX' });
    await create({ job_id: 'anyway', cron_expr: '30 9 * * *', calendar: 'XKRX', on_closed: 'run' });
    await create({ job_id: 'elsewhere', cron_expr: '30 9 * * *' });
    expect(await dueOf('morning')).toBe('2026-09-23T00:30:00.000Z');
    const day = await exception('2026-09-23', { closed: true, name: '임시 휴장' });
    expect(day).toMatchObject({ kind: 'closed', name: { ko: '임시 휴장' }, source: 'exception' });
    // 24 and 25 September are Chuseok, then the weekend.
    expect(await dueOf('morning')).toBe('2026-09-28T00:30:00.000Z');
    expect(await dueOf('anyway')).toBe('2026-09-23T00:30:00.000Z');
    expect(await dueOf('elsewhere')).toBe('2026-09-23T00:30:00.000Z');
    await perform(database.db, kim, removeException, scope, { calendar: 'XKRX', date: '2026-09-23' });
    expect(await dueOf('morning')).toBe('2026-09-23T00:30:00.000Z');
    const audited = await database.db.execute<{ operation: string; before: unknown; after: unknown }>(
      sql`select operation, before, after from audit where entity_id = 'desk/XKRX/2026-09-23' order by id`,
    );
    expect(audited).toMatchObject([
      { operation: 'set_calendar_exception', before: null, after: { closed: true } },
      { operation: 'remove_calendar_exception', before: { closed: true }, after: null },
    ]);
  });

  test('stay in their scope', async () => {
    await exception('2026-09-30', { closed: true });
    const [here] = await calendarDays(database.db, scope, 'XKRX', { from: '2026-09-30', to: '2026-09-30' });
    const [real] = await calendarDays(database.db, 'real', 'XKRX', { from: '2026-09-30', to: '2026-09-30' });
    expect([here?.kind, here?.exception?.closed, real?.kind, real?.exception]).toEqual([
      'closed',
      true,
      'open',
      null,
    ]);
  });

  test('are not for those who may only look, nor for days and calendars that are none', async () => {
    expect(await problem(exception('2026-09-29', { closed: true }, viewer))).toMatchObject({ status: 403 });
    expect((await problem(exception('2026-02-30', { closed: true }))).issues[0]?.path).toEqual(['date']);
    expect((await problem(exception('2026-09-29', {}))).issues[0]).toMatchObject({ code: 'exception_empty' });
    const nowhere = { calendar: 'XNYS', date: '2026-09-29', exception: { closed: true } };
    expect(await problem(perform(database.db, kim, setException, scope, nowhere))).toMatchObject({
      status: 404,
    });
  });

  test('edits at once with edits of jobs leave no due time behind', async () => {
    const dates = ['2026-09-23', '2026-09-28', '2026-09-29'];
    await Promise.all([
      ...dates.map((date) => exception(date, { closed: true })),
      ...['a', 'b', 'c', 'd'].map((name) =>
        create({ job_id: `race-${name}`, cron_expr: '0 9 * * *', calendar: 'XKRX' }),
      ),
      perform(database.db, kim, editJob, scope, { job_id: 'elsewhere', edit: { calendar: 'XKRX' } }),
    ]);
    for (const job of ['race-a', 'race-b', 'race-c', 'race-d', 'elsewhere'])
      expect((await dueOf(job))?.slice(0, 10), job).toBe('2026-10-01');
    for (const date of dates)
      await perform(database.db, kim, removeException, scope, { calendar: 'XKRX', date });
    expect((await dueOf('race-a'))?.slice(0, 10)).toBe('2026-09-23');
  });
});

describe('firing', () => {
  test('goes by the calendar: the holiday is passed over and the run has the trading day', async () => {
    const [leader] = await database.db.execute<{ epoch: string }>(sql`select epoch from leadership`);
    await database.db.delete(jobs).where(eq(jobs.scope, scope));
    await create({ job_id: 'daily', cron_expr: '0 9 * * *', calendar: 'XKRX', misfire: 'run_all' });
    await create({ job_id: 'coin', candle: '1d + 60s', calendar: 'CRYPTO' });
    await setClock('2026-09-23T00:01:00Z');
    await fireDue(database.db, Number(leader?.epoch));
    expect(await dueOf('daily')).toBe('2026-09-28T00:00:00.000Z');
    const { items } = await listRuns(database.db, scope, { job_id: 'daily', limit: 10 });
    expect(items.map((run) => [run.trading_day, run.scheduled_for])).toEqual([
      ['2026-09-23', '2026-09-23T00:00:00.000Z'],
    ]);
    const coins = await listRuns(database.db, scope, { job_id: 'coin', limit: 10 });
    expect(coins.items.map((run) => run.trading_day)).toEqual(['2026-09-23']);
  });

  test('queue mode waits for the window', async () => {
    await setClock('2026-09-23T06:31:00Z');
    await create({
      job_id: 'loop',
      reschedule_mode: 'queue',
      interval_seconds: 60,
      calendar: 'XKRX',
      window: 'session',
    });
    expect(await dueOf('loop')).toBe('2026-09-28T00:00:00.000Z');
    const [row] = await database.db
      .select({ id: jobs.id })
      .from(jobs)
      .where(sql`${jobs.jobId} = 'loop'`);
    const end = new Date('2026-09-23T02:00:00Z');
    await database.db.transaction((tx) => continueQueueMode(tx, row?.id ?? 0, end));
    expect(await dueOf('loop')).toBe('2026-09-23T02:01:00.000Z');
    const late = new Date('2026-09-23T06:29:30Z');
    await database.db.transaction((tx) => continueQueueMode(tx, row?.id ?? 0, late));
    expect(await dueOf('loop')).toBe('2026-09-28T00:00:00.000Z');
  });
});

describe("calendars of a scope's own", () => {
  const night = { open: '18:00', close: '05:00' };
  const definition = {
    time_zone: 'Asia/Seoul',
    sessions: { mon: night, tue: night, wed: night, thu: night, fri: night },
  };

  test('are made, replaced, used and, once nobody uses them, removed', async () => {
    const made = await perform(database.db, kim, setCalendar, scope, { calendar: 'KNIGHT', definition });
    expect(made).toMatchObject({ version: 1, builtin: false });
    await create({ job_id: 'night', session: 'open + 5m', calendar: 'KNIGHT' });
    expect(await dueOf('night')).toBe('2026-09-23T09:05:00.000Z');
    const later = { ...definition, sessions: { wed: { open: '19:00', close: '05:00' } } };
    const again = await perform(database.db, kim, setCalendar, scope, {
      calendar: 'KNIGHT',
      definition: later,
    });
    expect(again.version).toBe(2);
    expect(await dueOf('night')).toBe('2026-09-23T10:05:00.000Z');
    const remove = () => perform(database.db, kim, removeCalendar, scope, { calendar: 'KNIGHT' });
    expect(await problem(remove())).toMatchObject({ status: 409, code: 'calendar_in_use' });
    await perform(database.db, kim, editJob, scope, {
      job_id: 'night',
      edit: { session: null, calendar: null },
    });
    await remove();
    expect(await problem(remove())).toMatchObject({ status: 404 });
  });

  test('a built-in one is not replaced', async () => {
    const found = await problem(
      perform(database.db, kim, setCalendar, scope, { calendar: 'XKRX', definition }),
    );
    expect(found.issues[0]).toMatchObject({ path: ['calendar'], code: 'calendar_builtin' });
  });
});
