import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { calendarCounts, dayChange, dayJobs } from '#domain/time/calendar/counts.ts';
import { calendarDayView } from '#domain/time/calendar/view.ts';
import { previewView } from '#domain/jobs/view.ts';
import { problemSchema } from '#app/_server/api/problem.ts';
import { testApi, type TestApi } from '#app/_server/api/testing.ts';

let api: TestApi;
let key: string;
let looking: string;

beforeAll(async () => {
  api = await testApi();
  key = await api.keyOf({ role: 'operator', scope: 'real' });
  looking = await api.keyOf({ role: 'viewer', scope: 'real' });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const krx = '/api/v1/real/calendars/XKRX/days';
const days = z.object({ items: z.array(calendarDayView) });

test('a day says what it is and where that comes from', async () => {
  const exam = calendarDayView.parse(
    await (await api.call('GET', `${krx}/2026-11-19`, { key: looking })).json(),
  );
  expect(exam).toMatchObject({
    kind: 'open',
    open: '2026-11-19T01:00:00.000Z',
    continuous_close: '2026-11-19T07:20:00.000Z',
    close: '2026-11-19T07:30:00.000Z',
    source: 'table',
    projected: false,
    exception: null,
  });
  const list = days.parse(
    await (await api.call('GET', `${krx}?from=2026-12-30&to=2027-01-04`, { key: looking })).json(),
  );
  expect(list.items.map((day) => (day.kind === 'open' ? day.kind : day.name.en))).toEqual([
    'open',
    'Year-end closing (KRX)',
    "New Year's Day",
    'Weekend',
    'Weekend',
    'open',
  ]);
});

test.each([
  [`${krx}?from=2026-01-01&to=2028-01-01`, 'to'],
  [`${krx}?from=2026-01-02&to=2026-01-01`, 'to'],
  [`${krx}?from=soon&to=2026-01-01`, 'from'],
  [`${krx}/2026-02-30`, 'date'],
])('%s is refused under %s', async (path, field) => {
  const response = await api.call('GET', path, { key });
  const { issues } = problemSchema.parse(await response.json());
  expect([response.status, issues[0]?.path]).toEqual([400, field]);
});

test('an exception is entered, shown, and taken back', async () => {
  const body = { closed: true, name: 'Temporary public holiday' };
  expect((await api.call('PUT', `${krx}/2026-11-23`, { key: looking, body })).status).toBe(403);
  const put = await api.call('PUT', `${krx}/2026-11-23`, { key, body });
  expect(await put.json()).toMatchObject({
    kind: 'closed',
    source: 'exception',
    exception: { closed: true },
  });
  const bad = await api.call('PUT', `${krx}/2026-11-24`, { key, body: { open: 'nine', reason: 'x' } });
  const { issues } = problemSchema.parse(await bad.json());
  expect(issues.map(({ path }) => path)).toEqual(expect.arrayContaining(['open', 'reason']));
  const gone = await api.call('DELETE', `${krx}/2026-11-23`, { key });
  expect(await gone.json()).toMatchObject({ kind: 'open', exception: null });
  expect((await api.call('DELETE', `${krx}/2026-11-23`, { key })).status).toBe(404);
  expect((await api.call('GET', '/api/v1/real/calendars/XNYS/days/2026-11-23', { key })).status).toBe(404);
});

test('previews take the fields and name what they leave out', async () => {
  const body = { session: 'close - 10m', calendar: 'XKRX', from: '2026-12-30T00:00:00Z', count: 2 };
  const answer = await api.call('POST', '/api/v1/real/preview', { key, body });
  const preview = previewView.parse(await answer.json());
  expect(preview.words).toEqual({
    ko: '거래일마다 장 마감 10분 전',
    en: '10 min before the close of each trading day',
  });
  expect(preview.fires.map((fire) => fire.at)).toEqual([
    '2026-12-30T06:20:00.000Z',
    '2027-01-04T06:20:00.000Z',
  ]);
  expect(preview.skipped.map(({ date, reason }) => [date, reason.code, reason.params['name_ko']])).toEqual([
    ['2026-12-31', 'calendar_closed', '연말 휴장일'],
    ['2027-01-01', 'calendar_closed', '신정'],
  ]);
  const twice = await api.call('POST', '/api/v1/real/preview', { key, body: { ...body, candle: '1h' } });
  expect(problemSchema.parse(await twice.json()).issues.map(({ path, code }) => [path, code])).toEqual([
    ['candle', 'schedule_twice'],
    ['session', 'schedule_twice'],
  ]);
  const unknown = await api.call('POST', '/api/v1/real/preview', {
    key,
    body: { ...body, calendar: 'XNYS' },
  });
  expect(problemSchema.parse(await unknown.json()).issues[0]?.path).toBe('calendar');
});

test('a calendar of its own', async () => {
  const path = '/api/v1/real/calendars/NY';
  const session = { open: '09:30', close: '16:00' };
  const body = { time_zone: 'America/New_York', sessions: { mon: session, tue: session } };
  expect(await (await api.call('PUT', path, { key, body })).json()).toMatchObject({ id: 'NY', version: 1 });
  const list = await (await api.call('GET', '/api/v1/real/calendars', { key: looking })).json();
  expect(list).toMatchObject({ calendars: [{ id: 'XKRX' }, { id: 'CRYPTO' }, { id: 'NY', builtin: false }] });
  const monday = await api.call('GET', `${path}/days/2027-03-15`, { key });
  expect(await monday.json()).toMatchObject({ open: '2027-03-15T13:30:00.000Z' });
  expect((await api.call('DELETE', path, { key })).status).toBe(200);
});

test('a change of a day is tried before it is made, and says who made it', async () => {
  const create = (job_id: string, body: object) =>
    api.call('POST', '/api/v1/real/jobs', {
      key,
      body: { job_id, task: 'command', params: { argv: ['true'] }, ...body },
    });
  await create('flatten', { session: 'close - 10m', calendar: 'XKRX' });
  await create('sweep', { cron_expr: '* 9-15 * * 1-5', calendar: 'XKRX', window: 'session' });
  await create('always', { cron_expr: '0 * * * *' });
  const days = `${krx}?from=2027-03-01&to=2027-03-31`;
  const list = z
    .object({ items: z.array(calendarDayView) })
    .parse(await (await api.call('GET', days, { key })).json());
  const open = list.items.find((day) => day.kind === 'open')?.date ?? '';
  const tried = await api.call('POST', `${krx}/${open}/preview`, {
    key: looking,
    body: { exception: { open: '10:00' } },
  });
  const change = dayChange.parse(await tried.json());
  expect(change.after).toMatchObject({ kind: 'open', source: 'exception' });
  expect(change.changed).toMatchObject([
    { job_id: 'sweep', fires_before: { count: 391 }, fires_after: { count: 331 } },
  ]);
  expect(change.unchanged).toBe(1);
  const closed = await api.call('POST', `${krx}/${open}/preview`, {
    key,
    body: { exception: { closed: true } },
  });
  expect(
    dayChange.parse(await closed.json()).changed.map((job) => [job.job_id, job.fires_after.count]),
  ).toEqual([
    ['flatten', 0],
    ['sweep', 0],
  ]);
  expect(await (await api.call('GET', `${krx}/${open}`, { key })).json()).toMatchObject({
    exception: null,
    entered: null,
  });
  await api.call('PUT', `${krx}/${open}`, { key, body: { closed: true, name: 'Typhoon' } });
  const day = calendarDayView.parse(await (await api.call('GET', `${krx}/${open}`, { key })).json());
  expect(day.entered?.by).toContain('operator');
  const undone = await api.call('POST', `${krx}/${open}/preview`, { key, body: { exception: null } });
  expect(dayChange.parse(await undone.json()).changed).toHaveLength(2);
  await api.call('DELETE', `${krx}/${open}`, { key });
});

test('days are counted by what ran and what is planned', async () => {
  const path = '/api/v1/real/calendar-days?from=2027-03-01&to=2027-03-31';
  const read = async (rest: string) =>
    calendarCounts.parse(await (await api.call('GET', `${path}${rest}`, { key: looking })).json());
  const sweep = await read('&job_id=sweep');
  expect([...new Set(sweep.items.map((day) => day.planned.count))].sort((a, b) => a - b)).toEqual([0, 391]);
  const all = await read('');
  const weekday = all.items.find((day) => day.date === '2027-03-03');
  expect(weekday).toMatchObject({ total: 0, planned: { count: 391 + 1 + 24, more: false } });
  const own = await read('&of=calendar');
  expect(own.items.find((day) => day.date === '2027-03-03')?.planned.count).toBe(392);
  expect((await api.call('POST', '/api/v1/real/jobs/always/run-now', { key, body: {} })).status).toBe(202);
  const today = calendarCounts.parse(
    await (
      await api.call('GET', `/api/v1/real/calendar-days?from=${all.today}&to=${all.today}&job_id=always`, {
        key,
      })
    ).json(),
  );
  expect(today.items).toMatchObject([{ total: 1 }]);
  expect((await api.call('GET', `${path}&job_id=nothing`, { key })).status).toBe(404);
  expect((await api.call('GET', path.replace('2027-03-31', '2027-08-31'), { key })).status).toBe(400);

  const jobs = async (date: string, rest = '') =>
    dayJobs.parse(
      await (await api.call('GET', `/api/v1/real/calendar-days/${date}${rest}`, { key: looking })).json(),
    ).jobs;
  expect((await jobs('2027-03-03')).map((job) => [job.job_id, job.planned.count, job.fires[0]])).toEqual([
    ['always', 24, '2027-03-02T15:00:00.000Z'],
    ['flatten', 1, '2027-03-03T06:20:00.000Z'],
    ['sweep', 391, '2027-03-03T00:00:00.000Z'],
  ]);
  expect((await jobs(all.today, '?job_id=always'))[0]?.runs).toEqual({ ready: 1 });
});
