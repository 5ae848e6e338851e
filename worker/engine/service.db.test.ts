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
import { editJob, pauseJob, resumeJob } from '#db/jobs/edit.ts';
import { getJob } from '#db/jobs/queries.ts';
import { cancelRun, rerunRun } from '#db/runs/control.ts';
import { getRun, listRuns, readLogs } from '#db/runs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { lives, startWorker, until, type WorkerProcess } from '#worker/testing/processes.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
let workers: WorkerProcess[] = [];
let diary: string;

beforeEach(async () => {
  database = await testDatabase();
  diary = join(await mkdtemp(join(tmpdir(), 'bellkeeper-service-')), 'diary');
});
afterEach(async () => {
  for (const worker of workers) await worker[Symbol.asyncDispose]();
  workers = [];
  await database[Symbol.asyncDispose]();
});

async function worker(): Promise<WorkerProcess> {
  const started = await startWorker(database.url);
  workers.push(started);
  return started;
}

type Body = Partial<z.input<typeof registration>>;
/** A service of all day that ticks each second. */
const serve = (script: string, body: Body = {}) =>
  perform(database.db, system, createJob, 'real', {
    job_id: 'watch',
    mode: 'service',
    interval_seconds: 1,
    task: 'command',
    params: { argv: ['sh', '-c', script] },
    ...body,
  });
/** A tick that notes when it begins and ends, and who runs it. */
const noted = () =>
  `echo "b $BELLKEEPER_TICK $BELLKEEPER_ATTEMPT $$ $(date +%s%N)" >> ${diary}; sleep 0.3; echo "e $BELLKEEPER_TICK $BELLKEEPER_ATTEMPT $$ $(date +%s%N)" >> ${diary}`;

const runsOfJob = async () => (await listRuns(database.db, 'real', { limit: 50 })).items.toReversed();
const run = (id: string) => getRun(database.db, 'real', id);
const reach = (id: string, what: string, holds: (run: RunDetail) => boolean, ms?: number) =>
  until(
    what,
    async () => {
      const now = await run(id);
      return holds(now) && now;
    },
    ms,
  );
const first = () => until('a run', async () => (await runsOfJob())[0]);
const ticked = (id: string, count: number, ms?: number) =>
  reach(id, `${count} ticks`, (now) => (now.service?.ticks ?? 0) >= count, ms);
const linesOf = async (id: string) =>
  (await readLogs(database.db, 'real', id)).items.map((line) => line.line);
/** Puts the session's end so many seconds from now. */
const endIn = (seconds: number) =>
  database.db.execute(
    sql`update runs set service_until = scope_now(scope) + make_interval(secs => ${seconds}) where mode = 'service'`,
  );
const ownerOf = async (id: string): Promise<WorkerProcess> => {
  const [row] = await database.db.execute<{ pid: number }>(
    sql`select p.pid from runs r join processes p on p.id = r.process_id where r.id = ${id}`,
  );
  const owner = workers.find((candidate) => candidate.pid === row?.pid);
  if (owner === undefined) throw new Error('nobody runs it');
  return owner;
};

interface Note {
  readonly what: string;
  readonly tick: number;
  readonly attempt: number;
  readonly pid: number;
  readonly at: bigint;
}
async function notes(): Promise<Note[]> {
  const text = await readFile(diary, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [what = '', tick, attempt, pid, at = '0'] = line.split(' ');
      return { what, tick: Number(tick), attempt: Number(attempt), pid: Number(pid), at: BigInt(at) };
    });
}
/** Between a tick's beginning and its end no other begins; one without an end was killed. */
function expectOneAtATime(all: readonly Note[]): void {
  let open: Note | null = null;
  for (const note of all) {
    if (note.what === 'e') {
      expect(open?.pid).toBe(note.pid);
      open = null;
    } else {
      if (open !== null) expect(lives(open.pid)).toBe(false);
      open = note;
    }
  }
}

