import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { registration } from '#domain/jobs/definition.ts';
import type { RunDetail } from '#domain/runs/view.ts';
import { perform } from '#db/core/operation.ts';
import { createJob } from '#db/jobs/create.ts';
import { editJob } from '#db/jobs/edit.ts';
import { cancelRun } from '#db/runs/control.ts';
import { getRun, listRuns, readLogs } from '#db/runs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { lives, startWorker, until, type WorkerProcess } from '#worker/testing/processes.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
let workers: WorkerProcess[] = [];

beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  for (const worker of workers) await worker[Symbol.asyncDispose]();
  workers = [];
  await database[Symbol.asyncDispose]();
});

async function worker(env: Record<string, string> = {}): Promise<WorkerProcess> {
  const started = await startWorker(database.url, env);
  workers.push(started);
  return started;
}
type Body = Partial<z.input<typeof registration>> & { job_id: string };
const shell = (script: string) => ({ task: 'command', params: { argv: ['sh', '-c', script] } });
const create = (body: Body, scope = 'real') => perform(database.db, system, createJob, scope, body);
const start = (job_id: string, scope = 'real') => perform(database.db, system, runNow, scope, { job_id });
const run = (id: string) => getRun(database.db, 'real', id);
const reach = (id: string, state: RunDetail['state'], ms?: number) =>
  until(
    `run ${state}`,
    async () => {
      const now = await run(id);
      return now.state === state && now;
    },
    ms,
  );
const linesOf = async (id: string) =>
  (await readLogs(database.db, 'real', id)).items.map((line) => line.line);
const scratch = () => mkdtemp(join(tmpdir(), 'bellkeeper-engine-'));

