import { expect, test } from 'vitest';
import { testDatabase } from '#db/testing/database.ts';
import { orderChaos } from '#worker/testing/order-chaos.ts';
import { quick } from './gateway.test-kit.ts';

test('gateways that are killed and paused before a broker that loses answers never send an order twice', async () => {
  await using database = await testDatabase();
  const report = await orderChaos({
    ...database,
    seed: 1,
    orders: 300,
    traders: 16,
    gateways: 3,
    burst: 20,
    timing: { ...quick, deadlineMs: 2_000, staleSec: 4, pollMs: 500, reconcileMs: 3_000, idleMs: 200 },
    limitSec: 150,
    note: (text) => console.log(text),
  });
  console.log(JSON.stringify(report, null, 1));
  expect(report.violations).toEqual([]);
  expect(report.unsettled).toBe(0);
  expect(report.kills + report.pauses).toBeGreaterThan(3);
}, 300_000);