describe('a service', () => {
  test('starts at once in its session, ticks on the grid, keeps a quiet log, and ends with the session', async () => {
    await worker();
    await serve('test "$BELLKEEPER_TICK" = 3 && echo third; exit 0');
    const { run_id } = await first();
    const going = await ticked(run_id, 4);
    expect(going).toMatchObject({ state: 'running', mode: 'service', attempt: 1 });
    expect(going.service).toMatchObject({ failures: 0, failing: 0, interval_seconds: 1 });
    expect(Date.parse(going.scheduled_for) % 1_000).toBe(0);
    expect((await getJob(database.db, 'real', 'watch')).open_runs[0]?.service?.ticks).toBeGreaterThanOrEqual(
      4,
    );
    await endIn(2);
    const ended = await reach(run_id, 'its end', (now) => now.state === 'succeeded');
    expect(ended.reason).toMatchObject({ code: 'service_finished', params: { failures: 0 } });
    expect(ended.reason.params['ticks']).toBe(ended.service?.ticks);
    expect(await linesOf(run_id)).toEqual(['tick 3', 'third']);
    const late = Date.parse(ended.service?.last_tick_at ?? '') % 1_000;
    expect(late).toBeLessThan(500);
  });

  test('goes on elsewhere when its worker is killed: counters kept, one tick at a time, nothing charged', async () => {
    await worker();
    await worker();
    await serve(noted());
    const { run_id } = await first();
    const before = await ticked(run_id, 3);
    const killed = performance.now();
    (await ownerOf(run_id)).signal('SIGKILL');
    const again = await reach(
      run_id,
      'a second attempt that ticks',
      (now) => now.attempt === 2 && (now.service?.ticks ?? 0) > (before.service?.ticks ?? 0),
    );
    expect(performance.now() - killed).toBeLessThan(6_000);
    expect(again.state).toBe('running');
    await ticked(run_id, (again.service?.ticks ?? 0) + 2);
    expectOneAtATime(await notes());
    expect((await run(run_id)).attempts[0]).toMatchObject({ outcome: 'lost' });
  });

  test('is handed over at once when its worker stops', async () => {
    const one = await worker();
    await serve(noted());
    const { run_id } = await first();
    await ticked(run_id, 2);
    await worker();
    const asked = performance.now();
    one.signal('SIGTERM');
    expect(await one.exited).toBe(0);
    expect(performance.now() - asked).toBeLessThan(8_000);
    const again = await reach(
      run_id,
      'a second attempt',
      (now) => now.attempt === 2 && now.state === 'running',
    );
    expect(again.failures).toBe(0);
    expect(again.attempts[0]).toMatchObject({ outcome: 'handed_back' });
    await ticked(run_id, (again.service?.ticks ?? 0) + 2);
    const all = await notes();
    expectOneAtATime(all);
    const ofFirst = (what: string) => all.filter((note) => note.attempt === 1 && note.what === what).length;
    expect(ofFirst('b')).toBe(ofFirst('e'));
  });

  test('counts failing ticks; three in a row end the attempt, and the retry goes on', async () => {
    await worker();
    await serve('test "$BELLKEEPER_ATTEMPT" = 2', { retry_limit: 2, retry_delay_sec: 1 });
    const { run_id } = await first();
    await reach(
      run_id,
      'a second attempt that ticks well',
      (now) => now.attempt === 2 && now.service?.failing === 0,
    );
    const now = await run(run_id);
    expect(now.service).toMatchObject({ failures: 3 });
    expect(now.attempts[0]).toMatchObject({
      outcome: 'failed',
      reason: { code: 'service_failing', params: { failing: 3 } },
    });
    expect(await linesOf(run_id)).toContain('tick 1 failed: exit code 1');
  });

  test('that fails on is quarantined when its retries are used up', async () => {
    await worker();
    await serve('exit 9', { retry_limit: 1, retry_delay_sec: 1 });
    const { run_id } = await first();
    const ended = await reach(run_id, 'quarantine', (now) => now.state === 'quarantined');
    expect(ended.reason).toMatchObject({ code: 'retries_exhausted', params: { cause: 'service_failing' } });
    expect(ended.service?.ticks).toBe(6);
  });

  test('bounds each tick by its time limit, and counts every point that a long tick covers', async () => {
    await worker();
    const slow = 'test "$BELLKEEPER_TICK" = 1 && sleep 2.5; test "$BELLKEEPER_TICK" = 2 && sleep 60; exit 0';
    await serve(`echo "$BELLKEEPER_TICK_AT" >> ${diary}; ${slow}`, { timeout_sec: 4 });
    const { run_id } = await first();
    const now = await ticked(run_id, 4);
    expect(now.service).toMatchObject({ failures: 1, last_error: 'timed out after 4 s' });
    const points = (await readFile(diary, 'utf8')).trim().split('\n').map(Date.parse);
    const between = points.slice(1).map((point, index) => (point - (points[index] ?? 0)) / 1_000 - 1);
    // 2.5 s cover one point for certain and 4 s three; how many more depends on where in its second a tick began.
    expect(between[0]).toBeGreaterThanOrEqual(1);
    expect(between[1]).toBeGreaterThanOrEqual(3);
    expect(now.service?.overruns).toBeGreaterThanOrEqual((between[0] ?? 0) + (between[1] ?? 0));
    expect(now.service?.overruns).toBeLessThanOrEqual(between.reduce((sum, count) => sum + count, 0));
  });

  test('stops when its job is paused, and a resumed job goes on in the same session with a run of its own', async () => {
    await worker();
    await serve(noted());
    const { run_id } = await first();
    await ticked(run_id, 2);
    await perform(database.db, system, pauseJob, 'real', { job_id: 'watch' });
    const stopped = await reach(run_id, 'the stop', (now) => now.state === 'cancelled');
    expect(stopped.reason).toMatchObject({ code: 'service_paused', params: { actor: 'test' } });
    await perform(database.db, system, resumeJob, 'real', { job_id: 'watch' });
    const second = await until('a second run', async () => (await runsOfJob())[1]);
    await ticked(second.run_id, 2);
    await perform(database.db, system, pauseJob, 'real', { job_id: 'watch' });
    await perform(database.db, system, resumeJob, 'real', { job_id: 'watch' });
    const third = await until('a third run', async () => (await runsOfJob())[2]);
    await ticked(third.run_id, 2);
    expect((await runsOfJob()).map((item) => item.state)).toEqual(['cancelled', 'cancelled', 'running']);
    const all = await notes();
    expectOneAtATime(all);
    expect(
      all.filter((note) => note.what === 'b').length - all.filter((note) => note.what === 'e').length,
    ).toBeLessThanOrEqual(1);
  });

  test('lives by an edit at once, and goes on through one that does not concern it', async () => {
    await worker();
    await serve('true');
    const { run_id } = await first();
    await ticked(run_id, 1);
    await perform(database.db, system, editJob, 'real', { job_id: 'watch', edit: { description: 'eyes' } });
    await ticked(run_id, 2);
    await perform(database.db, system, editJob, 'real', { job_id: 'watch', edit: { interval_seconds: 2 } });
    await reach(
      run_id,
      'the stop',
      (now) => now.state === 'cancelled' && now.reason.code === 'service_edited',
    );
    const second = await until('a second run', async () => (await runsOfJob())[1]);
    expect((await ticked(second.run_id, 2)).service?.interval_seconds).toBe(2);
    expect((await runsOfJob()).length).toBe(2);
  });

  test('is started by hand for the rest of its session only, and never twice', async () => {
    await worker();
    await serve('true');
    const { run_id } = await first();
    await ticked(run_id, 1);
    const byHand = () => perform(database.db, system, runNow, 'real', { job_id: 'watch' });
    await expect(byHand()).rejects.toMatchObject({ code: 'service_running' });
    await perform(database.db, system, cancelRun, 'real', { run_id });
    await reach(run_id, 'the stop', (now) => now.state === 'cancelled');
    const again = await byHand();
    expect(again.service_until).not.toBeNull();
    await ticked(again.run_id, 2);
    await expect(perform(database.db, system, rerunRun, 'real', { run_id })).rejects.toMatchObject({
      code: 'service_running',
    });
  });

  test('of a paused worker that wakes makes no tick beside its successor', async () => {
    await worker();
    await worker();
    await serve(noted());
    const { run_id } = await first();
    await ticked(run_id, 2);
    const zombie = await ownerOf(run_id);
    zombie.signal('SIGSTOP');
    const again = await reach(run_id, 'a second attempt', (now) => now.attempt === 2, 60_000);
    await ticked(run_id, (again.service?.ticks ?? 0) + 2);
    zombie.signal('SIGCONT');
    await zombie.exited;
    await ticked(run_id, (again.service?.ticks ?? 0) + 4);
    const all = await notes();
    expectOneAtATime(all);
    const firstOfSecond = all.findIndex((note) => note.attempt === 2);
    expect(all.slice(firstOfSecond).every((note) => note.attempt === 2)).toBe(true);
  }, 90_000);
});