describe('a run', () => {
  test('goes from asked to succeeded, with its log, progress and exit code', async () => {
    await worker();
    await create({
      job_id: 'hello',
      ...shell(
        'echo one; echo "::progress 3/4 nearly"; echo two >&2; echo "$BELLKEEPER_JOB_ID"; echo "${DATABASE_URL:-none}"',
      ),
    });
    const { run_id } = await start('hello');
    const ended = await reach(run_id, 'succeeded');
    expect(ended.history.map((step) => step.to)).toEqual(['ready', 'dispatched', 'running', 'succeeded']);
    expect(ended.attempts).toMatchObject([{ attempt: 1, outcome: 'succeeded', exit_code: 0 }]);
    expect(ended.progress).toEqual({ done: 3, total: 4, text: 'nearly' });
    expect((await linesOf(run_id)).toSorted()).toEqual([
      '::progress 3/4 nearly',
      'hello',
      'none',
      'one',
      'two',
    ]);
  });

  test('that fails waits its retries and is quarantined', async () => {
    await worker();
    await create({ job_id: 'broken', retry_limit: 2, retry_delay_sec: 1, ...shell('exit 7') });
    const { run_id } = await start('broken');
    const ended = await reach(run_id, 'quarantined');
    expect(ended.attempts.map((attempt) => [attempt.outcome, attempt.exit_code])).toEqual([
      ['failed', 7],
      ['failed', 7],
      ['failed', 7],
    ]);
    expect(ended.reason).toMatchObject({
      code: 'retries_exhausted',
      params: { cause: 'exit_code', exit_code: 7 },
    });
  });

  test('of an unknown program fails naming it', async () => {
    await worker();
    await create({
      job_id: 'nothing',
      retry_limit: 0,
      task: 'command',
      params: { argv: ['no-such-program-here'] },
    });
    const { run_id } = await start('nothing');
    const ended = await reach(run_id, 'failed');
    expect(ended.attempts[0]).toMatchObject({ exit_code: 127, error: 'no-such-program-here: not found' });
  });

  test('ends whatever it prints: an emoji where a long line is cut, a zero byte, half a pair', async () => {
    await worker();
    const long = `${'x'.repeat(16_383)}😀${'y'.repeat(16_384)}`;
    const script = `
      console.log('x'.repeat(16383) + '😀' + 'y'.repeat(16384));
      console.log('zero' + String.fromCharCode(0));
      console.log('::progress 1/2 ' + String.fromCharCode(0));
      console.error('after');
      process.exit(3);`;
    await create({
      job_id: 'emoji',
      retry_limit: 0,
      task: 'command',
      params: { argv: [process.execPath, '-e', script] },
    });
    const { run_id } = await start('emoji');
    const ended = await reach(run_id, 'failed');
    expect(ended.progress?.text).toBe('\uFFFD');
    const lines = await linesOf(run_id);
    const cut = lines.filter((line) => /^(x|😀|y)/u.test(line));
    expect(cut.join('')).toBe(long);
    expect(cut.every((line) => line.isWellFormed() && line.length <= 16_384)).toBe(true);
    expect(lines).toEqual(expect.arrayContaining(['zero\uFFFD', 'after']));
  });

  test('that cannot be started fails naming why, and the worker goes on', async () => {
    const only = await worker();
    const oversized = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`BIG_${index}`, 'x'.repeat(30_000)]),
    );
    await create({
      job_id: 'unstartable',
      retry_limit: 0,
      task: 'command',
      params: { argv: ['true'], env: oversized },
    });
    const { run_id } = await start('unstartable');
    const ended = await reach(run_id, 'failed');
    expect(ended.attempts[0]?.error).toContain('E2BIG');
    await create({ job_id: 'next', ...shell('true') });
    await reach((await start('next')).run_id, 'succeeded');
    expect(only.child.exitCode).toBeNull();
  });

  test('ends though a child that left its group goes on writing, and that child is ended too', async () => {
    await worker();
    const folder = await scratch();
    await create({
      job_id: 'straggler',
      ...shell(
        `setsid sh -c 'echo $$ > ${folder}/pid; while :; do echo still; sleep 0.05; done' & while [ ! -s ${folder}/pid ]; do sleep 0.05; done`,
      ),
    });
    const { run_id } = await start('straggler');
    await reach(run_id, 'succeeded');
    const straggler = Number(await readFile(join(folder, 'pid'), 'utf8'));
    await until('the straggler gone', async () => !lives(straggler));
  });

  test('lets go of the output of a process that hides from it, and says so', async () => {
    await worker();
    const folder = await scratch();
    await create({
      job_id: 'hidden',
      ...shell(
        `setsid env -i sh -c 'echo $$ > ${folder}/pid; trap "" PIPE; while :; do echo still 2>/dev/null; sleep 0.05; done' & while [ ! -s ${folder}/pid ]; do sleep 0.05; done`,
      ),
    });
    const { run_id } = await start('hidden');
    await reach(run_id, 'succeeded');
    process.kill(-Number(await readFile(join(folder, 'pid'), 'utf8')), 'SIGKILL');
    expect(await linesOf(run_id)).toContainEqual(expect.stringContaining('output was let go'));
  });

  test('past its timeout is stopped with its whole process group', async () => {
    await worker();
    const folder = await scratch();
    await create({
      job_id: 'slow',
      retry_limit: 0,
      timeout_sec: 1,
      ...shell(`sleep 300 & echo $! > ${folder}/child; wait`),
    });
    const { run_id } = await start('slow');
    const ended = await reach(run_id, 'failed');
    expect(ended.reason).toMatchObject({ code: 'timed_out', params: { timeout_sec: 1 } });
    const child = Number(await readFile(join(folder, 'child'), 'utf8'));
    await until('the grandchild gone', async () => !lives(child));
  });

  test('is cancelled while it runs, and a program that ignores TERM is killed', async () => {
    await worker();
    await create({ job_id: 'stubborn', ...shell('trap "" TERM; echo up; while :; do sleep 1; done') });
    const { run_id } = await start('stubborn');
    await until('its first line', async () => (await linesOf(run_id)).includes('up'));
    await perform(database.db, system, cancelRun, 'real', { run_id });
    const ended = await reach(run_id, 'cancelled');
    expect(ended.reason).toEqual({ code: 'cancelled_by', params: { actor: 'test' } });
    const pid = ended.attempts[0]?.child_pid ?? 0;
    await until('the group gone', async () => !lives(-pid) && !lives(pid));
  });
});

