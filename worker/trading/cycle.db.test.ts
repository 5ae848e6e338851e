import { afterAll, beforeAll, expect, test } from 'vitest';
import { orders } from '#db/orders/schema.ts';
import { scans, traderTransitions, traders } from '#db/traders/schema.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import {
  callReady,
  makeTradingDesk,
  mixedTraders,
  putClock,
  seoul,
  startTraders,
} from '#db/testing/trading-desk.ts';
import { tradingCycle } from './cycle.ts';
import { feedsOf } from './feeds.ts';
import { monitor } from './monitor.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await makeTradingDesk(database.db, { at: seoul('2026-11-23 10:00:00') });
  await callReady(database.db);
  await startTraders(database.db, mixedTraders(10));
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

test('each trader looks over the whole market, and those with a signal enter symbols of their own', async () => {
  const { db } = database;
  let entering = 0;
  for (let minute = 1; minute <= 10 && entering < 3; minute += 1) {
    await putClock(db, 'mock', new Date(seoul('2026-11-23 10:00:01').getTime() + minute * 60_000));
    const at = { db, scope: 'mock', feedOf: feedsOf(db) };
    await monitor({ ...at, signal: new AbortController().signal });
    entering += (await tradingCycle(db, 'mock', null)).entering;
  }
  expect(entering).toBeGreaterThanOrEqual(3);
  const rows = await db.select().from(scans);
  expect(rows.length).toBeGreaterThanOrEqual(10);
  for (const scan of rows) {
    expect(scan.looked).toBe(30);
    expect(scan.candidates.length + Object.values(scan.passed).reduce((a, b) => a + b, 0)).toBe(30);
    for (const each of scan.candidates) expect(each.chosen === (each.reason === null)).toBe(true);
  }
  const placed = await db.select().from(orders);
  expect(placed.length).toBe(entering);
  const busy = (await db.select().from(traders)).filter(({ symbol }) => symbol !== null);
  expect(new Set(busy.map(({ symbol }) => symbol)).size).toBe(busy.length);
  const stored = await db.select().from(traderTransitions);
  expect(stored.length).toBeGreaterThan(10);
});
