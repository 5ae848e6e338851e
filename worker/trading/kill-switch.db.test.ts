import { and, eq, inArray } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decimal } from '#domain/core/decimal.ts';
import { accounts } from '#db/accounts/schema.ts';
import { type TestDesk, testTradingDesk } from '#db/orders/orders.test-kit.ts';
import { orders } from '#db/orders/schema.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { FakeBroker } from '#worker/brokers/fake.test-kit.ts';
import { until } from '#worker/testing/processes.ts';
import { testGateway } from './gateway.test-kit.ts';

const cash = 1_000_000_000;
const count = 40;
const traders = Array.from({ length: count }, (_, index) => `t${index}`);
const symbolOf = (index: number) => String(100_000 + index);

let database: TestDatabase;
let desk: TestDesk;
let broker: FakeBroker;
beforeEach(async () => {
  database = await testDatabase();
  const symbols = traders.map((_, index) => symbolOf(index));
  desk = await testTradingDesk(database.db, { clock: 'wall', cash, traders, symbols });
  broker = new FakeBroker({ cash });
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

const sent = () => broker.requests.filter(({ kind }) => kind === 'place').length;
const open = (states: readonly ('intent' | 'sent')[]) =>
  database.db
    .select({ id: orders.id })
    .from(orders)
    .where(inArray(orders.state, [...states]));

test('from the commit of a stop on not one entry reaches the broker; what closes goes out', async () => {
  await using gateway = testGateway(database, broker);
  await until('ready', async () => (await database.db.select().from(accounts))[0]?.ready === true);
  const held = await desk.lock('t0', symbolOf(0));
  const first = { trader: 't0', seq: 1, side: 'buy', symbol: symbolOf(0), token: held } as const;
  expect(await desk.place(first)).toMatchObject({ placed: true });
  await until('an order at the broker', () => Promise.resolve(broker.booked.length === 1));
  broker.fillAll();
  await until(
    'a position',
    async () =>
      (
        await database.db
          .select()
          .from(orders)
          .where(and(eq(orders.trader, 't0'), eq(orders.state, 'filled')))
      ).length === 1,
  );

  broker.delay = 10;
  const tokens = new Map<string, number>();
  for (const [index, trader] of traders.entries())
    if (index > 0) tokens.set(trader, await desk.lock(trader, symbolOf(index)));
  const placing = traders.slice(1).map((trader, index) =>
    desk.place({
      trader,
      seq: 1,
      side: 'buy',
      symbol: symbolOf(index + 1),
      token: tokens.get(trader) ?? 0,
    }),
  );
  await until('some on their way', async () => sent() > 6);
  await desk.stop('entries_stopped');
  const atCommit = sent();
  await Promise.all(placing);
  await until('nothing waits any more', async () => (await open(['intent', 'sent'])).length === 0);
  expect(sent()).toBe(atCommit);
  expect(atCommit).toBeLessThan(count);
  const stopped = await database.db
    .select({ reason: orders.reason })
    .from(orders)
    .where(eq(orders.state, 'cancelled'));
  for (const { reason } of stopped) expect(reason?.code).toBe('entries_stopped');

  const exit = { trader: 't0', seq: 2, side: 'sell', symbol: symbolOf(0), token: held } as const;
  expect(await desk.place({ ...exit, price: decimal(69_900) })).toMatchObject({ placed: true });
  await until('the exit at the broker', async () => sent() === atCommit + 1);
  expect(gateway.halted).toEqual([]);
});