describe('a claim whose answer was lost', () => {
  test('is handed back by its own process and taken anew', async () => {
    await worker();
    await create({ job_id: 'stray', ...shell('true') });
    const [self] = await database.db.execute<{ id: string }>(
      sql`select id from processes where state = 'live'`,
    );
    const { run_id } = await start('stray');
    await reach(run_id, 'succeeded');
    // As a claim leaves a run when its answer never comes: running, of that process, and unknown to it.
    await database.db.transaction(async (tx) => {
      await tx.execute(
        sql`update runs set state = 'running', attempt = 2, finished_at = null where id = ${run_id}`,
      );
      await tx.execute(sql`insert into attempts (run_id, attempt, token, process_id, host, params, started_at)
        select ${run_id}, 2, gen_random_uuid(), ${self?.id}, 'here', '{}', now()`);
      await tx.execute(sql`insert into run_history (run_id, scope, from_state, to_state, reason, actor, attempt, at)
        values (${run_id}, 'real', 'dispatched', 'running', '{"code":"claimed","params":{}}', 'test', 2, now())`);
    });
    const ended = await reach(run_id, 'succeeded', 15_000);
    expect(ended.attempts.map((attempt) => attempt.outcome)).toEqual([
      'succeeded',
      'handed_back',
      'succeeded',
    ]);
  });
});

describe('the schedule', () => {
  test('with two workers fires each nominal time once, never early', async () => {
    await Promise.all([worker(), worker()]);
    await create({
      job_id: 'ticker',
      cron_expr: '* * * * * *',
      overlap: 'queue',
      max_parallel: 5,
      ...shell('true'),
    });
    const runs = await until('six runs', async () => {
      const { items } = await listRuns(database.db, 'real', {
        limit: 50,
        job_id: 'ticker',
        state: ['succeeded'],
      });
      return items.length >= 6 && items;
    });
    const times = runs.map((item) => item.scheduled_for).toSorted();
    expect(new Set(times).size).toBe(times.length);
    for (const [index, time] of times.entries()) {
      if (index > 0) expect(Date.parse(time) - Date.parse(times[index - 1] ?? '')).toBe(1_000);
    }
    for (const item of runs)
      expect(Date.parse(item.queued_at)).toBeGreaterThanOrEqual(Date.parse(item.scheduled_for));
  });

  test('follows an edit without a restart', async () => {
    await worker();
    await create({ job_id: 'edited', cron_expr: '0 0 1 1 *', ...shell('true') });
    await perform(database.db, system, editJob, 'real', {
      job_id: 'edited',
      edit: { cron_expr: '* * * * * *', version: 1 },
    });
    await until(
      'a fire',
      async () =>
        (await listRuns(database.db, 'real', { limit: 1, job_id: 'edited', state: ['succeeded'] })).items
          .length > 0,
      5_000,
    );
  });

  test('in queue mode waits its interval after every end, also a failed one', async () => {
    await worker();
    await create({
      job_id: 'chain',
      reschedule_mode: 'queue',
      interval_seconds: 1,
      retry_limit: 0,
      ...shell('exit 1'),
    });
    const { items } = await until('three failed runs', async () => {
      const page = await listRuns(database.db, 'real', { limit: 10, job_id: 'chain', state: ['failed'] });
      return page.items.length >= 3 && page;
    });
    const [third, second] = items;
    expect(Date.parse(third?.scheduled_for ?? '') - Date.parse(second?.finished_at ?? '')).toBe(1_000);
    expect(items.every((item) => item.trigger_source === 'auto-reschedule')).toBe(true);
  });
});

