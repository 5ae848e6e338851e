import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { perform } from '#db/core/operation.ts';
import { runNow } from '#db/runs/run-now.ts';
import { leaderPid, now } from '#db/testing/faults.ts';
import { killRound, prepareKills } from '#worker/testing/kills.ts';
import { until, type WorkerProcess } from '#worker/testing/processes.ts';
import { median, percentile } from '../lib/stats.ts';
import { createNoop, lagsOf, makeRoom, newWorld, system, type World } from './ours.ts';
import type { Peer } from './peers.ts';

/** Runs in flight at once, of ours and of the peers. */
export const concurrency = 10;
const second = 1_000;

/** The next whole second that is at least `ahead` ms away, by the database's clock. */
async function secondAhead(world: World, ahead: number): Promise<Date> {
  return new Date(Math.ceil(((await now(world.db)).getTime() + ahead) / second) * second);
}

async function ended(world: World, jobs: string, count: number, ms = 120_000): Promise<void> {
  await until(
    `${count} runs of ${jobs} ended`,
    async () => {
      const [row] = await world.db.execute<{ n: string }>(
        sql`select count(*) as n from runs where job_id like ${jobs} and state = 'succeeded'`,
      );
      return Number(row?.n) >= count;
    },
    ms,
  );
}

/** One job that fires each second: lags in ms. */
export async function everySecond(url: string, seconds: number) {
  await using world = await newWorld(url, concurrency);
  await world.worker();
  const since = await now(world.db);
  await createNoop(world.db, { job_id: 'tick', cron_expr: '* * * * * *', overlap: 'queue' });
  await wait(seconds * second);
  const lags = await lagsOf(world.db, 'tick', since);
  const fire = lags.map((lag) => lag.fire);
  return { p50: median(fire), p99: percentile(fire, 0.99), startP50: median(lags.map((lag) => lag.start)) };
}

/** So many jobs due in the same second, a few times over: p99 of the lag of their fires in each round. */
export async function sameSecond(url: string, jobs: number, rounds: number): Promise<number[]> {
  await using world = await newWorld(url, concurrency);
  await makeRoom(world.db, 100);
  await createNoop(world.db, { job_id: 'due-0', cron_expr: '0 0 0 1 1 *', keep_runs: 1 });
  await world.db
    .execute(sql`insert into jobs (scope, job_id, version, description, task, params, queue, cron_expr, time_zone, reschedule_mode, enabled,
      max_parallel, overlap, misfire, misfire_grace_sec, timeout_sec, retry_limit, retry_delay_sec, retry_max_delay_sec, retry_jitter, priority, keep_runs,
      schedule_anchor, created_at, updated_at)
    select scope, 'due-' || n, version, description, task, params, queue, cron_expr, time_zone, reschedule_mode, enabled, max_parallel, overlap, misfire,
      misfire_grace_sec, timeout_sec, retry_limit, retry_delay_sec, retry_max_delay_sec, retry_jitter, priority, keep_runs, schedule_anchor, created_at, updated_at
    from jobs cross join generate_series(1, ${jobs - 1}) as n where job_id = 'due-0'`);
  await world.worker();
  const found: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const at = await secondAhead(world, 2_000);
    await world.db.execute(sql`update jobs set next_due_at = ${at.toISOString()}::timestamptz`);
    await ended(world, 'due-%', jobs * round);
    found.push(
      percentile(
        (await lagsOf(world.db, 'due-%', at)).map((lag) => lag.fire),
        0.99,
      ),
    );
  }
  return found;
}

/** Runs asked for by hand, one after the other on an idle engine: ms from the request's commit to the start. */
export async function enqueueToStart(url: string, count: number) {
  await using world = await newWorld(url, concurrency);
  await world.worker();
  await createNoop(world.db, { job_id: 'hand' });
  await perform(world.db, system, runNow, 'real', { job_id: 'hand' });
  await ended(world, 'hand', 1);
  const since = await now(world.db);
  for (let index = 0; index < count; index += 1) {
    await perform(world.db, system, runNow, 'real', { job_id: 'hand' });
    await wait(15 + (index % 7) * 5);
  }
  await ended(world, 'hand', count + 1);
  const waits = (await lagsOf(world.db, 'hand', since)).map((lag) => lag.enqueueToStart);
  return { p50: median(waits), p99: percentile(waits, 0.99) };
}

const throughputJobs = 20;

