import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '#domain/access/access.ts';
import { Problem } from '#domain/core/errors.ts';
import type { RunMessage } from '#domain/external/view.ts';
import { perform } from '#db/core/operation.ts';
import { fireDue } from '#db/engine/fire.ts';
import { createJob } from '#db/jobs/create.ts';
import { getJob } from '#db/jobs/queries.ts';
import { cancelRun, rerunRun } from '#db/runs/control.ts';
import { getRun, readLogs } from '#db/runs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { forgetLease, passTick } from '#db/testing/consumers.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { claimRun } from './claim.ts';
import { completeRun, failRun } from './end.ts';
import { lastRun } from './last-run.ts';
import { appendLines, heartbeat } from './report.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await database.db.execute(sql`delete from jobs`);
});

const bot: Actor = { kind: 'key', id: 'k1', name: 'bot', grants: [{ role: 'operator', scope: 'real' }] };
const viewer: Actor = { kind: 'key', id: 'k2', name: 'eyes', grants: [{ role: 'viewer', scope: '*' }] };

const queue = 'real.jobs.work';
const register = (job_id: string, fields: Record<string, unknown> = {}) =>
  perform(database.db, bot, createJob, 'real', { job_id, queue, task: 'external', ...fields });
const start = (job_id: string) => perform(database.db, bot, runNow, 'real', { job_id });
const claim = (consumer = 'desk-1') => perform(database.db, bot, claimRun, 'real', { queue, consumer });
const holder = (message: RunMessage) => ({
  run_id: message.run_id,
  attempt_token: message.attempt_token,
});
async function mustClaim(consumer?: string): Promise<RunMessage> {
  const message = await claim(consumer);
  if (message === null) throw new Error('There was nothing to claim.');
  return message;
}
async function refusal(act: Promise<unknown>): Promise<string> {
  const error = await act.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Problem)) throw new Error(`Expected a problem, got ${String(error)}`);
  return `${error.status} ${error.code}`;
}
const complete = (message: RunMessage, next_delay_sec?: number) =>
  perform(database.db, bot, completeRun, 'real', {
    ...holder(message),
    ...(next_delay_sec === undefined ? {} : { next_delay_sec }),
  });
const fail = (message: RunMessage, fields: Record<string, unknown> = {}) =>
  perform(database.db, bot, failRun, 'real', { ...holder(message), error: 'no answer', ...fields });
const leaderTick = () => passTick(database.db);
const silence = (message: RunMessage) => forgetLease(database.db, message.run_id);
/** Ticks until the leader has taken a silent run back: a server that just started gives consumers a moment. */
async function takenBack(message: RunMessage): Promise<void> {
  await silence(message);
  await expect
    .poll(
      async () => {
        await leaderTick();
        return (await getRun(database.db, 'real', message.run_id)).attempts[message.attempt - 1]?.ended_at;
      },
      { timeout: 30_000 },
    )
    .not.toBeNull();
}
const slotCount = async () =>
  Number((await database.db.execute<{ count: string }>(sql`select count(*) from slots`))[0]?.count);

/** Seconds until the job is due, in tens; null when it is not. */
const delay = async () => {
  const job = await getJob(database.db, 'real', 'chain');
  const [row] = await database.db.execute<{ sec: string | null }>(
    sql`select extract(epoch from ${job.next_due_at}::timestamptz - clock_timestamp()) as sec`,
  );
  return row?.sec === null || row === undefined ? null : Math.round(Number(row.sec) / 10) * 10;
};
/** Makes the chain due, fires it and takes the run. */
const fireNow = async () => {
  await database.db.execute(sql`update jobs set next_due_at = clock_timestamp()`);
  const [row] = await database.db.execute<{ epoch: string }>(sql`select epoch from leadership`);
  expect((await fireDue(database.db, Number(row?.epoch))).fired).toBe(1);
  return mustClaim();
};
const mark = (fields: Record<string, unknown> = {}, job_id = 'crawl') =>
  perform(database.db, bot, lastRun, 'real', { job_id, ...fields });