describe('rooms', () => {
  test('never hold more runs than the total, and every run gets its turn', async () => {
    await Promise.all([worker(), worker()]);
    await create({ job_id: 'crowd', max_parallel: 50, ...shell('sleep 0.2') });
    await Promise.all(Array.from({ length: 30 }, () => start('crowd')));
    let most = 0;
    await until('all done', async () => {
      const [row] = await database.db.execute<{ held: string; done: string; over: string }>(sql`
        select (select count(*) from slots) as held, count(*) filter (where state = 'succeeded') as done, count(*) filter (where state = 'running') as over from runs`);
      most = Math.max(most, Number(row?.held), Number(row?.over));
      return Number(row?.done) === 30;
    });
    expect(most).toBeLessThanOrEqual(10);
    expect(most).toBeGreaterThan(5);
    const [left] = await database.db.execute<{ count: string }>(sql`select count(*) from slots`);
    expect(Number(left?.count)).toBe(0);
  });
});

describe('a worker that dies', () => {
  test('leaves no orphan, and its run goes on elsewhere', async () => {
    const first = await worker();
    const folder = await scratch();
    await create({
      job_id: 'long',
      timeout_sec: 600,
      ...shell(`echo $$ >> ${folder}/pids; [ $(wc -l < ${folder}/pids) -gt 1 ] || sleep 300`),
    });
    const { run_id } = await start('long');
    const before = await reach(run_id, 'running');
    await until(
      'its child',
      async () => (await readFile(join(folder, 'pids'), 'utf8').catch(() => '')) !== '',
    );
    const child = Number((await readFile(join(folder, 'pids'), 'utf8')).trim());
    await worker();
    first.signal('SIGKILL');
    await first.exited;
    await until('the script gone', async () => !lives(child), 3_000);
    const ended = await reach(run_id, 'succeeded', 30_000);
    expect(ended.attempts.map((attempt) => attempt.outcome)).toEqual(['lost', 'succeeded']);
    expect(ended.attempts[1]?.process_id).not.toBe(before.process_id);
  });

  test('hands its runs back on a clean stop when they do not finish', async () => {
    const first = await worker();
    await create({ job_id: 'resume', ...shell('[ "$BELLKEEPER_ATTEMPT" != 1 ] || sleep 300') });
    const { run_id } = await start('resume');
    await reach(run_id, 'running');
    first.signal('SIGTERM');
    first.signal('SIGINT');
    expect(await first.exited).toBe(0);
    expect(['ready', 'dispatched']).toContain((await run(run_id)).state);
    await worker();
    const ended = await reach(run_id, 'succeeded');
    expect(ended.attempts.map((attempt) => attempt.outcome)).toEqual(['handed_back', 'succeeded']);
    expect(ended.failures).toBe(0);
  });

  test(
    'is fenced out when it was only paused: its script dies, its writes are refused',
    { timeout: 60_000 },
    async () => {
      const first = await worker();
      await create({
        job_id: 'paused',
        timeout_sec: 600,
        ...shell('[ "$BELLKEEPER_ATTEMPT" != 1 ] || sleep 300'),
      });
      const { run_id } = await start('paused');
      const before = await reach(run_id, 'running');
      await until('its child noted', async () => (await run(run_id)).attempts[0]?.child_pid);
      await worker();
      first.signal('SIGSTOP');
      const ended = await reach(run_id, 'succeeded', 40_000);
      expect(ended.attempts.map((attempt) => attempt.outcome)).toEqual(['lost', 'succeeded']);
      first.signal('SIGCONT');
      expect(await first.exited).toBe(75);
      const after = await run(run_id);
      expect(after).toEqual(ended);
      expect(after.attempts[0]?.process_id).toBe(before.process_id);
    },
  );
});
