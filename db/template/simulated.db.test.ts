import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAccounts } from '#db/accounts/queries.ts';
import { perform } from '#db/core/operation.ts';
import { createJob } from '#db/jobs/create.ts';
import { listJobs } from '#db/jobs/queries.ts';
import { bookCash } from '#db/ledger/append.ts';
import { candles, quotes } from '#db/market/schema.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { traders } from '#db/traders/schema.ts';
import { startSimulatedDesk } from './simulated.ts';
import { deskTemplate, installTemplate } from './template.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
let database: TestDatabase;
const act = (operation: typeof startSimulatedDesk, scope = 'mock') =>
  perform(database.db, system, operation, scope, { language: 'ko' });

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => database[Symbol.asyncDispose]());

test('one click makes a desk that trades play money, also where the paused jobs were taken before', async () => {
  const { db } = database;
  await perform(db, system, createJob, 'mock', {
    job_id: 'own_job',
    task: 'command',
    params: { argv: ['true'] },
    cron_expr: '0 18 * * *',
  });
  await perform(db, system, installTemplate, 'mock', {});
  expect((await deskTemplate(db, 'mock', 'ko')).simulation).toBe('offered');
  expect(await act(startSimulatedDesk)).toMatchObject({ state: 'installed', simulation: 'running' });

  const { items } = await listJobs(db, 'mock');
  const running = items.filter((job) => job.enabled);
  expect(running.filter((job) => job.job_id !== 'own_job').map((job) => job.task)).toEqual(
    expect.arrayContaining(['market_monitor', 'trading_cycle', 'position_management', 'daily_settlement']),
  );
  expect(running.find((job) => job.task === 'market_monitor')).toMatchObject({
    calendar: 'SIM',
    mode: 'service',
    interval_seconds: 1,
    resource_group: 'exits',
  });
  const all = await db.select().from(traders).where(eq(traders.scope, 'mock'));
  expect(all.length).toBeGreaterThanOrEqual(6);
  expect(all.every((trader) => trader.started)).toBe(true);
  const [account] = await listAccounts(db, 'mock');
  expect(account).toMatchObject({ broker: 'simulated', ready: false, cash: '100000000' });
  expect((await bookCash(db, 'mock', 'paper')).toFixed()).toBe('100000000');
  expect(await db.$count(quotes)).toBeGreaterThanOrEqual(20);
  expect(await db.$count(candles)).toBeGreaterThan(1_000);
});

test('there is one market to a scope, and none where the money is real', async () => {
  await expect(act(startSimulatedDesk)).rejects.toMatchObject({ code: 'simulated_market_exists' });
  await expect(act(startSimulatedDesk, 'real')).rejects.toMatchObject({ code: 'simulation_not_here' });
});
