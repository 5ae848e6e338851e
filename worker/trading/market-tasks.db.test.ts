import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#domain/access/access.ts';
import { attemptToken, jobId, runId } from '#domain/core/ids.ts';
import { createAccount } from '#db/accounts/create.ts';
import { perform } from '#db/core/operation.ts';
import type { Claim } from '#db/engine/claim.ts';
import { readCandles } from '#db/market/candles.ts';
import { readInstruments } from '#db/market/instruments.ts';
import { advanceSimulated } from '#db/simulated/queries.ts';
import {
  putClock,
  seoul,
  testDay,
  testMarket,
  testScope,
  testSymbols,
} from '#db/simulated/simulated.test-kit.ts';
import { simulatorSource } from '#db/simulated/source.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { BrokerUnavailable, type Feed } from '#worker/brokers/port.ts';
import { simulatedFeed } from '#worker/brokers/simulated/adapter.ts';
import { type Task, type TaskContext, TaskFailure } from '#worker/tasks/task.ts';
import { collectCandlesTask } from './collect-candles.ts';
import { systemCheckTask } from './system-check.ts';

let database: TestDatabase;
const source = simulatorSource(testScope);
const admin: Actor = { kind: 'user', id: 'u1', name: 'Kim', grants: [{ role: 'admin', scope: '*' }] };

beforeAll(async () => {
  database = await testDatabase();
  await testMarket(database.db, { at: seoul('09:00:30') });
  await perform(database.db, admin, createAccount, testScope, {
    account_id: 'paper',
    name: 'Paper',
    broker: 'simulated',
    venue: 'KRX',
    calendar: 'XKRX',
    feed: source,
  });
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const claimOf = (task: string): Claim => ({
  id: runId.parse(randomUUID()),
  scope: testScope,
  job_id: jobId.parse('by-hand'),
  task,
  params: {},
  attempt: 1,
  token: attemptToken.parse(randomUUID()),
  trigger_source: 'manual',
  telemetry_label: null,
  scheduled_for: seoul('09:00:00'),
  trading_day: testDay,
  timeout_sec: 60,
  mode: 'runs',
  service_until: null,
  interval_sec: null,
  retry_limit: 0,
  service: null,
  started_at: seoul('09:00:00'),
  last_seq: 0,
  locks: [],
  lock_timeout_sec: 60,
  scope_number: 1,
});

/** Runs a task by itself; what it said comes back, refusals as their message. */
async function run<Params extends Task['params']>(
  task: Task<Params>,
  params: object,
): Promise<readonly string[]> {
  const lines: string[] = [];
  const context: TaskContext = {
    claim: claimOf(task.name),
    signal: new AbortController().signal,
    log: (_stream, line) => {
      lines.push(line);
      return Promise.resolve();
    },
    progress: () => undefined,
    child: () => Promise.resolve(),
  };
  try {
    await task.run(context, task.params.parse(params));
  } catch (error) {
    if (!(error instanceof TaskFailure)) throw error;
    lines.push(`failed: ${error.message}`);
  }
  return lines;
}

const candles = async (now: Date) =>
  readCandles(database.db, {
    venue: 'KRX',
    source,
    symbols: testSymbols.map(({ symbol }) => symbol),
    interval: '5m',
    now,
    limit: 500,
  });

test('candles are collected from where they end, closed ones only, and what the feed left out is a gap', async () => {
  const { db } = database;
  const real = simulatedFeed(db, testScope);
  let dropped = false;
  const feed: Feed = {
    ...real,
    async candles(symbols, interval, from, to, signal) {
      const rows = await real.candles(symbols, interval, from, to, signal);
      const lost = seoul('09:20:00').getTime();
      return dropped ? rows.filter(({ start }) => Date.parse(start) !== lost) : rows;
    },
  };
  const collect = () =>
    run(
      collectCandlesTask(db, () => feed),
      { interval: '5m' },
    );
  await putClock(db, seoul('09:17:00'));
  await advanceSimulated(db, testScope);
  expect(await collect()).toEqual([`${source}: 3 symbols, 9 5m candles added, 0 changed, 0 gaps`]);
  expect(await collect()).toEqual([`${source}: 3 symbols, 0 5m candles added, 0 changed, 0 gaps`]);
  dropped = true;
  await putClock(db, seoul('09:31:00'));
  await advanceSimulated(db, testScope);
  expect(await collect()).toEqual([`${source}: 3 symbols, 6 5m candles added, 0 changed, 3 gaps`]);
  const found = await candles(seoul('09:31:00'));
  expect([...found.values()].map(({ length }) => length)).toEqual([5, 5, 5]);
  expect((await candles(seoul('09:17:00'))).get('900110')?.length).toBe(3);
  expect((await readInstruments(db, 'KRX', source)).size).toBe(3);
  const gaps = await db.execute(sql`select symbol, start, code from candle_gaps order by symbol`);
  expect(gaps).toHaveLength(3);
  expect(gaps[0]).toMatchObject({ symbol: '900110', code: 'gap_missing' });
});

test('a feed that does not answer is a failure to be tried again, an unknown one is not', async () => {
  const { db } = database;
  const down: Feed = {
    ...simulatedFeed(db, testScope),
    instruments: () => Promise.reject(new BrokerUnavailable({ code: 'timeout', params: {} })),
  };
  expect(
    await run(
      collectCandlesTask(db, () => down),
      {},
    ),
  ).toEqual([`failed: ${source} does not answer (timeout)`]);
  expect(
    await run(
      collectCandlesTask(db, () => null),
      {},
    ),
  ).toEqual([`failed: no adapter for the feed ${source} here`]);
});

test('the check-up of a desk without engine names what is missing, and fails', async () => {
  const lines = await run(systemCheckTask(database.db), {});
  const text = lines.join('\n');
  expect(text).toContain('ok    database: answers in');
  expect(text).toContain('fail  leader: nobody leads');
  expect(text).toContain('warn  gateways: paper: no process holds its gateway');
  expect(text).toContain(`quotes: ${source}: the newest is`);
  expect(text).toContain('ok    unknown orders: none');
  expect(text).toMatch(/calendar: XKRX: /);
  expect(lines.at(-1)).toMatch(/^failed: leader: nobody leads.* \(and 1 more\)$/s);
});

test('locks without their trader and differing books are named', async () => {
  const { db } = database;
  await db.execute(sql`
    insert into symbol_locks (scope, symbol, trader, fencing, since, heartbeat_at, until, has_position)
      select ${testScope}, symbol, 'gone', 1, at, at, at, held
      from (values ('900110', true), ('910310', false)) as given(symbol, held), (select now() - interval '1 hour' as at) t`);
  await db.execute(sql`
    update accounts set drift = '[{"kind":"cash","symbol":null,"explained":null,"params":{}},
      {"kind":"cash","symbol":null,"explained":"rounding","params":{}}]'::jsonb where scope = ${testScope}`);
  const text = (await run(systemCheckTask(db), {})).join('\n');
  expect(text).toContain('fail  symbol locks: 900110: the trader is silent and holds a position');
  expect(text).toContain('fail  symbol locks: 910310: held without a trader');
  expect(text).toContain('fail  books: paper: 1 unexplained difference');
});
