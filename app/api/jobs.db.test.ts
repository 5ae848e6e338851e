import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { problemSchema } from '#app/_server/api/problem.ts';
import { testApi, type TestApi } from '#app/_server/api/testing.ts';
import { audit } from '#db/core/schema.ts';

let api: TestApi;
let key: string;
let everywhere: string;

beforeAll(async () => {
  api = await testApi();
  key = await api.keyOf({ role: 'operator', scope: 'real' });
  everywhere = await api.keyOf({ role: 'admin', scope: '*' });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const crawler = {
  job_id: 'news-crawler',
  queue: 'real.jobs.news-crawler',
  cron_expr: '*/10 * * * *',
  reschedule_mode: 'scheduler',
  interval_seconds: 600,
  description: '뉴스 크롤링 자동 실행',
  enabled: true,
};
const jobs = '/api/v1/real/jobs';
const named = z.object({ job_id: z.string(), version: z.number() }).loose();
const problemOf = async (response: Response) => problemSchema.parse(await response.json());

test('a job is registered once', async () => {
  const first = await api.call('POST', jobs, { key, body: crawler });
  expect([first.status, first.headers.get('location')]).toEqual([201, '/api/v1/real/jobs/news-crawler']);
  expect(await first.json()).toMatchObject({
    ...crawler,
    task: 'external',
    params: {},
    default_params: {},
    version: 1,
    scope: 'real',
  });
  const again = await api.call('POST', jobs, { key, body: crawler });
  expect([again.status, (await problemOf(again)).code]).toEqual([409, 'job_exists']);
});

test('bad fields are named, as the caller wrote them', async () => {
  const cron = await api.call('POST', jobs, {
    key,
    body: { ...crawler, job_id: 'bad', cron_expr: '61 8 * * 1-5' },
  });
  const problem = await problemOf(cron);
  expect([cron.status, problem.issues.map(({ path }) => path)]).toEqual([400, ['cron_expr']]);
  expect(problem.detail).toMatch(/^cron_expr: /);
  const patch = await problemOf(
    await api.call('PATCH', `${jobs}/news-crawler`, { key, body: { timeout_sec: 0, colour: 'red' } }),
  );
  expect(patch.issues.map(({ path, code }) => [path, code])).toEqual([
    ['timeout_sec', 'too_small'],
    ['colour', 'unknown_field'],
  ]);
  const put = await problemOf(
    await api.call('PUT', `${jobs}/news-crawler`, { key, body: { task: 'external', cron_expr: 'never' } }),
  );
  expect(put.issues.map(({ path }) => path)).toEqual(['cron_expr']);
  const query = await api.call('GET', `${jobs}?limit=many&state=paused`, { key });
  expect([query.status, (await problemOf(query)).issues[0]?.path]).toEqual([400, 'limit']);
  expect((await problemOf(await api.call('GET', `${jobs}?stat=paused`, { key }))).issues[0]?.path).toBe(
    'stat',
  );
});

test('bodies that are no JSON, too large or unstorable are refused', async () => {
  const broken = await problemOf(
    await api.call('POST', jobs, { key, body: '{"job_id": "a",\n "task" oops}' }),
  );
  expect([broken.code, broken.params['line'], broken.detail]).toEqual([
    'malformed_json',
    2,
    expect.stringContaining('line 2'),
  ]);
  const form = await api.call('POST', jobs, {
    key,
    body: 'a=b',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(form.status).toBe(415);
  const large = await api.call('POST', jobs, {
    key,
    body: JSON.stringify({ description: 'x'.repeat(1_100_000) }),
  });
  expect(large.status).toBe(413);
  const nul = await problemOf(
    await api.call('POST', jobs, { key, body: { ...crawler, job_id: 'nul', description: 'a\0b' } }),
  );
  expect(nul.issues[0]).toMatchObject({ path: 'description', code: 'bad_character' });
  const deep = await api.call('POST', jobs, {
    key,
    body: `{"params":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
  });
  expect([deep.status, (await problemOf(deep)).issues[0]?.code]).toEqual([400, 'too_deep']);
});

test('edits make versions; a stale one is 409; a version comes back', async () => {
  const edited = await api.call('PATCH', `${jobs}/news-crawler`, {
    key,
    body: { cron_expr: '0 9 * * 1-5', version: 1 },
  });
  expect(named.parse(await edited.json()).version).toBe(2);
  const stale = await api.call('PATCH', `${jobs}/news-crawler`, { key, body: { priority: 0, version: 1 } });
  expect([stale.status, (await problemOf(stale)).code]).toEqual([409, 'job_version_stale']);
  const restored = await api.call('POST', `${jobs}/news-crawler/versions/1/restore`, { key });
  expect(await restored.json()).toMatchObject({ version: 3, cron_expr: '*/10 * * * *' });
  const versions: unknown = await (await api.call('GET', `${jobs}/news-crawler/versions`, { key })).json();
  expect(versions).toMatchObject({
    items: [{ version: 3, restored_from: 1 }, { version: 2 }, { version: 1 }],
    next_cursor: null,
  });
});

test('a replacement takes the alias and its own id', async () => {
  const body = {
    job_id: 'news-crawler',
    task: 'external',
    default_params: { limit: 5 },
    interval_seconds: 60,
  };
  const replaced = await api.call('PUT', `${jobs}/news-crawler`, { key, body });
  expect(await replaced.json()).toMatchObject({
    params: { limit: 5 },
    cron_expr: null,
    interval_seconds: 60,
    description: '',
  });
  const other = await api.call('PUT', `${jobs}/news-crawler`, { key, body: { ...body, job_id: 'other' } });
  expect((await problemOf(other)).issues[0]).toMatchObject({ path: 'job_id', code: 'unknown_field' });
});

test('a POST with an Idempotency-Key is performed once', async () => {
  const headers = { 'idempotency-key': 'run-1' };
  const path = `${jobs}/news-crawler/run-now`;
  const [first, second] = await Promise.all([
    api.call('POST', path, { key, headers, body: {} }),
    api.call('POST', path, { key, headers, body: {} }),
  ]);
  const run = z.object({ run_id: z.string() });
  const runId = run.parse(await first.json()).run_id;
  expect([first.status, second.status, run.parse(await second.json()).run_id]).toEqual([202, 202, runId]);
  const reused = await api.call('POST', path, { key, headers, body: { params: { a: 1 } } });
  expect([reused.status, (await problemOf(reused)).code]).toEqual([422, 'idempotency_key_reused']);
  const others = await api.call('POST', path, { key: everywhere, headers, body: {} });
  expect([others.status, run.parse(await others.json()).run_id === runId]).toEqual([202, false]);
  const runs: unknown = await (
    await api.call('GET', '/api/v1/real/runs?job_id=news-crawler&limit=1', { key })
  ).json();
  expect(runs).toMatchObject({
    items: [{ job_id: 'news-crawler', trigger_source: 'manual' }],
    next_cursor: expect.any(String),
  });
  const log: unknown = await (await api.call('GET', `/api/v1/real/runs/${runId}/logs`, { key })).json();
  expect(log).toMatchObject({ items: [], ended: false });
});

test('previews are words, fires and skipped dates', async () => {
  const body = {
    cron_expr: '30 2 * * *',
    time_zone: 'America/New_York',
    from: '2026-03-07T00:00:00Z',
    count: 3,
  };
  const preview: unknown = await (await api.call('POST', '/api/v1/real/preview', { key, body })).json();
  expect(preview).toMatchObject({
    fires: [{}, {}, {}],
    skipped: [{ date: '2026-03-08', reason: { code: 'dst_moved' } }],
  });
  const saved = await api.call('GET', `${jobs}/news-crawler/preview?count=2`, { key });
  expect(await saved.json()).toMatchObject({ words: { ko: '1분마다', en: 'Every minute' }, fires: [{}, {}] });
});

test('unknown scopes and jobs are 404; an unknown scope of a key that does not see it is 403', async () => {
  const scope = await api.call('GET', '/api/v1/nowhere/jobs', { key: everywhere });
  expect([scope.status, (await problemOf(scope)).code]).toEqual([404, 'scope_not_found']);
  expect((await api.call('GET', '/api/v1/nowhere/jobs', { key })).status).toBe(403);
  expect((await api.call('GET', `${jobs}/none`, { key })).status).toBe(404);
  expect((await api.call('GET', '/api/v1/real/runs/none', { key })).status).toBe(404);
});

test('the request id is answered, logged in the audit, and replaced when it is no plain one', async () => {
  const given = await api.call('POST', `${jobs}/news-crawler/pause`, {
    key,
    headers: { 'x-request-id': 'desk-0001-a' },
  });
  expect([given.status, given.headers.get('x-request-id'), given.headers.get('cache-control')]).toEqual([
    200,
    'desk-0001-a',
    'no-store',
  ]);
  const rows = await api.database.db
    .select({ requestId: audit.requestId, operation: audit.operation })
    .from(audit);
  expect(rows).toContainEqual({ requestId: 'desk-0001-a', operation: 'pause_job' });
  const odd = await api.call('GET', jobs, { key, headers: { 'x-request-id': 'a b; drop' } });
  expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('who am I, scopes, engine, health', async () => {
  const me: unknown = await (await api.call('GET', '/api/v1/instance/me', { key })).json();
  expect(me).toMatchObject({
    kind: 'key',
    grants: [{ role: 'operator', scope: 'real' }],
    permissions: { instance: [], scopes: { real: expect.arrayContaining(['jobs.edit']) } },
  });
  expect(await (await api.call('GET', '/api/v1/instance/scopes', { key })).json()).toEqual({
    items: [{ name: 'real', kind: 'real' }],
  });
  expect(await (await api.call('GET', '/api/v1/instance/engine', { key })).json()).toMatchObject({
    leader: null,
    scopes: [{ scope: 'real' }],
  });
  const health = await api.call('GET', '/api/health');
  expect([health.status, await health.json()]).toEqual([
    200,
    { status: 'degraded', process: 'up', database: 'reachable', leader: 'missing' },
  ]);
});
