import { afterAll, beforeAll, expect, test } from 'vitest';
import { timelineView } from '#domain/timeline/view.ts';
import { problemSchema } from '#app/_server/api/problem.ts';
import { testApi, type TestApi } from '#app/_server/api/testing.ts';

let api: TestApi;
let key: string;

beforeAll(async () => {
  api = await testApi();
  key = await api.keyOf({ role: 'operator', scope: 'mock' });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const day = 86_400_000;
const path = (from: Date, to: Date, rest = '') =>
  `/api/v1/mock/timeline?from=${from.toISOString()}&to=${to.toISOString()}${rest}`;

async function read(from: Date, to: Date, rest = '') {
  const response = await api.call('GET', path(from, to, rest), { key });
  expect(response.status).toBe(200);
  return timelineView.parse(await response.json());
}

async function create(body: object) {
  const response = await api.call('POST', '/api/v1/mock/jobs', {
    key,
    body: { task: 'command', params: { argv: ['true'] }, ...body },
  });
  expect(response.status).toBe(201);
}

test('a run stands in the row of its job with its reason, and with it what is planned', async () => {
  await create({
    job_id: 'hourly',
    cron_expr: '0 * * * *',
    description: 'Each hour',
    resource_group: 'trading',
  });
  await create({ job_id: 'busy', cron_expr: '*/10 * * * * *' });
  await create({ job_id: 'quiet' });
  const run = await api.call('POST', '/api/v1/mock/jobs/quiet/run-now', { key, body: {} });
  const { run_id: runId } = (await run.json()) as { run_id: string };
  const now = Date.now();
  const view = await read(new Date(now - day), new Date(now + day));

  expect(view.jobs.map((job) => job.job_id)).toEqual(['busy', 'hourly', 'quiet']);
  expect(view.jobs[1]).toMatchObject({ description: 'Each hour', resource_group: 'trading', deleted: false });
  expect(view.runs).toMatchObject([{ run_id: runId, job: 2, state: 'ready', started_at: null }]);
  expect(view.runs[0]?.reason.code).not.toBe('');
  expect(view.runs_capped).toBeNull();

  const hourly = view.planned.find((plan) => plan.job === 1);
  expect(hourly?.fires).toHaveLength(24);
  expect(hourly?.bands).toEqual([]);
  const busy = view.planned.find((plan) => plan.job === 0);
  expect(busy?.fires).toHaveLength(1);
  expect(busy?.bands.every((band) => band.every_sec === 10 && !band.more)).toBe(true);
  const counted = busy?.bands.reduce((sum, band) => sum + band.count, 1) ?? 0;
  expect(counted).toBeGreaterThanOrEqual(8_639);
  expect(counted).toBeLessThanOrEqual(8_641);
  expect(view.planned.some((plan) => plan.job === 2)).toBe(false);
});

test('the sessions of the days come with it, shifted ones too', async () => {
  const view = await read(new Date('2026-11-18T15:00:00Z'), new Date('2026-11-19T15:00:00Z'));
  const exam = view.days.find((entry) => entry.date === '2026-11-19');
  expect(exam).toMatchObject({ kind: 'open', open: '2026-11-19T01:00:00.000Z' });
  const crypto = await read(
    new Date('2026-11-21T00:00:00Z'),
    new Date('2026-11-21T06:00:00Z'),
    '&calendar=CRYPTO',
  );
  expect(crypto.days.at(-1)).toMatchObject({ kind: 'open', date: '2026-11-21' });
});

test('runs of a deleted job keep a row; runs outside the range have none', async () => {
  await create({ job_id: 'gone' });
  const run = await api.call('POST', '/api/v1/mock/jobs/gone/run-now', { key, body: {} });
  const { run_id: runId } = (await run.json()) as { run_id: string };
  await api.call('POST', `/api/v1/mock/runs/${runId}/cancel`, { key, body: {} });
  expect((await api.call('DELETE', '/api/v1/mock/jobs/gone', { key })).status).toBeLessThan(300);
  const now = Date.now();
  const view = await read(new Date(now - day), new Date(now + day));
  const kept = view.runs.find((entry) => entry.run_id === runId);
  expect(view.jobs[kept?.job ?? -1]).toMatchObject({ job_id: 'gone', deleted: true });
  const earlier = await read(new Date(now - 3 * day), new Date(now - 2 * day));
  expect(earlier.runs).toEqual([]);
  const later = await read(new Date(now + 2 * day), new Date(now + 3 * day));
  expect(later.runs.map((entry) => entry.run_id)).toEqual([]);
});

test.each([
  ['backwards', '2026-11-20T00:00:00Z', '2026-11-19T00:00:00Z'],
  ['too long', '2026-11-01T00:00:00Z', '2026-11-20T00:00:00Z'],
])('a range that is %s is refused under `to`', async (_name, from, to) => {
  const response = await api.call('GET', path(new Date(from), new Date(to)), { key });
  expect(problemSchema.parse(await response.json()).issues[0]?.path).toBe('to');
  const unknown = await api.call(
    'GET',
    path(new Date('2026-11-20T00:00:00Z'), new Date('2026-11-21T00:00:00Z'), '&calendar=XNYS'),
    { key },
  );
  expect(unknown.status).toBe(404);
});

test('another scope is not for this key', async () => {
  const from = '2026-11-20T00:00:00Z';
  const response = await api.call('GET', `/api/v1/real/timeline?from=${from}&to=2026-11-21T00:00:00Z`, {
    key,
  });
  expect([403, 404]).toContain(response.status);
});
