import { benchServer } from '../lib/server.ts';
import type { Line } from '../lib/report.ts';
import { median, percentile } from '../lib/stats.ts';
import * as measure from './measures.ts';
import { boss, graphile } from './peers.ts';

export interface EngineOptions {
  readonly rounds: number;
  readonly kills: number;
  readonly note: (text: string) => void;
}

async function several<T>(rounds: number, act: () => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (let round = 0; round < rounds; round += 1) found.push(await act());
  return found;
}

function line(name: string, unit: Line['unit'], figures: readonly number[], more: Partial<Line> = {}): Line {
  return { name, unit, ours: median(figures), rounds: figures, ...more };
}

/** Measures the engine beside its peers, on a server of its own. */
export async function benchEngine({
  rounds,
  kills,
  note,
}: EngineOptions): Promise<{ lines: Line[]; conditions: object }> {
  await using server = await benchServer();
  const conditions = { postgres: server.version, rounds, kills, concurrency: measure.concurrency };
  const peers = await several(rounds, async () => {
    const figures: Record<string, measure.PeerFigures> = {};
    for (const make of [graphile, boss]) {
      await using peer = await make(await server.database());
      note(peer.name);
      figures[peer.name] = await measure.measurePeer(peer, { runs: 5_000, single: 150, due: 1_000 });
    }
    return figures;
  });
  const beside = (of: (figures: measure.PeerFigures) => number): Record<string, number> =>
    Object.fromEntries(
      Object.keys(peers[0] ?? {}).map((name) => [
        name,
        median(peers.flatMap((round) => round[name] ?? []).map(of)),
      ]),
    );
  note(JSON.stringify(peers));
  note('one job each second');
  const ticks = await several(rounds, async () => measure.everySecond(await server.database(), 30));
  note('1,000 jobs in one second');
  const together = await measure.sameSecond(await server.database(), 1_000, rounds);
  note('enqueue to start');
  const waits = await several(rounds, async () => measure.enqueueToStart(await server.database(), 150));
  note('runs per second');
  const rates = await several(rounds, async () => measure.throughput(await server.database(), 2_000));
  note('kill to restart');
  const restarts = await measure.killToRestart(await server.database(), kills, note);
  note('leader failover');
  const failovers = await measure.failover(await server.database(), Math.min(kills, 10));
  const perSecond = beside((of) => of.perSecond);
  const half = (perSecond['graphile-worker'] ?? Number.NaN) / 2;
  const lines = [
    line(
      'fire lag p50, one job each second',
      'ms',
      ticks.map((of) => of.p50),
    ),
    line(
      'fire lag p99, one job each second',
      'ms',
      ticks.map((of) => of.p99),
      { bar: 50 },
    ),
    line(
      'due to start p50, one job each second',
      'ms',
      ticks.map((of) => of.startP50),
      { peers: beside((of) => of.dueP50) },
    ),
    line('fire lag p99, 1,000 due in one second', 'ms', together, {
      bar: 250,
      peers: beside((of) => of.sameSecondP99),
    }),
    line(
      'enqueue to start p50',
      'ms',
      waits.map((of) => of.p50),
      { bar: 8, peers: beside((of) => of.enqueueP50) },
    ),
    line(
      'enqueue to start p99',
      'ms',
      waits.map((of) => of.p99),
      { bar: 40, peers: beside((of) => of.enqueueP99) },
    ),
    line('runs per second', '/s', rates, {
      bar: half,
      barText: ' (half of graphile-worker)',
      peers: perSecond,
    }),
    line('kill to restart p50', 'ms', [median(restarts)]),
    line('kill to restart p95', 'ms', [percentile(restarts, 0.95)], { bar: 3_000 }),
    line('kill to restart max', 'ms', [Math.max(...restarts)]),
    line('leader failover max', 'ms', [Math.max(...failovers)], { bar: 3_000 }),
  ];
  return { lines, conditions };
}
