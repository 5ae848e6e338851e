import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { perform } from '#db/core/operation.ts';
import { createJob } from '#db/jobs/create.ts';
import { cutLiveness, endAll, leaderPid, longestPause } from '#db/testing/faults.ts';
import { missingFires, violations } from '#db/testing/invariants.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { exclusive } from '#worker/testing/chaos.ts';
import { processesWith } from '#worker/testing/fleet.ts';
import { killRound, prepareKills } from '#worker/testing/kills.ts';
import { startWorker, until, type WorkerProcess } from '#worker/testing/processes.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
let workers: WorkerProcess[] = [];
let folder: string;
beforeEach(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'bellkeeper-recovery-'));
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
const overlapsSeen = () => readFile(join(folder, 'overlaps'), 'utf8').catch(() => '');

async function everySecond(job_id: string): Promise<void> {
  await perform(database.db, system, createJob, 'real', {
    job_id,
    interval_seconds: 1,
    overlap: 'queue',
    max_parallel: 3,
    retry_limit: 100,
    task: 'command',
    params: { argv: ['sh', '-c', exclusive('0.02')], env: { CHAOS_DIR: folder } },
  });
}
const fires = async () => {
  const [row] = await database.db.execute<{ n: string }>(
    sql`select count(*) as n from runs where state = 'succeeded'`,
  );
  return Number(row?.n);
};
/** Waits until so many further fires have run. */
async function afterFires(more: number): Promise<void> {
  const before = await fires();
  await until(`${more} fires`, async () => (await fires()) >= before + more, 30_000);
}

test(
  'of 20 commands on two workers, those of the killed one run on the other within seconds, none of them twice',
  { timeout: 150_000 },
  async () => {
    const pair = [await worker(), await worker()] as [WorkerProcess, WorkerProcess];
    await prepareKills(database.db, folder);
    for (let round = 0; round < 2; round += 1) {
      const { waits, replacement } = await killRound(database.db, pair, round % 2 === 0, worker);
      pair.splice(0, 2, ...replacement);
      expect(waits.length).toBeGreaterThan(0);
      expect(Math.max(...waits)).toBeLessThan(10_000);
    }
    expect(await overlapsSeen()).toBe('');
    expect(await violations(database.db)).toEqual([]);
    const mine = `CHAOS_DIR=${folder}`;
    await endAll(database.db);
    await until('no script left', async () => processesWith(mine).length === 0);
  },
);

test('with the leader killed the schedule goes on: no fire lost, none twice', async () => {
  await Promise.all([worker(), worker()]);
  await everySecond('tick');
  await afterFires(2);
  const leader = await leaderPid(database.db);
  workers.find(({ pid }) => pid === leader)?.signal('SIGKILL');
  await afterFires(4);
  expect(await missingFires(database.db, 'tick', 1)).toEqual([]);
  expect(await longestPause(database.db, 'tick')).toBeLessThan(6_000);
  expect(await violations(database.db)).toEqual([]);
});

test(
  'a leader that was paused for 12 s is deposed, and writes nothing when it wakes',
  { timeout: 150_000 },
  async () => {
    await Promise.all([worker(), worker()]);
    await everySecond('tick');
    await afterFires(2);
    const leader = await leaderPid(database.db);
    const paused = workers.find(({ pid }) => pid === leader);
    paused?.signal('SIGSTOP');
    const deposed = until('another leader', async () => {
      const now = await leaderPid(database.db);
      return now !== null && now !== leader;
    });
    await deposed;
    await afterFires(3);
    const [before] = await database.db.execute<{ at: string }>(sql`select clock_timestamp()::text as at`);
    paused?.signal('SIGCONT');
    expect(await paused?.exited).toBe(75);
    const written = await database.db.execute(sql`
    select 1 from attempts a join processes p on p.id = a.process_id where p.pid = ${leader} and a.started_at > ${before?.at}::timestamptz`);
    expect([...written]).toEqual([]);
    await afterFires(2);
    expect(await missingFires(database.db, 'tick', 1)).toEqual([]);
    expect(await violations(database.db)).toEqual([]);
  },
);

test('a worker whose lock connection is cut kills its children and leaves; its run goes on elsewhere', async () => {
  const first = await worker();
  await prepareKills(database.db, folder, 1);
  await until('a script', async () => processesWith(`CHAOS_DIR=${folder}`).length > 0);
  await worker();
  expect(await cutLiveness(database.db, first.pid)).toBe(true);
  expect(await first.exited).toBe(75);
  await until('the second attempt', async () => {
    const [row] = await database.db.execute<{ state: string; attempt: number }>(
      sql`select state, attempt from runs`,
    );
    return row?.state === 'running' && row.attempt === 2;
  });
  expect(await overlapsSeen()).toBe('');
  expect(await violations(database.db)).toEqual([]);
});
