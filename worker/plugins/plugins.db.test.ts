import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '#domain/core/errors.ts';
import type { RunDetail } from '#domain/runs/view.ts';
import { builtinTasks } from '#domain/jobs/tasks.ts';
import { perform } from '#db/core/operation.ts';
import { scopeHealth } from '#db/engine/health.ts';
import { createJob } from '#db/jobs/create.ts';
import { editJob } from '#db/jobs/edit.ts';
import { listPlugins, listTasks } from '#db/jobs/plugins.ts';
import { cancelRun, rerunRun } from '#db/runs/control.ts';
import { getRun, listRuns, readLogs } from '#db/runs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { type WorkerProcess, startWorker, until } from '#worker/testing/processes.ts';

const actor = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
let worker: WorkerProcess;
let folder: string;

const source = (name: string, params: string, body: string) =>
  `import { Failure, task, z } from 'bellkeeper';
export default task({ name: '${name}', description: 'Does ${name}', params: ${params}, async run(context, params) { ${body} } });
`;
const write = (file: string, contents: string) => writeFile(join(folder, file), contents);

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'bellkeeper-plugins-'));
  await mkdir(join(folder, '_lib'));
  await write('_lib/shared.ts', "export const greeting: string = 'hello';\n");
  await write(
    'greet.ts',
    `import { task, z } from 'bellkeeper';
import { greeting } from './_lib/shared.ts';
export default task({
  name: 'greet', description: 'Greets',
  params: z.strictObject({ who: z.string().min(1), times: z.number().int().max(9).default(2) }),
  async run({ log, progress, run }, { who, times }) {
    for (let at = 1; at <= times; at += 1) { await log(greeting + ' ' + who + ' ' + run.attempt); progress(at, times, who); }
    console.log('by console', process.env.DATABASE_URL ?? 'no url');
    console.error('to stderr');
    return { next_delay_sec: 77 };
  },
});
`,
  );
  await write(
    'by-schema.js',
    "import { task } from 'bellkeeper';\nexport default task({ name: 'by-schema', params: { type: 'object', properties: { n: { type: 'integer', minimum: 1 } }, required: ['n'], additionalProperties: false }, run: ({ log }, { n }) => log('n=' + n) });\n",
  );
  await write(
    'fails.ts',
    source(
      'fails',
      'z.object({ retry: z.boolean() })',
      "throw new Failure('no luck', { retry: params.retry });",
    ),
  );
  await write('loops.ts', source('loops', 'z.object({})', "await context.log('begins'); for (;;);"));
  await write(
    'obeys.ts',
    source(
      'obeys',
      'z.object({})',
      "await context.log('begins'); await new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(context.signal.reason)));",
    ),
  );
  await write(
    'rejects.ts',
    source(
      'rejects',
      'z.object({})',
      "Promise.reject(new Error('nobody waits for this')); await new Promise((done) => setTimeout(done, 60_000));",
    ),
  );
  await write('exits.ts', source('exits', 'z.object({})', 'process.exit(3);'));
  await write(
    'floods.ts',
    source('floods', 'z.object({})', "for (let at = 0; at < 5_000; at += 1) console.log('line ' + at);"),
  );
  await write(
    'refines.ts',
    source(
      'refines',
      "z.object({ n: z.number() }).refine(({ n }) => n % 2 === 0, { path: ['n'], error: 'must be even' })",
      '',
    ),
  );
  await write(
    'ticks.ts',
    source(
      'ticks',
      'z.object({})',
      "await context.log('tick ' + context.run.tick?.number + ' at ' + context.run.tick?.at);",
    ),
  );
  await write('broken.ts', 'export default {');
  await write('throws.ts', "throw new Error('at load');\n");
  await write('quits.ts', 'process.exit(9);\n');
  await write('no-task.ts', 'export default { name: "x" };\n');
  await write('command.ts', source('command', 'z.object({})', ''));
  await write('twin-a.ts', source('twin', 'z.object({})', ''));
  await write('twin-b.ts', source('twin', 'z.object({})', ''));
  await write('dates.ts', source('dates', 'z.object({ at: z.date() })', ''));
  await write('skipped.test.ts', 'throw new Error("a test");\n');
  await copyFile(
    fileURLToPath(new URL('../../docs/examples/plugins/rebalance-check.ts', import.meta.url)),
    join(folder, 'rebalance-check.ts'),
  );
  worker = await startWorker(database.url, { BELLKEEPER_PLUGINS: folder });
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

let jobs = 0;
async function job(task: string, params: object, fields: object = {}): Promise<string> {
  jobs += 1;
  const job_id = `${task}-${jobs}`;
  await perform(database.db, actor, createJob, 'mock', { job_id, task, params, retry_limit: 0, ...fields });
  return job_id;
}
async function start(task: string, params: object = {}, fields: object = {}): Promise<string> {
  const job_id = await job(task, params, fields);
  return (await perform(database.db, actor, runNow, 'mock', { job_id })).run_id;
}
const ended = (id: string): Promise<RunDetail> =>
  until(`the end of ${id}`, async () => {
    const run = await getRun(database.db, 'mock', id);
    return ['succeeded', 'failed', 'cancelled', 'quarantined'].includes(run.state) ? run : null;
  });
