import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
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
