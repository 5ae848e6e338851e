import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runMessage } from '#domain/external/view.ts';
import { runDetail, runView } from '#domain/runs/view.ts';
import { problemSchema } from '#app/_server/api/problem.ts';
import { methods } from '#app/_server/api/registry.ts';
import { testApi, type TestApi } from '#app/_server/api/testing.ts';
import { closeStreams } from '#app/_server/live/process-hub.ts';
import { forgetLease, passTick } from '#db/testing/consumers.ts';

let api: TestApi;
let key: string;

beforeAll(async () => {
  api = await testApi();
  key = await api.keyOf({ role: 'operator', scope: 'real' });
});
afterAll(async () => {
  await closeStreams();
  await api[Symbol.asyncDispose]();
});

const base = '/api/v1/real';
let queue = '';
let job = '';
let counter = 0;
beforeEach(async () => {
  counter += 1;
  job = `work-${counter}`;
  queue = `real.jobs.${job}`;
  await post('/jobs', { job_id: job, queue, max_parallel: 5, retry_limit: 1 });
});

async function post(path: string, body: unknown = {}): Promise<Response> {
  return api.call('POST', `${base}${path}`, { key, body });
}
const start = async () =>
  runView.parse(await (await post(`/jobs/${job}/run-now`, { params: { n: counter } })).json()).run_id;
const detail = async (id: string) =>
  runDetail.parse(await (await api.call('GET', `${base}/runs/${id}`, { key })).json());
const linesOf = async (id: string) =>
  z
    .object({ items: z.array(z.object({ line: z.string() })) })
    .parse(await (await api.call('GET', `${base}/runs/${id}/logs`, { key })).json())
    .items.map(({ line }) => line);

