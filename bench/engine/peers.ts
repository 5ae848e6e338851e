import { once } from 'node:events';
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { Pool } from 'pg';
import { PgBoss } from 'pg-boss';

/** Another Postgres job runner, with what it is measured by. Times are wall milliseconds of this process. */
export interface Peer extends AsyncDisposable {
  readonly name: string;
  /** Adds one job; resolves when it is committed. */
  add(key: number, at?: Date): Promise<void>;
  addMany(count: number): Promise<void>;
  /** Takes jobs from now on; without it they wait. */
  work(): Promise<void>;
  /** When each started. */
  readonly started: Map<number, number>;
  /** Resolves when so many have run since the last call. */
  done(count: number): Promise<void>;
}

/** Counts what has run, and lets somebody wait for a number of them. */
function tally() {
  const started = new Map<number, number>();
  const state: { ran: number; want: number; reached: (() => void) | null } = {
    ran: 0,
    want: Infinity,
    reached: null,
  };
  return {
    started,
    ran(key: number) {
      started.set(key, Date.now());
      state.ran += 1;
      if (state.ran >= state.want) state.reached?.();
    },
    async done(count: number) {
      if (state.ran < count)
        await new Promise<void>((resolve) => {
          state.want = count;
          state.reached = resolve;
        });
      state.ran = 0;
      state.want = Infinity;
    },
  };
}

const concurrency = 10;
const keyOf = (payload: unknown) =>
  typeof payload === 'object' && payload !== null && 'key' in payload ? Number(payload.key) : -1;

/** graphile-worker as it comes: nothing batched, no local queue. */
export async function graphile(url: string): Promise<Peer> {
  const pool = new Pool({ connectionString: url, max: concurrency + 5 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const quiet = new Logger(() => () => undefined);
  const utils = await makeWorkerUtils({ pgPool: pool, logger: quiet });
  await utils.migrate();
  const { started, ran, done } = tally();
  let runner: Awaited<ReturnType<typeof run>> | null = null;
  return {
    name: 'graphile-worker',
    started,
    done,
    async add(key, at) {
      await utils.addJob('noop', { key }, at === undefined ? {} : { runAt: at });
    },
    async addMany(count) {
      await utils.addJobs(
        Array.from({ length: count }, (_, key) => ({ identifier: 'noop', payload: { key } })),
      );
    },
    async work() {
      const taskList = { noop: (payload: unknown) => ran(keyOf(payload)) };
      runner = await run({
        pgPool: pool,
        concurrency,
        noHandleSignals: true,
        parsedCronItems: [],
        logger: quiet,
        taskList,
      });
    },
    async [Symbol.asyncDispose]() {
      await runner?.stop();
      await utils.release();
      await pool.end();
    },
  };
}

/** pg-boss with notices on, fetching and ending 200 at once. */
export async function boss(url: string): Promise<Peer> {
  const own = new PgBoss({ connectionString: url, max: concurrency + 5, useListenNotify: true });
  own.on('error', () => undefined);
  await own.start();
  await own.createQueue('noop', { notify: true });
  const { started, ran, done } = tally();
  return {
    name: 'pg-boss',
    started,
    done,
    async add(key, at) {
      await own.send('noop', { key }, at === undefined ? {} : { startAfter: at });
    },
    async addMany(count) {
      await own.insert(
        'noop',
        Array.from({ length: count }, (_, key) => ({ data: { key } })),
      );
    },
    async work() {
      await own.work(
        'noop',
        {
          batchSize: 200,
          burstWhenBatchFull: true,
          pollingIntervalSeconds: 0.5,
          notifyPollingIntervalSeconds: 0.5,
        },
        async (jobs: { data: unknown }[]) => {
          for (const job of jobs) ran(keyOf(job.data));
        },
      );
    },
    async [Symbol.asyncDispose]() {
      const stopped = once(own, 'stopped');
      await own.stop({ graceful: false });
      await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 2_000))]);
    },
  };
}
