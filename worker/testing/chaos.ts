import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '#db/core/client.ts';
import { perform } from '#db/core/operation.ts';
import { createJob } from '#db/jobs/create.ts';
import { pauseJob } from '#db/jobs/edit.ts';
import { cancelRun } from '#db/runs/control.ts';
import { runNow } from '#db/runs/run-now.ts';
import {
  cutConnection,
  cutLiveness,
  giveReservedRoom,
  leaderPid,
  longestPause,
  outcomes,
} from '#db/testing/faults.ts';
import { missingFires, progressOf, roomViolations, violations } from '#db/testing/invariants.ts';
import { type Fleet, processesWith, seeded, startFleet } from './fleet.ts';
import { until } from './processes.ts';

const system = { kind: 'system', id: 'chaos', name: 'chaos' } as const;
/** Holds a file for as long as anything of the attempt lives; notes when another attempt of the run holds it. */
export const exclusive = (seconds: string) =>
  `exec 9>>"$CHAOS_DIR/$BELLKEEPER_RUN_ID.lock"; flock -n 9 || echo "$BELLKEEPER_RUN_ID $BELLKEEPER_ATTEMPT" >> "$CHAOS_DIR/overlaps"; sleep ${seconds}`;

export const faultKinds = [
  'kill',
  'kill_leader',
  'pause',
  'pause_long',
  'cut_liveness',
  'cut_connection',
  'restart_server',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface ChaosOptions {
  readonly url: string;
  readonly db: Database;
  readonly seed: number;
  readonly seconds: number;
  readonly workers: number;
  /** How often each fault is drawn, beside the others. */
  readonly weights: Readonly<Partial<Record<FaultKind, number>>>;
  /** Mean time between faults, ms. */
  readonly everyMs: number;
  readonly restartServer?: () => Promise<void>;
  readonly note?: (text: string) => void;
}

export interface ChaosReport {
  readonly seed: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly runs: number;
  readonly attempts: Readonly<Record<string, number>>;
  readonly samples: number;
  readonly longestPauseMs: number;
  /** Empty when every promise was kept. */
  readonly violations: readonly string[];
}

const jobs = [
  { job_id: 'trade', resource_group: 'trading', max_parallel: 5, sleep: '0.3' },
  { job_id: 'report', resource_group: 'reporting', max_parallel: 5, sleep: '0.1' },
  { job_id: 'data', resource_group: 'data_processing', max_parallel: 3, sleep: '0.5' },
  { job_id: 'exit', resource_group: null, max_parallel: 4, sleep: '0.4' },
  { job_id: 'free', resource_group: null, max_parallel: 6, sleep: '1' },
] as const;

async function createJobs(db: Database, folder: string): Promise<void> {
  const shared = { retry_limit: 100, retry_delay_sec: 1, timeout_sec: 600, keep_runs: 1_000_000 };
  const body = (sleep: string) => ({
    ...shared,
    task: 'command',
    params: { argv: ['sh', '-c', exclusive(sleep)], env: { CHAOS_DIR: folder } },
  });
  for (const { sleep, ...job } of jobs)
    await perform(db, system, createJob, 'real', { ...job, ...body(sleep) });
  await giveReservedRoom(db, 'exit', 'exits');
  const always = {
    overlap: 'queue',
    misfire: 'run_all',
    misfire_grace_sec: 3_600,
    max_parallel: 3,
    priority: 0,
  };
  await perform(db, system, createJob, 'real', {
    job_id: 'tick',
    interval_seconds: 1,
    ...always,
    ...body('0.02'),
  });
}

/** What the test itself does on the database; held back while the server is away, so that only the engine meets that. */
interface Load {
  /** Does something again and again until told to stop. */
  keepDoing(signal: AbortSignal, everyMs: number, act: () => Promise<void>): Promise<void>;
  without(act: () => Promise<void>): Promise<void>;
}

function createLoad(): Load {
  const state = { held: false, going: 0 };
  return {
    async keepDoing(signal, everyMs, act) {
      while (!signal.aborted) {
        if (!state.held) {
          state.going += 1;
          await act().finally(() => (state.going -= 1));
        }
        await wait(everyMs);
      }
    },
    async without(act) {
      state.held = true;
      while (state.going > 0) await wait(5);
      await act().finally(() => (state.held = false));
    },
  };
}

function pick<T extends string>(weights: Readonly<Partial<Record<T, number>>>, random: number): T {
  const entries = Object.entries(weights) as [T, number][];
  let left = random * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) if ((left -= weight) < 0) return name;
  throw new RangeError('No fault has a weight.');
}

