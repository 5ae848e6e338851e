import { expect, test } from 'vitest';
import { testDatabase } from '#db/testing/database.ts';
import { orderChaos } from '#worker/testing/order-chaos.ts';
import { quick } from './gateway.test-kit.ts';

test('gateways that are killed and paused before a broker that loses answers never send an order twice', async () => {
  await using database = await testDatabase();
  const report = await orderChaos({
    ...database,
    seed: 1,
    orders: 60,
    traders: 12,
    gateways: 3,
    burst: 12,
    timing: { ...quick, deadlineMs: 2_000, staleSec: 4, pollMs: 500, reconcileMs: 3_000, idleMs: 200 },
    limitSec: 60,
  });
  expect(report.violations).toEqual([]);
  expect(report.unsettled).toBe(0);
  expect(report.kills + report.pauses).toBeGreaterThan(0);
}, 180_000);