describe('claiming over the API', () => {
  test('204 when there is nothing, at once or after the wait; 200 with the message', async () => {
    expect((await post(`/queues/${queue}/claim`)).status).toBe(204);
    expect((await post(`/queues/${queue}/claim`, { wait_sec: 1 })).status).toBe(204);
    await start();
    const claimed = await post(`/queues/${queue}/claim`, { consumer: 'desk-1' });
    expect(claimed.status).toBe(200);
    expect(runMessage.parse(await claimed.json())).toMatchObject({ job_id: job, params: { n: counter } });
    const long = await post(`/queues/${queue}/claim`, { wait_sec: 31 });
    expect(problemSchema.parse(await long.json()).issues[0]?.path).toBe('wait_sec');
  });

  test('a waiting claim gets a run as soon as there is one; only one of many does', async () => {
    const waiting = Array.from({ length: 4 }, () => post(`/queues/${queue}/claim`, { wait_sec: 3 }));
    expect((await post(`/queues/${queue}/claim`)).status).toBe(204);
    const begun = performance.now();
    await start();
    const first = await Promise.any(
      waiting.map(async (claim) => {
        const response = await claim;
        if (response.status !== 200) throw new Error('nothing');
        return response;
      }),
    );
    expect(first.status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(2_500);
    const statuses = (await Promise.all(waiting)).map((response) => response.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  test('who went away takes nothing', async () => {
    const leaving = new AbortController();
    const path = `${base}/queues/${queue}/claim`;
    const gone = api.call('POST', path, { key, body: { wait_sec: 30 }, signal: leaving.signal });
    leaving.abort();
    expect((await gone).status).toBe(204);
    await start();
    expect((await post(`/queues/${queue}/claim`)).status).toBe(200);
  });

  test('a token that is over is a problem', async () => {
    const id = await start();
    const message = runMessage.parse(await (await post(`/queues/${queue}/claim`)).json());
    const token = { attempt_token: message.attempt_token };
    expect((await post(`/runs/${id}/complete`, token)).status).toBe(200);
    for (const [path, body] of [
      ['heartbeat', token],
      ['fail', { ...token, error: 'late' }],
      ['logs', { ...token, lines: [{ line: 'late' }] }],
    ] as const) {
      const refused = await post(`/runs/${id}/${path}`, body);
      expect([refused.status, problemSchema.parse(await refused.json()).code], path).toEqual([
        409,
        'attempt_over',
      ]);
    }
  });
});

const clients = fileURLToPath(new URL('../../deploy/clients', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython && process.env['CI'] !== undefined)
  throw new Error('python3 is missing: the client file needs it.');

describe.skipIf(!hasPython)('the Python client', () => {
  let server: Server;
  let url = '';
  /** Paths whose next answer is lost on its way, after it took effect. */
  let losing: RegExp[] = [];
  const children: ChildProcessByStdio<null, Readable, Readable>[] = [];

  beforeAll(async () => {
    server = createServer((incoming, outgoing) => {
      void (async () => {
        const path = incoming.url ?? '/';
        const gone = new AbortController();
        outgoing.on('close', () => gone.abort());
        const response = await api.call(methods.find((name) => name === incoming.method) ?? 'GET', path, {
          headers: Object.fromEntries(
            Object.entries(incoming.headers).flatMap(([name, value]) =>
              typeof value === 'string' ? [[name, value]] : [],
            ),
          ),
          body: await text(incoming),
          signal: gone.signal,
        });
        const answer = Buffer.from(await response.arrayBuffer());
        const lost = losing.findIndex((pattern) => pattern.test(path));
        if (lost >= 0 && response.status !== 204) {
          losing.splice(lost, 1);
          incoming.socket.destroy();
          return;
        }
        outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(answer);
      })();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  afterEach(() => {
    losing = [];
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  function python(script: string, env: Record<string, string> = {}) {
    const child = spawn('python3', ['-B', '-c', `from bellkeeper import *\n${script}`], {
      env: {
        ...process.env,
        PYTHONPATH: clients,
        PYTHONUNBUFFERED: '1',
        BELLKEEPER_URL: url,
        BELLKEEPER_KEY: key,
        BELLKEEPER_SCOPE: 'real',
        QUEUE: queue,
        JOB: job,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const [out, err] = [text(child.stdout), text(child.stderr)];
    const ended = new Promise<number | null>((resolve) => void child.once('close', resolve));
    return { child, out, err, ended };
  }
  const prelude = `import os, sys, time\nclient = Client.from_env()\nqueue, job = os.environ["QUEUE"], os.environ["JOB"]\n`;

  test('takes runs, keeps them, completes and fails them, and ends on SIGTERM with the run in hand done', async () => {
    const good = await start();
    const consumer = python(`${prelude}
def work(run):
    run.log("첫 줄\\nsecond \\x00 line")
    run.log("watch out", "stderr")
    run.progress(1, 2, "half")
    if run.params.get("bad"):
        raise ValueError("no such page")
    if run.params.get("slow"):
        while not client.stopping.is_set():
            run.wait(0.05)
        run.log("stopping, but done")
print("taken", client.consume(queue, work, wait_sec=1))
`);
    await expect.poll(async () => (await detail(good)).state, { timeout: 20_000 }).toBe('succeeded');
    expect(await linesOf(good)).toEqual(['첫 줄', 'second \uFFFD line', 'watch out']);
    const bad = runView.parse(
      await (await post(`/jobs/${job}/run-now`, { params: { bad: true } })).json(),
    ).run_id;
    await expect.poll(async () => (await detail(bad)).state, { timeout: 20_000 }).toBe('waiting');
    const failed = await detail(bad);
    expect(failed.reason).toMatchObject({
      code: 'retry_wait',
      params: { cause: 'task_error', message: 'ValueError: no such page' },
    });
    expect(failed.attempts[0]?.error).toMatch(/^ValueError: no such page\nTraceback[^]+ in work\n/);
    const slow = runView.parse(
      await (await post(`/jobs/${job}/run-now`, { params: { slow: true } })).json(),
    ).run_id;
    await expect.poll(async () => (await detail(slow)).progress?.text, { timeout: 20_000 }).toBe('half');
    consumer.child.kill('SIGTERM');
    expect([await consumer.ended, await consumer.out]).toEqual([0, 'taken 3\n']);
    expect((await detail(slow)).state).toBe('succeeded');
    expect((await linesOf(slow)).at(-1)).toBe('stopping, but done');
  });

  test('a dead consumer’s run is given to another after its lease', async () => {
    const id = await start();
    const dies = python(`${prelude}
run = client.claim(queue, 1)
with run:
    print("has it", flush=True)
    time.sleep(600)
`);
    await expect.poll(async () => (await detail(id)).state, { timeout: 20_000 }).toBe('running');
    dies.child.kill('SIGKILL');
    await dies.ended;
    await forgetLease(api.database.db, id);
    const other = python(`${prelude}
def work(run):
    print(run.message.attempt, run.run_id)
client.consume(queue, work, wait_sec=1, most=1)
`);
    await expect
      .poll(
        async () => {
          await passTick(api.database.db);
          return (await detail(id)).state;
        },
        { timeout: 40_000 },
      )
      .toBe('succeeded');
    expect([await other.ended, await other.out]).toEqual([0, `2 ${id}\n`]);
    expect((await detail(id)).attempts.map((attempt) => attempt.outcome)).toEqual(['lost', 'succeeded']);
  });

  test('answers that are lost on their way change nothing: one run, its lines once', async () => {
    const id = await start();
    const spare = await start();
    losing = [/claim$/, /logs$/, /complete$/, /last-run$/];
    const consumer = python(`${prelude}
with client.claim(queue, 1) as run:
    run.log("once")
    print(run.run_id)
print(mark_job_run(job, "success")["run"]["state"])
`);
    expect([await consumer.ended, await consumer.err]).toEqual([0, '']);
    expect(await consumer.out).toBe(`${id}\nsucceeded\n`);
    expect(losing).toEqual([]);
    expect([(await detail(id)).attempt, await linesOf(id)]).toEqual([1, ['once']]);
    expect((await detail(spare)).state).toBe('succeeded');
  });

  test('a run that is asked to stop is told within its progress, and ends as cancelled', async () => {
    const id = await start();
    const consumer = python(`${prelude}
def work(run):
    done = 0
    while True:
        done += 1
        run.progress(done)
        run.wait(0.1)
client.consume(queue, work, wait_sec=1, most=1)
`);
    await expect
      .poll(async () => (await detail(id)).progress?.done ?? 0, { timeout: 20_000 })
      .toBeGreaterThan(0);
    expect((await post(`/runs/${id}/cancel`)).status).toBe(200);
    await consumer.ended;
    expect(await detail(id)).toMatchObject({ state: 'cancelled', reason: { code: 'cancelled_by' } });
  });

  test('scripts that exist: parse a message, mark a run, reschedule in queue mode', async () => {
    await api.call('PATCH', `${base}/jobs/${job}`, {
      key,
      body: { reschedule_mode: 'queue', interval_seconds: 600, enabled: false },
    });
    await start();
    const script = python(`${prelude}
run = client.claim(queue)
message = parse_job_message(__import__("json").dumps(run.message.__dict__))
print(message.job_id == job, message.auto_reschedule, message.next_delay_sec, message.timeout_sec)
print(reschedule_job(message, 30)["state"])
print(mark_job_run(job, "failed", "disk full")["last_error"])
try:
    Client(os.environ["BELLKEEPER_URL"], "bk_wrong", "real").claim(queue)
except ApiError as error:
    print(error.status, error.code)
`);
    expect([await script.ended, await script.err]).toEqual([0, '']);
    expect(await script.out).toBe('True True 600 120\nsucceeded\ndisk full\n401 unauthenticated\n');
  });
});
