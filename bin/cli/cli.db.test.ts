import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getJob } from '#db/jobs/queries.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { type WorkerProcess, startWorker } from '#worker/testing/processes.ts';

const program = fileURLToPath(new URL('../cli.mjs', import.meta.url));

let database: TestDatabase;
let worker: WorkerProcess;
let folder: string;
beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'bellkeeper-cli-'));
  worker = await startWorker(database.url);
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, DATABASE_URL: database.url, SCHEDULER_SCOPE: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: Number(code), out, err };
}

async function ok(...args: string[]): Promise<string> {
  const { code, out, err } = await cli(...args);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`);
  return out;
}

async function file(name: string, contents: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, contents);
  return path;
}

const day = `jobs:
  - job_id: hello
    task: command
    params: { argv: [sh, -c, 'echo out; echo err >&2'] }
  - job_id: broken
    task: command
    params: { argv: [sh, -c, 'echo before; exit 4'] }
    retry_limit: 1
    retry_delay_sec: 1
  - job_id: morning
    task: http
    params: { url: 'http://127.0.0.1:9/' }
    cron_expr: '*/15 8 * * 1-5'
    calendar: XKRX
  - job_id: candles
    queue: mock.jobs.candles
    candle: 1h + 60s
    enabled: false
`;

describe('import candles', () => {
  const header = 'date,open,high,low,close,volume';
  const lines = [
    '2024-01-02,78200,79800,78200,79600,17142847',
    '2024-01-03,78500,78800,77000,77000,21753644',
  ];

  test('says what it would do, does it, and does nothing the second time', async () => {
    const path = await file('samsung.csv', [header, ...lines].join('\n'));
    const args = ['import', 'candles', path, '--symbol', '005930'];
    const dry = await cli(...args, '--dry-run');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.out).toContain('2024-01-02 – 2024-01-03');
    expect(dry.err).toContain('Dry run: 2 added');
    expect((await cli(...args)).err).toContain('In import:samsung.csv: 2 added, 0 changed, 0 unchanged');
    expect((await cli(...args)).err).toContain('0 added, 0 changed, 2 unchanged');
  });

  test('names each bad line, writes nothing, and ends with 1', async () => {
    const path = await file(
      'bad.csv',
      [header, ...lines, '2024-01-06,1,1,1,1,1', '2024-01-08,a,1,1,1,1'].join('\n'),
    );
    const { code, err } = await cli('import', 'candles', path, '--symbol', '005930');
    expect(code).toBe(1);
    expect(err).toContain(': line 4: date "2024-01-06": XKRX is closed on 2024-01-06');
    expect(err).toContain(': line 5: open "a" is no number');
    expect(err).toContain('2 bad lines of 4: nothing was written.');
    expect(await cli('import', 'candles', '/nowhere.csv')).toMatchObject({ code: 2 });
  });
});

describe('import jobs', () => {
  test('a dry run writes nothing and says when each fires next', async () => {
    const path = await file('day.yaml', day);
    const { code, out, err } = await cli('import', 'jobs', path, '--scope', 'mock', '--dry-run');
    expect([code, err.trim()]).toEqual([
      0,
      'Dry run in mock: 4 created, 0 changed, 0 unchanged if it were done. Nothing was written.',
    ]);
    expect(out).toMatch(
      /created +morning +\S*day\.yaml:10 +next 20\d\d-\d\d-\d\d 08:[0134][05]:00 Asia\/Seoul/,
    );
    expect(await ok('jobs', '--scope', 'mock', '--json')).toBe('[]\n');
  });

  test('names every problem by line, job and field, and writes nothing', async () => {
    const path = await file(
      'bad.yaml',
      `jobs:
  - job_id: fine
    task: command
    params: { argv: ['true'] }
  - job_id: wrong
    task: command
    params:
      argv: []
  - job_id: late
    task: command
    params: { argv: ['true'] }
    cron_expr: '99 * * * *'
    timeout: 5
  - task: command
`,
    );
    const { code, out, err } = await cli('import', 'jobs', path, '--scope', 'mock');
    expect([code, out]).toEqual([1, '']);
    const lines = err
      .trim()
      .split('\n')
      .map((line) => line.replace(path, 'bad.yaml'));
    expect(lines).toEqual([
      'bad.yaml:8: wrong: params.argv: name the program to run',
      expect.stringMatching(/^bad\.yaml:12: late: cron_expr: "99 \* \* \* \*": .*0.*59/) as unknown,
      'bad.yaml:13: late: timeout: 5: there is no field "timeout"',
      expect.stringMatching(/^bad\.yaml:14: job_id: /) as unknown,
      '4 problems: nothing was written.',
    ]);
    const json = await cli('import', 'jobs', path, '--scope', 'mock', '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      items: [],
      problems: [{ line: 8, field: 'params.argv' }, {}, {}, {}],
    });
    expect(await ok('jobs', '--scope', 'mock', '--json')).toBe('[]\n');
  });

  test('imports, refuses the same again, changes with --update', async () => {
    const path = await file('day.yaml', day);
    expect((await cli('import', 'jobs', path, '--scope', 'mock')).err.trim()).toBe(
      'In mock: 4 created, 0 changed, 0 unchanged.',
    );
    const again = await cli('import', 'jobs', path, '--scope', 'mock');
    expect(again.code).toBe(1);
    expect(again.err).toContain('day.yaml:2: hello: is registered already');
    const edited = await file(
      'day.yaml',
      day.replace('retry_limit: 1', 'retry_limit: 1\n    timeout_sec: 9'),
    );
    const changed = await ok('import', 'jobs', edited, '--scope', 'mock', '--update');
    expect(changed).toContain('    timeout_sec: 120 -> 9');
    expect((await getJob(database.db, 'mock', 'broken')).version).toBe(2);
  });

  test('the example of the documentation is imported as it stands', async () => {
    const path = fileURLToPath(new URL('../../docs/examples/jobs.yaml', import.meta.url));
    expect((await cli('import', 'jobs', path, '--scope', 'real')).err.trim()).toBe(
      'In real: 4 created, 0 changed, 0 unchanged.',
    );
    for (const id of ['candle-signals', 'close-report', 'morning-collection', 'ping'])
      await ok('jobs', 'delete', id, '--scope', 'real');
  });

  test('what is exported is imported as it was, edges too', async () => {
    const edges = await file(
      'edges.yaml',
      `jobs:
  - {job_id: hello, task: command, params: {argv: [sh, -c, 'echo out; echo err >&2']}, depends_on: [morning, {job_id: candles, kind: both, on: any}], triggers: [broken]}
`,
    );
    await ok('import', 'jobs', edges, '--scope', 'mock', '--update');
    const before = await ok('jobs', 'export', '--scope', 'mock');
    expect(before).toContain('depends_on:');
    const path = await file('export.yaml', before);
    const { err } = await cli('import', 'jobs', path, '--scope', 'mock', '--update');
    expect(err.trim()).toBe('In mock: 0 created, 0 changed, 4 unchanged.');
    expect(await ok('jobs', 'export', '--scope', 'mock')).toBe(before);
    const none = before.replaceAll(/^ {4}(depends_on|triggers):\n( {6}.*\n)+/gm, '    $1: []\n');
    await ok('import', 'jobs', await file('none.yaml', none), '--scope', 'mock', '--update');
    expect(await ok('jobs', 'export', '--scope', 'mock')).not.toContain('depends_on');
  });

  test('a scope is never guessed', async () => {
    const { code, err } = await cli('import', 'jobs', join(folder, 'day.yaml'));
    expect([code, err.split('\n')[0]]).toEqual([2, 'In which scope? --scope real | mock']);
    expect((await cli('jobs', 'pause', 'hello')).code).toBe(2);
    expect((await cli('jobs', 'pause', 'hello', '--scope', 'paper')).err).toContain(
      'There is no scope "paper"',
    );
  });
});

describe('jobs and runs', () => {
  test('lists jobs with their schedule in words', async () => {
    const out = await ok('jobs');
    expect(out.split('\n')[0]).toMatch(/^SCOPE +JOB +STATE +SCHEDULE +NEXT +LAST$/);
    expect(out).toMatch(/mock +candles +paused +1 min after each 1-hour candle closes +– +–/);
    expect(JSON.parse(await ok('jobs', '--json', '--state', 'paused'))).toHaveLength(1);
    expect((await cli('jobs', '--search', 'nothing')).err).toContain('No job matches in real, mock.');
  });

  test('run --wait prints the log and ends as the run does', async () => {
    const good = await cli('jobs', 'run', 'hello', '--scope', 'mock', '--wait');
    expect([good.code, good.out]).toEqual([0, 'out\n']);
    expect(good.err).toContain('err\n');
    expect(good.err).toContain('succeeded: Finished.');
    const bad = await cli('jobs', 'run', 'broken', '--scope', 'mock', '--wait', '--json');
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.out)).toMatchObject({
      state: 'quarantined',
      attempts: [{ exit_code: 4 }, { exit_code: 4 }],
    });
    const other = await cli(
      'jobs',
      'run',
      'hello',
      '--scope',
      'mock',
      '--wait',
      '--params',
      '{"argv":["echo","other"]}',
    );
    expect([other.code, other.out]).toEqual([0, 'other\n']);
  });

  test('refuses bad parameters before anything runs', async () => {
    const before = await ok('runs', '--json');
    expect((await cli('jobs', 'run', 'hello', '--scope', 'mock', '--params', '{"argv":')).code).toBe(2);
    const refused = await cli('jobs', 'run', 'hello', '--scope', 'mock', '--params', '{"argv":[]}');
    expect([refused.code, refused.err.trim()]).toEqual([1, 'params.argv: name the program to run']);
    expect((await cli('jobs', 'run', 'nothing', '--scope', 'mock')).err.trim()).toBe(
      'No job "nothing" here.',
    );
    expect(await ok('runs', '--json')).toBe(before);
  });

  test('a quarantined run is shown, rerun with other parameters, and its log read', async () => {
    const [quarantined] = JSON.parse(await ok('runs', '--state', 'quarantined', '--json')) as {
      run_id: string;
    }[];
    const id = quarantined?.run_id ?? '';
    expect(await ok('runs', 'show', id)).toMatch(/state +quarantined: Gave up after 2 failures/);
    const again = await cli('runs', 'rerun', id, '--params', '{"argv":["echo","again"]}', '--wait');
    expect([again.code, again.out]).toEqual([0, 'again\n']);
    const log = await ok('runs', 'logs', id);
    expect(log).toContain('before\n');
    expect(log).toContain('again\n');
    expect(await ok('runs', 'logs', id, '--tail', '1', '--json')).toContain('"line":');
    expect((await cli('runs', 'discard', id)).code).toBe(1);
  });

  test('cancels a run that is going, also while another terminal follows it', async () => {
    const id = (
      await ok(
        'jobs',
        'run',
        'hello',
        '--scope',
        'mock',
        '--params',
        '{"argv":["sh","-c","echo up; sleep 60"]}',
      )
    ).trim();
    const following = cli('runs', 'logs', id, '--follow');
    for (;;) {
      const run = JSON.parse(await ok('runs', 'show', id, '--json')) as { state: string };
      if (run.state === 'running') break;
    }
    expect((await cli('runs', 'cancel', id)).err).toContain('asked to stop');
    const followed = await following;
    expect([followed.code, followed.out.includes('up\n')]).toEqual([1, true]);
    expect(followed.err).toContain('cancelled: ');
  });

  test('pauses and resumes', async () => {
    expect((await cli('jobs', 'pause', 'morning', '--scope', 'mock')).err).toContain('paused');
    expect(await ok('jobs', 'show', 'morning', '--scope', 'mock')).toMatch(/state +paused/);
    expect((await cli('jobs', 'resume', 'morning', '--scope', 'mock')).err).toMatch(/resumed; next: 20/);
  });

  test('helps, and says what is wrong with a call', async () => {
    for (const name of ['jobs', 'runs', 'import'])
      expect(await ok(name, '--help')).toContain(`npm run cli -- ${name}`);
    for (const call of [
      ['jobs', 'frob'],
      ['runs', 'show'],
      ['import'],
      ['runs', '--day', 'today'],
      ['jobs', '--nope'],
    ])
      expect((await cli(...call)).code).toBe(2);
  });
});
