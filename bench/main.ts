import { parseArgs } from 'node:util';
import { benchChaos } from './chaos-engine.ts';
import { benchOrders } from './chaos-orders.ts';
import { benchEngine } from './engine/main.ts';
import { passed, printTable, writeJson } from './lib/report.ts';
import { benchTrading } from './trading/main.ts';
import { benchDays } from './trading-days.ts';

const usage = `npm run bench -- <name> [options]
  engine   fire lag, enqueue to start, runs per second, recovery; beside graphile-worker and pg-boss
           --rounds N (3)  --kills N (20)  --json FILE
  chaos    four workers under kills, pauses, cut connections and server restarts; reads the history afterwards
           --minutes M (5)  --seed N (1)
  trading  candidates of a whole market beside a naive search, market data on PostgreSQL, steps of 1,000 traders
           --rounds N (3)  --market FILE (a generated market of 2,533 symbols)  --json FILE
  days     whole trading days of ten traders on simulated markets of several seeds; reads moves and books afterwards
           --days N (5)  --seed N (1)  --traders N (10)  --grid SECONDS (60)
  orders   gateways killed and paused before a broker that loses answers; counts at the broker afterwards
           --orders N (300)  --seed N (1)
  list     this list
BENCH_DATABASE_URL: measure on that server (superuser, track_commit_timestamp on) instead of one of our own.`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    kills: { type: 'string', default: '20' },
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    market: { type: 'string' },
    days: { type: 'string', default: '5' },
    traders: { type: 'string', default: '10' },
    grid: { type: 'string', default: '60' },
    orders: { type: 'string', default: '300' },
  },
});
const note = (text: string) => void process.stderr.write(`${text}\n`);

async function engine(): Promise<boolean> {
  const { lines, conditions } = await benchEngine({
    rounds: Number(values.rounds),
    kills: Number(values.kills),
    note,
  });
  printTable(lines);
  if (values.json !== undefined) await writeJson(values.json, lines, conditions);
  return lines.every((line) => passed(line) !== false);
}

async function trading(): Promise<boolean> {
  const market = values.market ?? process.env['BENCH_MARKET'] ?? null;
  const { lines, conditions } = await benchTrading({ rounds: Number(values.rounds), market, note });
  printTable(lines);
  if (values.json !== undefined) await writeJson(values.json, lines, conditions);
  return lines.every((line) => passed(line) !== false);
}

function chaos(): Promise<boolean> {
  return benchChaos({ seed: Number(values.seed), minutes: Number(values.minutes), note });
}

function days(): Promise<boolean> {
  const [count, seed, traders, gridSec] = [values.days, values.seed, values.traders, values.grid].map(Number);
  return benchDays({
    days: count ?? 5,
    seed: seed ?? 1,
    traders: traders ?? 10,
    gridSec: gridSec ?? 60,
    note,
  });
}

function orders(): Promise<boolean> {
  return benchOrders({ seed: Number(values.seed), orders: Number(values.orders), note });
}

const [name = ''] = positionals;
if (name === 'engine') process.exitCode = (await engine()) ? 0 : 1;
else if (name === 'trading') process.exitCode = (await trading()) ? 0 : 1;
else if (name === 'days') process.exitCode = (await days()) ? 0 : 1;
else if (name === 'orders') process.exitCode = (await orders()) ? 0 : 1;
else if (name === 'chaos') process.exitCode = (await chaos()) ? 0 : 1;
else {
  console.log(usage);
  process.exitCode = name === 'list' ? 0 : 2;
}
