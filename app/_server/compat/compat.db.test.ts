import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, createServer, request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { json } from 'node:stream/consumers';
import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '#db/core/schema.ts';
import { users } from '#db/access/schema.ts';
import { getJob } from '#db/jobs/queries.ts';
import { freePort } from '../../../bin/lib/ports.mjs';
import { type TestApi, testApi } from '../api/testing.ts';
import { type Compat, startCompat } from './start.ts';

let api: TestApi;
let compat: Compat;
let real: number;
let mock: number;
beforeAll(async () => {
  api = await testApi();
  [real, mock] = [await freePort(), await freePort()];
  compat = startCompat([
    { scope: 'real', port: real },
    { scope: 'mock', port: mock },
  ]);
  await compat.listening;
});
afterAll(async () => {
  await compat.stop();
  await api[Symbol.asyncDispose]();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}
interface Sent {
  readonly port?: number;
  readonly host?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

async function call(method: string, path: string, sent: Sent = {}): Promise<Answer> {
  const text =
    sent.body === undefined
      ? undefined
      : typeof sent.body === 'string'
        ? sent.body
        : JSON.stringify(sent.body);
  const out = request({
    method,
    path,
    agent: false,
    host: sent.host ?? '127.0.0.1',
    port: sent.port ?? mock,
    headers: {
      ...(text === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      ...sent.headers,
    },
  });
  out.end(text);
  const [message] = (await once(out, 'response')) as [IncomingMessage];
  const body = (await json(message)) as Record<string, unknown>;
  return { status: message.statusCode ?? 0, headers: message.headers, body };
}

const job = { job_id: 'crawl', task: 'command', params: { argv: ['true'] }, interval_seconds: 600 };

describe('the nine paths', () => {
  test('register, list, read, replace, edit, pause, resume, run, mark, delete', async () => {
    const created = await call('POST', '/jobs', { body: job });
    expect([created.status, created.headers.location]).toEqual([201, '/jobs/crawl']);
    expect(created.body).toEqual(await getJob(api.database.db, 'mock', 'crawl'));
    expect((await call('POST', '/jobs', { body: job })).status).toBe(409);

    expect((await call('GET', '/jobs?limit=1')).body).toMatchObject({
      items: [{ job_id: 'crawl', scope: 'mock' }],
    });
    expect((await call('GET', '/jobs/crawl')).body).toMatchObject({ job_id: 'crawl', interval_seconds: 600 });
    expect((await call('GET', '/jobs/crawl/')).status).toBe(200);
    const { job_id: _id, ...fields } = job;
    expect((await call('PUT', '/jobs/crawl', { body: { ...fields, timeout_sec: 9 } })).body).toMatchObject({
      timeout_sec: 9,
    });
    expect((await call('PATCH', '/jobs/crawl', { body: { timeout_sec: 8 } })).body).toMatchObject({
      timeout_sec: 8,
    });
    expect((await call('POST', '/jobs/crawl/pause')).body).toMatchObject({ enabled: false });
    expect((await call('POST', '/jobs/crawl/resume')).body).toMatchObject({ enabled: true });

    const run = await call('POST', '/jobs/crawl/run-now', { body: {} });
    expect([run.status, run.body['trigger_source']]).toEqual([202, 'manual']);
    expect(run.headers.location).toBe(`http://127.0.0.1:3000/api/v1/mock/runs/${String(run.body['run_id'])}`);
    expect((await call('DELETE', '/jobs/crawl')).status).toBe(409);

    await call('POST', '/jobs', { body: { job_id: 'script', queue: 'mock.jobs.script' } });
    const marked = await call('POST', '/jobs/script/last-run', {
      body: { status: 'failed', error: 'no answer' },
    });
    expect([marked.status, marked.body['last_status'], marked.body['last_error']]).toEqual([
      200,
      'failed',
      'no answer',
    ]);
    expect((await call('DELETE', '/jobs/script')).body).toEqual({ job_id: 'script' });
  });

  test('refuses as the API does, with the same documents', async () => {
    const bad = await call('POST', '/jobs', { body: { ...job, job_id: 'bad', cron_expr: '99 * * * *' } });
    expect([bad.status, bad.headers['content-type']]).toEqual([400, 'application/problem+json']);
    expect(bad.body).toMatchObject({ code: 'invalid', issues: [{ path: 'cron_expr' }] });
    expect((await call('GET', '/jobs/nothing')).body).toMatchObject({ status: 404, code: 'job_not_found' });
    expect((await call('POST', '/jobs', { body: '{"job_id":' })).body).toMatchObject({
      code: 'malformed_json',
    });
    expect((await call('POST', '/jobs', { body: `"${'x'.repeat(1_100_000)}"` })).status).toBe(413);
  });

  test('serves nothing else', async () => {
    for (const path of ['/', '/runs', '/api/v1/mock/jobs', '/jobs/crawl/versions', '/jobs/crawl/run-now/x'])
      expect((await call('POST', path)).status).toBe(404);
    expect((await call('POST', '/jobs/..%2f..%2fx/pause')).body).toMatchObject({
      status: 400,
      code: 'invalid',
    });
    const wrong = await call('DELETE', '/jobs');
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'GET, POST']);
    expect((await call('GET', '/jobs/crawl/run-now')).status).toBe(405);
  });

  test('each port is one scope', async () => {
    expect((await call('GET', '/jobs/crawl', { port: real })).status).toBe(404);
    await call('POST', '/jobs', { port: real, body: { ...job, job_id: 'in-real' } });
    expect((await getJob(api.database.db, 'real', 'in-real')).scope).toBe('real');
  });

  test('stands in the audit log as the listener', async () => {
    const [row] = await api.database.db
      .select()
      .from(audit)
      .where(eq(audit.scope, 'mock'))
      .orderBy(desc(audit.id))
      .limit(1);
    expect(row).toMatchObject({ actorKind: 'listener', actorId: 'compat-mock', actorName: `mock:${mock}` });
  });

  test('performs a repeated POST once', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await call('POST', '/jobs/crawl/run-now', { body: {}, headers });
    const second = await call('POST', '/jobs/crawl/run-now', { body: {}, headers });
    expect(second.body['run_id']).toBe(first.body['run_id']);
  });
});