const linesOf = async (id: string) =>
  (await readLogs(database.db, 'mock', id, { limit: 5_000 })).items.map(
    ({ stream, line }) => `${stream} ${line}`,
  );
async function refusal(act: Promise<unknown>): Promise<Problem> {
  const error: unknown = await act.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof Problem) return error;
  throw new Error('It was not refused.', { cause: error });
}

describe('loading', () => {
  test('publishes each task with its schema', async () => {
    const tasks = await listTasks(database.db);
    expect(tasks.map(({ name }) => name)).toEqual([
      ...builtinTasks,
      'by-schema',
      'exits',
      'fails',
      'floods',
      'greet',
      'loops',
      'obeys',
      'rebalance-check',
      'refines',
      'rejects',
      'ticks',
    ]);
    expect(tasks.find(({ name }) => name === 'greet')).toMatchObject({
      kind: 'plugin',
      description: 'Greets',
      params_schema: {
        type: 'object',
        required: ['who'],
        properties: { times: { default: 2 } },
        additionalProperties: false,
      },
    });
  });

  test('says of each file that cannot be loaded what is wrong, and goes on without it', async () => {
    const problems = (await listPlugins(database.db)).filter(({ problem }) => problem !== null);
    expect(Object.fromEntries(problems.map(({ name, problem }) => [name, problem]))).toEqual({
      'broken.ts': expect.any(String) as unknown,
      'throws.ts': 'at load',
      'quits.ts': 'loading it ended its thread (exit code 9)',
      'no-task.ts': "it has no default export made with task({ … }) of 'bellkeeper'",
      'command.ts': 'its task "command" has the name of a built-in one: rename it',
      'twin-a.ts': 'its task "twin" is also in twin-b.ts: rename one; neither is loaded',
      'twin-b.ts': 'its task "twin" is also in twin-a.ts: rename one; neither is loaded',
      'dates.ts': 'params cannot be used: Date cannot be represented in JSON Schema',
    });
    expect((await scopeHealth(database.db, 'mock')).causes).toContainEqual({
      code: 'plugins_refused',
      params: { count: 8 },
    });
  });
});

describe('the parameters', () => {
  test('are checked by the published schema before anything is stored', async () => {
    const problem = await refusal(job('greet', { who: '', times: 99, extra: 1 }));
    expect(problem.issues.map(({ path }) => path.join('.')).toSorted()).toEqual([
      'params.extra',
      'params.times',
      'params.who',
    ]);
    expect((await refusal(job('by-schema', {}))).issues[0]?.path).toEqual(['params', 'n']);
    const id = await job('greet', { who: 'you' });
    await refusal(perform(database.db, actor, editJob, 'mock', { job_id: id, edit: { params: {} } }));
    await refusal(perform(database.db, actor, runNow, 'mock', { job_id: id, params: { who: 7 } }));
  });

  test('a task that could not be loaded, or that nobody has, is refused by name', async () => {
    const { issues } = await refusal(job('twin', {}));
    expect(issues[0]).toMatchObject({ path: ['task'], code: 'task_unknown' });
    expect(issues[0]?.params?.['known']).toContain('greet');
  });

  test('what JSON Schema cannot say is refused when the run starts, and not retried', async () => {
    const run = await ended(await start('refines', { n: 3 }, { retry_limit: 3 }));
    expect(run).toMatchObject({ attempt: 1, reason: { code: 'invalid_params' } });
    expect(run.attempts[0]?.error).toBe('params.n: must be even');
  });
});