/** Stops a process and wakes it later; its fleet may have lost it by then. */
function pause(fleet: Fleet, pid: number, ms: number): void {
  fleet.signal(pid, 'SIGSTOP');
  setTimeout(() => fleet.signal(pid, 'SIGCONT'), ms);
}

async function inject(
  options: ChaosOptions,
  { fleet, load }: { fleet: Fleet; load: Load },
  kind: FaultKind,
  random: () => number,
): Promise<void> {
  const pids = fleet.pids();
  const pid = pids[Math.floor(random() * pids.length)];
  if (pid === undefined) return;
  switch (kind) {
    case 'kill':
      return fleet.signal(pid, 'SIGKILL');
    case 'kill_leader':
      return fleet.signal((await leaderPid(options.db)) ?? pid, 'SIGKILL');
    case 'pause':
      return pause(fleet, pid, 100 + random() * 3_000);
    case 'pause_long':
      return pause(
        fleet,
        random() < 0.5 ? ((await leaderPid(options.db)) ?? pid) : pid,
        11_000 + random() * 20_000,
      );
    case 'cut_liveness':
      await cutLiveness(options.db, pid);
      return;
    case 'cut_connection':
      return cutConnection(options.db, pid, random());
    case 'restart_server':
      return load.without(options.restartServer ?? (() => Promise.resolve()));
  }
}

async function settled(options: ChaosOptions, fleet: Fleet): Promise<string[]> {
  fleet.wakeAll();
  await until(
    'the schedule paused',
    () => perform(options.db, system, pauseJob, 'real', { job_id: 'tick' }),
    30_000,
  );
  let open = 0;
  const done = async () => {
    fleet.wakeAll();
    ({ open } = await progressOf(options.db));
    return open === 0;
  };
  return until('every run ended', done, 120_000).then(
    () => [],
    () => [`${open} runs never ended`],
  );
}

/**
 * Real worker processes under load on a database of their own, with faults at random; then quiet, until every run has
 * ended; then the history is read. The database must be empty.
 */
export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  const { db } = options;
  const random = seeded(options.seed);
  const draws = seeded(options.seed + 1);
  const folder = await mkdtemp(join(tmpdir(), 'bellkeeper-chaos-'));
  const faults: Record<string, number> = {};
  const sampled = new Set<string>();
  let samples = 0;
  await createJobs(db, folder);
  await using fleet = await startFleet(options.url, options.workers);
  const load = createLoad();
  const over = new AbortController();
  const parts = [
    load.keepDoing(over.signal, 40, async () => {
      for (const found of await roomViolations(db)) sampled.add(`seen while running: ${found}`);
      samples += 1;
    }),
    load.keepDoing(over.signal, 150, async () => {
      const job = jobs[Math.floor(draws() * jobs.length)] ?? jobs[0];
      const { run_id } = await perform(db, system, runNow, 'real', { job_id: job.job_id });
      if (draws() < 0.05) await perform(db, system, cancelRun, 'real', { run_id });
    }),
  ];
  const end = performance.now() + options.seconds * 1_000;
  while (performance.now() < end) {
    await wait(options.everyMs * (0.5 + random()));
    const kind = pick(options.weights, random());
    faults[kind] = (faults[kind] ?? 0) + 1;
    options.note?.(kind);
    await inject(options, { fleet, load }, kind, random);
  }
  over.abort();
  await Promise.all(parts);
  const unsettled = await settled(options, fleet);
  const missing = await missingFires(db, 'tick', 1);
  const overlaps = await readFile(join(folder, 'overlaps'), 'utf8').catch(() => '');
  const orphans = processesWith(`CHAOS_DIR=${folder}`);
  const report = {
    seed: options.seed,
    faults,
    runs: (await progressOf(db)).all,
    attempts: await outcomes(db),
    samples,
    longestPauseMs: await longestPause(db, 'tick'),
    violations: [
      ...unsettled,
      ...sampled,
      ...(await violations(db)),
      ...missing.map((at) => `the fire of ${at} is missing`),
      ...overlaps
        .split('\n')
        .filter(Boolean)
        .map((line) => `two attempts of one run at once: ${line}`),
      ...orphans.map((pid) => `process ${pid} outlived its attempt`),
    ],
  };
  await rm(folder, { recursive: true, force: true });
  return report;
}