describe('claiming', () => {
  test('hands over the run with its token; the run says who has it', async () => {
    await register('crawl', {
      params: { site: 'a' },
      interval_seconds: 600,
      timeout_sec: 90,
      retry_limit: 2,
      telemetry_label: 'news',
    });
    const run = await start('crawl');
    expect(run.reason).toEqual({ code: 'no_consumer', params: { queue } });
    const message = await mustClaim();
    expect(message).toMatchObject({
      job_id: 'crawl',
      scope: 'real',
      run_id: run.run_id,
      attempt: 1,
      trigger_source: 'manual',
      params: { site: 'a' },
      next_delay_sec: 600,
      auto_reschedule: false,
      timeout_sec: 90,
      retry_limit: 2,
      telemetry_label: 'news',
      queued_at: run.queued_at,
      lease_sec: 60,
    });
    const detail = await getRun(database.db, 'real', run.run_id);
    expect(detail).toMatchObject({ state: 'running', process_id: null, attempt: 1 });
    expect(detail.attempts).toMatchObject([{ process_id: null, consumer: 'desk-1', host: 'desk-1' }]);
    expect(detail.history.at(-1)).toMatchObject({
      from: 'ready',
      to: 'running',
      actor: 'key:bot',
      reason: { code: 'taken', params: { consumer: 'desk-1' } },
    });
    expect(await claim()).toBeNull();
  });

  test('only of its queue and scope, only with the permission', async () => {
    await register('crawl');
    await start('crawl');
    const elsewhere = { queue: 'real.jobs.other' };
    expect(await perform(database.db, bot, claimRun, 'real', elsewhere)).toBeNull();
    expect(await refusal(perform(database.db, viewer, claimRun, 'real', { queue }))).toBe('403 forbidden');
    expect(await refusal(perform(database.db, bot, claimRun, 'mock', { queue }))).toBe('403 forbidden');
  });

  test('priority first, then the oldest; a full group is passed over and says so', async () => {
    await register('slow', { priority: 3 });
    await register('soon', { priority: 1 });
    await register('report', { priority: 0, resource_group: 'reporting', max_parallel: 5 });
    await start('slow');
    await start('soon');
    await start('report');
    await start('report');
    expect((await mustClaim()).job_id).toBe('report');
    expect((await mustClaim()).job_id).toBe('soon');
    expect((await mustClaim()).job_id).toBe('slow');
    expect(await claim()).toBeNull();
    const { open_runs } = await getJob(database.db, 'real', 'report');
    expect(open_runs.find((run) => run.state === 'ready')?.reason).toEqual({
      code: 'room_full',
      params: { group: 'reporting', used: 1, limit: 1 },
    });
  });

  test('never beyond max_parallel of the job', async () => {
    await register('crawl', { max_parallel: 2 });
    for (let i = 0; i < 4; i += 1) await start('crawl');
    expect([await claim(), await claim(), await claim()].map((taken) => taken !== null)).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('many at once: no run twice, no room above its limit', async () => {
    await register('trade', { resource_group: 'trading', max_parallel: 50 });
    await register('crawl', { max_parallel: 50 });
    for (let i = 0; i < 12; i += 1) {
      await start('trade');
      await start('crawl');
    }
    const taken: RunMessage[] = [];
    const ended = new Set<string>();
    const consumer = async (name: string) => {
      for (let empty = 0; empty < 4;) {
        const message = await claim(name);
        if (message === null) {
          empty += 1;
          continue;
        }
        taken.push(message);
        const [used] = await database.db.execute<{ total: string; trading: string }>(
          sql`select count(*) as total, count(*) filter (where resource_group = 'trading') as trading from slots`,
        );
        expect(Number(used?.total)).toBeLessThanOrEqual(10);
        expect(Number(used?.trading)).toBeLessThanOrEqual(2);
        await complete(message);
        ended.add(message.run_id);
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, index) => consumer(`desk-${index}`)));
    expect(taken).toHaveLength(24);
    expect(new Set(taken.map((message) => message.run_id)).size).toBe(24);
    expect([ended.size, await slotCount()]).toEqual([24, 0]);
  });

  test('many at once without ending: exactly the room there is', async () => {
    await register('crawl', { max_parallel: 50 });
    for (let i = 0; i < 16; i += 1) await start('crawl');
    const claims = await Promise.all(Array.from({ length: 16 }, () => claim()));
    expect(claims.filter((message) => message !== null)).toHaveLength(10);
    expect(await slotCount()).toBe(10);
  });

  test('a repeated claim of the same request answers the same run; an empty one is asked anew', async () => {
    const idempotency = { id: randomUUID(), fingerprint: 'claim' };
    const again = () => perform(database.db, bot, claimRun, 'real', { queue }, { idempotency });
    expect(await again()).toBeNull();
    await register('crawl', { max_parallel: 5 });
    await start('crawl');
    await start('crawl');
    const first = await again();
    expect(first).not.toBeNull();
    expect(await again()).toEqual(first);
    expect(await slotCount()).toBe(1);
  });
});

describe('holding', () => {
  test('a heartbeat extends the lease and shows progress; lines are in order', async () => {
    await register('crawl');
    await start('crawl');
    const message = await mustClaim();
    const before = (await getRun(database.db, 'real', message.run_id)).attempts[0]?.lease_until ?? '';
    const beat = await perform(database.db, bot, heartbeat, 'real', {
      ...holder(message),
      progress: { done: 3, total: 10, text: null },
    });
    expect(beat.cancel_requested).toBe(false);
    expect(Date.parse(beat.lease_until)).toBeGreaterThanOrEqual(Date.parse(before));
    expect((await getRun(database.db, 'real', message.run_id)).progress).toEqual({
      done: 3,
      total: 10,
      text: null,
    });
    const lines = (...texts: string[]) =>
      perform(database.db, bot, appendLines, 'real', {
        ...holder(message),
        lines: texts.map((line) => ({ line })),
      });
    expect(await lines('a', 'b')).toEqual({ last_seq: 2 });
    await Promise.all([lines('c', 'd'), lines('e', 'f')]);
    const page = await readLogs(database.db, 'real', message.run_id);
    expect(page.items.map((line) => line.seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(page.items.slice(0, 2).map((line) => line.line)).toEqual(['a', 'b']);
  });

  test('silence gives the run to another; the first one is refused everywhere', async () => {
    await register('crawl');
    const run = await start('crawl');
    const first = await mustClaim('desk-1');
    await takenBack(first);
    const back = await getRun(database.db, 'real', run.run_id);
    expect(back).toMatchObject({ state: 'ready', failures: 1, status: 'retrying' });
    expect(back.attempts[0]).toMatchObject({
      outcome: 'lost',
      reason: { code: 'lease_expired', params: { consumer: 'desk-1', lease_sec: 60 } },
      error: 'desk-1 was silent for 60 s',
    });
    expect(back.history.at(-1)).toMatchObject({ from: 'running', to: 'ready', actor: 'system:leader' });
    await leaderTick();
    expect((await getRun(database.db, 'real', run.run_id)).reason.code).toBe('no_consumer');
    const second = await mustClaim('desk-2');
    expect([second.run_id, second.attempt]).toEqual([first.run_id, 2]);
    const stale = holder(first);
    const late = [
      () => perform(database.db, bot, heartbeat, 'real', stale),
      () => perform(database.db, bot, appendLines, 'real', { ...stale, lines: [{ line: 'late' }] }),
      () => complete(first),
      () => fail(first),
    ];
    for (const write of late) expect(await refusal(write())).toBe('409 attempt_over');
    expect((await readLogs(database.db, 'real', run.run_id)).items).toEqual([]);
    expect((await complete(second)).state).toBe('succeeded');
    expect(await refusal(perform(database.db, bot, heartbeat, 'real', holder(second)))).toBe(
      '409 attempt_over',
    );
  });

  test('a heartbeat before the leader looks keeps the run', async () => {
    await register('crawl');
    await start('crawl');
    const message = await mustClaim();
    await silence(message);
    await perform(database.db, bot, heartbeat, 'real', holder(message));
    await leaderTick();
    expect((await complete(message)).state).toBe('succeeded');
  });

  test('a run past its timeout times out and waits for its retry', async () => {
    await register('crawl', { timeout_sec: 5 });
    await start('crawl');
    const message = await mustClaim();
    await database.db.execute(
      sql`update attempts set deadline = clock_timestamp() - interval '1 second' where token = ${message.attempt_token}`,
    );
    await leaderTick();
    expect(await getRun(database.db, 'real', message.run_id)).toMatchObject({
      state: 'waiting',
      failures: 1,
      attempts: [{ outcome: 'timed_out', reason: { code: 'timed_out', params: { timeout_sec: 5 } } }],
    });
    expect(await slotCount()).toBe(0);
    expect(await refusal(complete(message))).toBe('409 attempt_over');
  });

  test('a lost consumer counts as a failure until the retries are used up', async () => {
    await register('crawl', { retry_limit: 1 });
    const run = await start('crawl');
    for (let i = 0; i < 2; i += 1) {
      await takenBack(await mustClaim());
    }
    expect(await getRun(database.db, 'real', run.run_id)).toMatchObject({
      state: 'quarantined',
      reason: { code: 'retries_exhausted', params: { cause: 'lease_expired', consumer: 'desk-1' } },
    });
    await perform(database.db, bot, rerunRun, 'real', { run_id: run.run_id });
    expect((await mustClaim()).attempt).toBe(3);
  });

  test('a cancel is told, the lease not extended, and the run cancelled when it fails or falls silent', async () => {
    await register('crawl', { max_parallel: 2 });
    const [obeys, ignores] = [await start('crawl'), await start('crawl')];
    const messages = [await mustClaim(), await mustClaim()];
    for (const run of [obeys, ignores])
      await perform(database.db, bot, cancelRun, 'real', { run_id: run.run_id });
    const leases = new Set<string>();
    for (const message of [messages[0], messages[0], messages[1]]) {
      if (message === undefined) throw new Error('Two runs were started.');
      const beat = await perform(database.db, bot, heartbeat, 'real', holder(message));
      expect(beat.cancel_requested).toBe(true);
      leases.add(beat.lease_until);
    }
    expect(leases.size).toBe(2);
    const [first, second] = messages;
    if (first === undefined || second === undefined) throw new Error('Two runs were started.');
    expect((await fail(first)).state).toBe('cancelled');
    await takenBack(second);
    expect(await getRun(database.db, 'real', second.run_id)).toMatchObject({
      state: 'cancelled',
      failures: 0,
      reason: { code: 'cancelled_by', params: { actor: 'bot' } },
    });
  });
});

describe('ending', () => {
  test('complete and fail are repeatable with their token, and exclude each other', async () => {
    await register('crawl', { retry_limit: 0, max_parallel: 2 });
    await start('crawl');
    await start('crawl');
    const [good, bad] = [await mustClaim(), await mustClaim()];
    expect((await complete(good)).state).toBe('succeeded');
    expect((await complete(good)).state).toBe('succeeded');
    expect(await refusal(fail(good))).toBe('409 attempt_over');
    expect(await fail(bad)).toMatchObject({
      state: 'failed',
      reason: { code: 'task_error', params: { message: 'no answer' } },
    });
    expect((await fail(bad)).state).toBe('failed');
    expect(await refusal(complete(bad))).toBe('409 attempt_over');
    const job = await getJob(database.db, 'real', 'crawl');
    expect([job.last_status, job.last_error, job.open_runs]).toEqual(['failed', 'no answer', []]);
  });

  test('a failure is retried as the job says; one that is not retryable waits for a person', async () => {
    await register('crawl', { max_parallel: 2 });
    await start('crawl');
    await start('crawl');
    expect(await fail(await mustClaim())).toMatchObject({
      state: 'waiting',
      reason: { code: 'retry_wait', params: { cause: 'task_error', delay_sec: 60 } },
    });
    expect((await fail(await mustClaim(), { retryable: false })).state).toBe('quarantined');
  });

  test('another run’s token, a run that is not there, a token of nobody', async () => {
    await register('crawl', { max_parallel: 2 });
    await start('crawl');
    await start('crawl');
    const [one, two] = [await mustClaim(), await mustClaim()];
    expect(await refusal(complete({ ...one, attempt_token: two.attempt_token }))).toBe('409 attempt_over');
    expect(await refusal(complete({ ...one, attempt_token: randomUUID() }))).toBe('409 attempt_over');
    expect(await refusal(complete({ ...one, run_id: randomUUID() }))).toBe('404 run_not_found');
    const mock: Actor = { ...bot, grants: [{ role: 'operator', scope: 'mock' }] };
    expect(await refusal(perform(database.db, mock, completeRun, 'mock', holder(one)))).toBe(
      '404 run_not_found',
    );
  });

  test('queue mode: the next run is due after the consumer’s own delay, else the interval, also after a failure', async () => {
    await register('chain', { reschedule_mode: 'queue', interval_seconds: 600, retry_limit: 0 });
    const first = await fireNow();
    expect([first.trigger_source, first.auto_reschedule]).toEqual(['auto-reschedule', true]);
    expect(await delay()).toBeNull();
    await complete(first, 30);
    expect(await delay()).toBe(30);
    await complete(await fireNow());
    expect(await delay()).toBe(600);
    await fail(await fireNow(), { next_delay_sec: 90 });
    expect(await delay()).toBe(90);
    await fail(await fireNow());
    expect(await delay()).toBe(600);
  });
});

describe('last-run', () => {
  test('ends the one open run, taken or not', async () => {
    await register('crawl', { retry_limit: 0 });
    const run = await start('crawl');
    expect(await mark()).toMatchObject({
      job_id: 'crawl',
      last_status: 'succeeded',
      last_error: null,
      run: { run_id: run.run_id, state: 'succeeded', attempt: 1 },
    });
    await start('crawl');
    const message = await mustClaim();
    expect(await mark({ status: 'failed', error: 'no source' })).toMatchObject({
      last_status: 'failed',
      last_error: 'no source',
      run: { run_id: message.run_id, state: 'failed' },
    });
    expect(await refusal(complete(message))).toBe('409 attempt_over');
    expect(await slotCount()).toBe(0);
    expect(await refusal(mark({ run_id: run.run_id }))).toBe('409 run_ended');
  });

  test('keeps the result when none is open', async () => {
    await register('crawl', { reschedule_mode: 'queue', interval_seconds: 600 });
    const marked = await mark({ status: 'failed', error: 'disk full', next_delay_sec: 60 });
    expect(marked).toMatchObject({ last_status: 'failed', last_error: 'disk full', run: null });
    expect(marked.last_run_at).not.toBeNull();
    expect(Date.parse(marked.next_due_at ?? '') - Date.parse(marked.last_run_at ?? '')).toBe(60_000);
    expect(await mark()).toMatchObject({ last_status: 'succeeded', last_error: null });
  });

  test('several open: the run must be named', async () => {
    await register('crawl', { max_parallel: 2 });
    await register('other');
    const [one, two] = [await start('crawl'), await start('crawl')];
    expect(await refusal(mark())).toBe('409 several_open_runs');
    expect((await mark({ run_id: one.run_id })).run).toMatchObject({
      run_id: one.run_id,
      state: 'succeeded',
    });
    expect(await refusal(mark({ run_id: two.run_id }, 'other'))).toBe('404 run_not_found');
    expect((await mark()).run?.run_id).toBe(two.run_id);
    expect(await refusal(mark({}, 'nobody'))).toBe('404 job_not_found');
  });

  test('leaves a run alone that a worker executes', async () => {
    await register('cmd', { task: 'command', queue: 'real.jobs.cmd', params: { argv: ['true'] } });
    await start('cmd');
    expect(await refusal(mark({}, 'cmd'))).toBe('409 run_not_external');
  });
});
