import { deepStrictEqual } from 'node:assert';
import { candidateFilter, discover } from '#domain/strategies/candidates.ts';
import type { Line } from '../lib/report.ts';
import { benchServer } from '../lib/server.ts';
import { median } from '../lib/stats.ts';
import { measureDatabase } from './database.ts';
import { measureDesk } from './desk.ts';
import { generatedMarket, marketOfFile, sectionOf } from './market.ts';
import { naiveDiscovery } from './naive.ts';
import { deskOf, tickAll } from './traders.ts';

export interface TradingOptions {
  readonly rounds: number;
  /** A CSV file of whole markets by day; null: a generated one. */
  readonly market: string | null;
  readonly note: (text: string) => void;
}

/** Symbols of KRX at the end of 2020. */
const krxSymbols = 2_533;
const days = 21;
const traders = 1_000;

/** Milliseconds of one call, over enough of them to be read; called before, so that it is compiled. */
function perCall(act: () => unknown, calls: number): number {
  for (let warm = 0; warm < calls; warm += 1) act();
  const started = performance.now();
  for (let call = 0; call < calls; call += 1) act();
  return (performance.now() - started) / calls;
}

function several<T>(rounds: number, act: () => T): T[] {
  return Array.from({ length: rounds }, act);
}

function discoveryLine({ rounds, market, note }: TradingOptions): {
  line: Line;
  rows: ReturnType<typeof marketOfFile>;
} {
  const rows = market === null ? generatedMarket(krxSymbols, days, 7) : marketOfFile(market);
  const section = sectionOf(rows);
  const filter = candidateFilter.parse({});
  const found = discover(section, filter);
  const naive = naiveDiscovery(rows, filter);
  // A peer that answers something else measures nothing.
  deepStrictEqual(
    found.candidates.map(({ symbol }) => symbol),
    naive.candidates,
  );
  deepStrictEqual(sorted(found.counts), sorted(naive.counts));
  note(`${market ?? 'generated market'}: ${section.symbols.length} symbols on ${section.days} days`);
  note(`${found.candidates.length} candidates, passed over: ${JSON.stringify(sorted(found.counts))}`);
  const figures = several(rounds, () => ({
    ours: perCall(() => discover(section, filter), 50),
    naive: perCall(() => naiveDiscovery(rows, filter), 3),
  }));
  const ours = figures.map((figure) => figure.ours);
  return {
    rows,
    line: {
      name: `candidates of ${section.symbols.length} symbols`,
      unit: 'ms',
      ours: median(ours),
      rounds: ours,
      peers: { naive: median(figures.map((figure) => figure.naive)) },
      bar: 10,
    },
  };
}

const sorted = (counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => a.localeCompare(b)));

function stepLines({ rounds, note }: TradingOptions): Line[] {
  const desk = deskOf(traders);
  note(`${tickAll(desk, 60)} of ${traders} traders want out at the first tick`);
  let second = 0;
  const ticks = several(rounds, () => perCall(() => tickAll(desk, (second += 1) % 3_000), 20));
  const rates = ticks.map((ms) => (traders / ms) * 1_000);
  return [
    { name: `tick of ${traders} traders`, unit: 'ms', ours: median(ticks), rounds: ticks, bar: 1_000 },
    { name: 'steps per second', unit: '/s', ours: median(rates), rounds: rates, bar: traders },
  ];
}

/** Measures discovery, market data and the traders' steps. */
export async function benchTrading(options: TradingOptions): Promise<{ lines: Line[]; conditions: object }> {
  const { line, rows } = discoveryLine(options);
  const steps = stepLines(options);
  await using server = await benchServer();
  const url = await server.database();
  const stored = await measureDatabase(url, rows, options.rounds);
  options.note(`${traders} traders on PostgreSQL`);
  const seconds = await measureDesk(url, traders, options.rounds);
  const of = (
    name: string,
    unit: Line['unit'],
    pick: (figure: (typeof stored)[number]) => number,
    bar: number,
  ): Line => {
    const figures = stored.map(pick);
    return { name, unit, ours: median(figures), rounds: figures, bar };
  };
  return {
    lines: [
      line,
      of('the same, read from PostgreSQL', 'ms', ({ section }) => section, 1_000),
      of('candles written per second', '/s', ({ candlesPerSecond }) => candlesPerSecond, 10_000),
      of('30 quotes written', 'ms', ({ writeQuotes }) => writeQuotes, 20),
      of('30 quotes read', 'ms', ({ readQuotes }) => readQuotes, 10),
      ...steps,
      {
        name: `second of ${traders} traders, PostgreSQL`,
        unit: 'ms',
        ours: median(seconds),
        rounds: seconds,
        bar: 1_000,
      },
    ],
    conditions: { postgres: server.version, rounds: options.rounds, market: options.market ?? 'generated' },
  };
}