/** Runs per second from a full queue of several jobs, with attempts, history, changes and slots written for each. */
export async function throughput(url: string, count: number): Promise<number> {
  await using world = await newWorld(url, concurrency);
  await makeRoom(world.db, 100);
  for (let job = 0; job < throughputJobs; job += 1) await createNoop(world.db, { job_id: `many-${job}` });
  await world.db
    .execute(sql`insert into runs (id, scope, job, job_id, job_version, task, queue, dedupe_key, trigger_source, state, reason, priority, max_parallel,
      params, trading_day, scheduled_for, queued_at)
    select gen_random_uuid(), scope, id, job_id, version, task, queue, 'manual:' || n, 'manual', 'ready', '{"code":"run_now","params":{}}', priority, max_parallel,
      params, current_date, now(), now() from jobs cross join generate_series(1, ${Math.ceil(count / throughputJobs)}) as n`);
  await world.db.execute(sql`insert into run_history (run_id, scope, to_state, reason, actor, attempt, at)
    select id, scope, state, reason, 'bench', 0, queued_at from runs`);
  await world.db.execute(sql`analyze`);
  await world.worker();
  await ended(world, 'many-%', count, 300_000);
  const [row] = await world.db.execute<{ sec: string }>(
    sql`select extract(epoch from max(finished_at) - min(started_at)) as sec from runs`,
  );
  return count / Number(row?.sec);
}

/** A worker of two is killed with commands going, again and again: ms from each kill to each restart. */
export async function killToRestart(
  url: string,
  kills: number,
  note: (text: string) => void,
): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bellkeeper-bench-kill-'));
  await using world = await newWorld(url, 32);
  let pair: readonly [WorkerProcess, WorkerProcess] = [await world.worker(), await world.worker()];
  await prepareKills(world.db, folder);
  const waits: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const round = await killRound(world.db, pair, kill % 2 === 0, world.worker);
    pair = round.replacement;
    waits.push(...round.waits);
    note(`kill ${kill + 1}: ${round.waits.length} runs, slowest ${Math.round(Math.max(...round.waits))} ms`);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  return waits;
}

/** The leader is killed again and again: ms from each kill to the next leader's first second in office. */
export async function failover(url: string, kills: number): Promise<number[]> {
  await using world = await newWorld(url, concurrency);
  let pair = [await world.worker(), await world.worker()];
  const waits: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const leader = await until('a leader', () => leaderPid(world.db));
    const killedAt = await now(world.db);
    pair.find(({ pid }) => pid === leader)?.signal('SIGKILL');
    const since = await until('another leader', async () => {
      const [row] = await world.db.execute<{ since: string }>(
        sql`select since from leadership where since > ${killedAt.toISOString()}::timestamptz`,
      );
      return row?.since;
    });
    waits.push(Date.parse(since) - killedAt.getTime());
    pair = [...pair.filter(({ pid }) => pid !== leader), await world.worker()];
  }
  return waits;
}

export interface PeerFigures {
  readonly perSecond: number;
  readonly enqueueP50: number;
  readonly enqueueP99: number;
  /** From a time named ahead to the start. */
  readonly dueP50: number;
  readonly sameSecondP99: number;
}

/** The same of a peer, as far as it has the like. */
export async function measurePeer(
  peer: Peer,
  sizes: { runs: number; single: number; due: number },
): Promise<PeerFigures> {
  await peer.addMany(sizes.runs);
  const drained = peer.done(sizes.runs);
  await peer.work();
  await drained;
  const times = [...peer.started.values()];
  const perSecond = sizes.runs / ((Math.max(...times) - Math.min(...times)) / second);
  peer.started.clear();
  const added = new Map<number, number>();
  for (let key = 0; key < sizes.single; key += 1) {
    await peer.add(key);
    added.set(key, Date.now());
    await wait(15 + (key % 7) * 5);
  }
  await peer.done(sizes.single);
  const waits = [...added].map(([key, at]) => Math.max(0, (peer.started.get(key) ?? Number.NaN) - at));
  peer.started.clear();
  const first = Math.ceil((Date.now() + 2_000) / second) * second;
  for (let key = 0; key < 20; key += 1) await peer.add(key, new Date(first + key * second));
  await peer.done(20);
  const late = Array.from(
    { length: 20 },
    (_, key) => (peer.started.get(key) ?? Number.NaN) - (first + key * second),
  );
  peer.started.clear();
  const at = Math.ceil((Date.now() + 4_000) / second) * second;
  await Promise.all(Array.from({ length: sizes.due }, (_, key) => peer.add(key, new Date(at))));
  await peer.done(sizes.due);
  const together = [...peer.started.values()].map((started) => started - at);
  return {
    perSecond,
    enqueueP50: median(waits),
    enqueueP99: percentile(waits, 0.99),
    dueP50: median(late),
    sameSecondP99: percentile(together, 0.99),
  };
}