describe('who may call', () => {
  test('only this machine under a name of its own', async () => {
    for (const host of ['localhost', '127.0.0.1:1', '[::1]:9095', 'LOCALHOST:9095'])
      expect((await call('GET', '/jobs', { headers: { host } })).status).toBe(200);
    for (const host of [
      'evil.example',
      'evil.example:9095',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
    ])
      expect((await call('GET', '/jobs', { headers: { host } })).body).toMatchObject({
        status: 403,
        code: 'compat_not_local',
      });
  });

  test('no page in a browser, and nobody through a proxy', async () => {
    for (const headers of [
      { origin: 'http://localhost:9095' },
      { origin: 'null' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-mode': 'no-cors' },
      { 'x-forwarded-for': '203.0.113.9' },
      { forwarded: 'for=203.0.113.9' },
      { via: '1.1 proxy' },
    ])
      expect((await call('POST', '/jobs/crawl/pause', { headers: { ...headers } })).body).toMatchObject({
        code: 'compat_not_a_script',
      });
    expect((await getJob(api.database.db, 'mock', 'crawl')).enabled).toBe(true);
  });

  test('a body that a form could send is refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded'])
      expect(
        (await call('POST', '/jobs', { body: JSON.stringify(job), headers: { 'content-type': type } }))
          .status,
      ).toBe(415);
  });

  test('a key or cookie that comes along neither helps nor hinders', async () => {
    const viewer = await api.keyOf({ role: 'viewer', scope: 'real' });
    const headers = { authorization: `Bearer ${viewer}`, cookie: 'bellkeeper.sign_in=x' };
    expect((await call('POST', '/jobs/crawl/pause', { headers })).status).toBe(200);
  });

  test('answers on ::1 as well, and on no other address of the machine', async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
    if (addresses.some(({ address }) => address === '::1'))
      expect((await call('GET', '/jobs', { host: '::1' })).status).toBe(200);
    for (const { address, scopeid } of addresses.filter((found) => !found.internal)) {
      const socket = connect({ host: scopeid ? `${address}%${scopeid}` : address, port: mock });
      const met = await new Promise((resolve) => {
        socket.once('connect', () => resolve('connected')).once('error', () => resolve('refused'));
      });
      socket.destroy();
      expect([address, met]).toEqual([address, 'refused']);
    }
  });

  test('nothing before there is an owner', async () => {
    const shared = globalThis as typeof globalThis & { bellkeeperOwned?: boolean };
    await api.database.db.update(users).set({ isOwner: false });
    delete shared.bellkeeperOwned;
    expect((await call('GET', '/jobs')).body).toMatchObject({ status: 503, code: 'setup_required' });
    await api.database.db.update(users).set({ isOwner: true });
    expect((await call('GET', '/jobs')).status).toBe(200);
  });
});

test('a port that is taken is taken up when it is free, and then let go', async () => {
  const port = await freePort();
  const holder = createServer().listen(port, '127.0.0.1');
  await once(holder, 'listening');
  const waiting = startCompat([{ scope: 'mock', port }]);
  const [first] = await Promise.race([
    waiting.listening.then(() => ['up']),
    new Promise<string[]>((resolve) => {
      setTimeout(resolve, 100, ['waits']);
    }),
  ]);
  expect(first).toBe('waits');
  await new Promise((resolve) => holder.close(resolve));
  await waiting.listening;
  expect((await call('GET', '/jobs', { port })).status).toBe(200);
  await waiting.stop();
  await expect(call('GET', '/jobs', { port })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