describe('running', () => {
  test('logs, moves its progress, sees no address of ours and answers with a delay', async () => {
    const id = await start('greet', { who: 'you' }, { reschedule_mode: 'queue', interval_seconds: 9_999 });
    const run = await ended(id);
    expect(run).toMatchObject({ state: 'succeeded', progress: { done: 2, total: 2, text: 'you' } });
    expect((await linesOf(id)).toSorted()).toEqual(
      ['stdout hello you 1', 'stdout hello you 1', 'stdout by console no url', 'stderr to stderr'].toSorted(),
    );
    const [due] = await database.db.$client<{ seconds: string }[]>`
      select extract(epoch from next_due_at - ${run.finished_at ?? ''}::timestamptz) as seconds from jobs where job_id = ${run.job_id}`;
    expect(Math.round(Number(due?.seconds))).toBe(77);
  });

  test('every line written with console.log arrives, in order', async () => {
    const id = await start('floods');
    expect((await ended(id)).state).toBe('succeeded');
    expect(await linesOf(id)).toEqual(Array.from({ length: 5_000 }, (_, at) => `stdout line ${at}`));
  });

  test('fails with its reason; retried unless it says not to', async () => {
    const gaveUp = await ended(await start('fails', { retry: false }, { retry_limit: 3 }));
    expect([gaveUp.attempt, gaveUp.attempts[0]?.error]).toEqual([1, 'no luck']);
    const again = await ended(await start('fails', { retry: true }, { retry_limit: 1, retry_delay_sec: 1 }));
    expect([again.attempt, again.state]).toEqual([2, 'quarantined']);
  });

  test('a loop, a forgotten rejection and an exit end their own run only', async () => {
    const bystander = await start('obeys');
    const loop = await start('loops', {}, { timeout_sec: 1 });
    const [rejects, exits] = [await ended(await start('rejects')), await ended(await start('exits'))];
    expect(rejects.attempts[0]?.error).toBe('nobody waits for this');
    expect(exits.attempts[0]?.error).toBe('the task ended its thread (exit code 3) before it returned');
    const looped = await ended(loop);
    expect(looped.attempts[0]?.outcome).toBe('timed_out');
    expect((await linesOf(loop)).some((line) => line.includes('ended by force'))).toBe(true);
    expect((await getRun(database.db, 'mock', bystander)).state).toBe('running');
    await perform(database.db, actor, cancelRun, 'mock', { run_id: bystander });
    expect((await ended(bystander)).state).toBe('cancelled');
    expect((await linesOf(bystander)).some((line) => line.includes('ended by force'))).toBe(false);
    expect(worker.child.exitCode).toBeNull();
  });

  test('a service calls it at each tick', async () => {
    const job_id = await job('ticks', {}, { mode: 'service', interval_seconds: 1 });
    const id = await until('the service', async () => {
      const { items } = await listRuns(database.db, 'mock', { job_id, limit: 1 });
      return items[0]?.run_id;
    });
    await until('a second tick', async () =>
      (await linesOf(id)).some((line) => /tick [2-9] at 20\d\d-.*Z$/.test(line)),
    );
    await perform(database.db, actor, cancelRun, 'mock', { run_id: id });
    expect((await ended(id)).state).toBe('cancelled');
  });

  test('the example of the documentation runs', async () => {
    const server = createServer((_, out) =>
      out.end(JSON.stringify({ weights: { '005930': 0.41, '000660': 0.3 } })),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const report = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const good = await ended(await start('rebalance-check', { report, targets: { '005930': 0.4 } }));
    expect(good.state).toBe('succeeded');
    const bad = await ended(await start('rebalance-check', { report, targets: { '000660': 0.1 } }));
    expect(bad.attempts[0]?.error).toBe('drifted: 000660');
    server.close();
  });
});

describe('the folder is watched', () => {
  test('a mended file is loaded, a renamed one gone, without a restart', async () => {
    await write('twin-b.ts', source('other-twin', 'z.object({})', "await context.log('b');"));
    await rename(join(folder, 'exits.ts'), join(folder, '_exits.ts'));
    const names = await until('the folder to be read again', async () => {
      const found = (await listTasks(database.db)).map(({ name }) => name);
      return found.includes('other-twin') && !found.includes('exits') ? found : null;
    });
    expect(names).toContain('twin');
    expect((await ended(await start('other-twin'))).state).toBe('succeeded');
  });

  test('a run whose task is gone fails saying so, and is retried until the task is back', async () => {
    const job_id = await job('greet', { who: 'you' }, { retry_limit: 5, retry_delay_sec: 1 });
    await rename(join(folder, 'greet.ts'), join(folder, '_greet.ts'));
    await until(
      'greet to be gone',
      async () => !(await listTasks(database.db)).some(({ name }) => name === 'greet'),
    );
    const { run_id } = await perform(database.db, actor, runNow, 'mock', { job_id });
    const waiting = await until('a failed attempt', async () => {
      const run = await getRun(database.db, 'mock', run_id);
      return run.attempts[0]?.outcome === 'failed' ? run : null;
    });
    expect(waiting.attempts[0]?.reason).toMatchObject({ code: 'task_not_loaded', params: { task: 'greet' } });
    await rename(join(folder, '_greet.ts'), join(folder, 'greet.ts'));
    expect((await ended(run_id)).state).toBe('succeeded');
    await perform(database.db, actor, rerunRun, 'mock', { run_id });
    expect((await ended(run_id)).state).toBe('succeeded');
  });
});

test('a named folder that is not there is told, and the worker runs without', async () => {
  const other = await testDatabase();
  await using lonely = await startWorker(other.url, { BELLKEEPER_PLUGINS: join(folder, 'nowhere') });
  expect(await listPlugins(other.db)).toMatchObject([
    { problem: `BELLKEEPER_PLUGINS names the folder ${join(folder, 'nowhere')}, which is not there` },
  ]);
  expect(lonely.child.exitCode).toBeNull();
  await lonely[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});
