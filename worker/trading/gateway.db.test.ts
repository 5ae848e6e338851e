import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decimal } from '#domain/core/decimal.ts';
import { accounts, gateways } from '#db/accounts/schema.ts';
import { alerts } from '#db/alerts/schema.ts';
import { ledgerEntries, positions } from '#db/ledger/schema.ts';
import { rebuildBook } from '#db/ledger/rebuild.ts';
import { symbolLocks } from '#db/locks/schema.ts';
import { wantChange } from '#db/orders/change.ts';
import { type TestDesk, scope, testTradingDesk } from '#db/orders/orders.test-kit.ts';
import { orderAttempts, orders } from '#db/orders/schema.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { FakeBroker } from '#worker/brokers/fake.test-kit.ts';
import { until } from '#worker/testing/processes.ts';
import { quick, testGateway } from './gateway.test-kit.ts';

let database: TestDatabase;
let desk: TestDesk;
let broker: FakeBroker;
const cash = 100_000_000;
/** What is unanswered is decided from the deadline on. */
const soon = { ...quick, deadlineMs: 1_500 };

beforeEach(async () => {
  database = await testDatabase();
  desk = await testTradingDesk(database.db, { clock: 'wall', cash });
  broker = new FakeBroker({ cash });
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

async function orderOf(trader: string, seq: number) {
  const [row] = await database.db
    .select()
    .from(orders)
    .where(and(eq(orders.trader, trader), eq(orders.seq, seq)));
  if (row === undefined) throw new Error('no such order');
  return row;
}
const ready = () =>
  until('the account ready', async () => (await database.db.select().from(accounts))[0]?.ready === true);
const stateOf = (trader: string, seq: number, state: string) =>
  until(`${trader}/${seq} ${state}`, async () => (await orderOf(trader, seq)).state === state);

async function enter(): Promise<number> {
  const token = await desk.lock('t1', '005930');
  const placed = await desk.place({ trader: 't1', seq: 1, side: 'buy', symbol: '005930', token });
  expect(placed).toMatchObject({ placed: true });
  return token;
}

test('an entry and its exit go out, fill in pieces, and both books agree to the won', async () => {
  await using gateway = testGateway(database, broker);
  await ready();
  const token = await enter();
  await stateOf('t1', 1, 'accepted');
  const [entry] = broker.booked;
  broker.fill(entry!.key, 3, 69_900);
  await stateOf('t1', 1, 'partially_filled');
  broker.fill(entry!.key, 7);
  await stateOf('t1', 1, 'filled');
  const [lock] = await database.db.select().from(symbolLocks).where(eq(symbolLocks.symbol, '005930'));
  expect(lock?.hasPosition).toBe(true);
  await ready();
  const placed = await desk.place({
    trader: 't1',
    seq: 2,
    side: 'sell',
    symbol: '005930',
    token,
    price: decimal(69_800),
  });
  expect(placed).toMatchObject({ placed: true });
  await stateOf('t1', 2, 'accepted');
  const reason = { code: 'exit_chased', params: {} };
  await database.db.transaction((tx) =>
    wantChange(tx, scope, 't1', 2, { kind: 'revise', price: decimal(69_500), reason }, new Date()),
  );
  await until('the new price', async () => (await orderOf('t1', 2)).price?.eq(69_500));
  broker.fillAll();
  await stateOf('t1', 2, 'filled');
  await until('cash as the broker says', async () => {
    const [account] = await database.db.select().from(accounts);
    const { book } = await rebuildBook(database.db, scope, 'a1');
    return account?.brokerCash?.eq(book.cash);
  });
  const { book, differences } = await rebuildBook(database.db, scope, 'a1');
  expect(differences).toEqual([]);
  expect(book.positions.get('005930')?.quantity.toNumber()).toBe(0);
  // 0.0023 % of 699,700 and 695,000 won, cut to the won; 0.05 % and 0.15 % of what was sold.
  expect([book.fees.toNumber(), book.taxes.toNumber()]).toEqual([16 + 15, 347 + 1042]);
  const entries = await database.db.select().from(ledgerEntries);
  expect(entries.filter(({ kind }) => kind === 'fill')).toHaveLength(3);
  const [after] = await database.db.select().from(symbolLocks).where(eq(symbolLocks.symbol, '005930'));
  expect(after?.hasPosition).toBe(false);
  expect((await database.db.select().from(positions))[0]?.openedAt).toBeNull();
  expect(gateway.halted).toEqual([]);
});

test('a lost answer is found at the broker or proven absent; nothing is sent twice', async () => {
  let count = 0;
  broker.fate = () => (count++ === 0 ? 'lost_after' : 'lost_before');
  await using gateway = testGateway(database, broker, soon);
  await ready();
  await enter();
  await stateOf('t1', 1, 'unknown');
  const token = await desk.lock('t2', '000660');
  await desk.place({ trader: 't2', seq: 1, side: 'buy', symbol: '000660', token });
  await stateOf('t1', 1, 'accepted');
  await stateOf('t2', 1, 'cancelled');
  expect(await orderOf('t2', 1)).toMatchObject({ keyHeld: true, reason: { code: 'order_absent' } });
  expect(broker.requests.filter(({ kind }) => kind === 'place')).toHaveLength(2);
  expect(broker.booked).toHaveLength(1);
  expect(gateway.halted).toEqual([]);
});

test('of two that it may be nobody chooses but a person', async () => {
  broker.fate = () => 'lost_after';
  await using gateway = testGateway(database, broker, soon);
  await ready();
  await enter();
  const manual = broker.manual({ symbol: '005930', side: 'buy', quantity: 10, price: 70_000 });
  await until('candidates', async () => (await orderOf('t1', 1)).candidates?.length === 2);
  expect((await orderOf('t1', 1)).candidates).toContain(manual);
  expect(gateway.halted).toMatchObject([{ traders: ['t1'] }]);
});

test('an intent that a crash left is cancelled, never sent late; without a comparison nothing is opened', async () => {
  await database.db.update(accounts).set({ ready: true });
  await enter();
  broker.down = true;
  await using gateway = testGateway(database, broker);
  await stateOf('t1', 1, 'cancelled');
  expect(await orderOf('t1', 1)).toMatchObject({ reason: { code: 'never_sent' }, keyHeld: false });
  const [account] = await database.db.select().from(accounts);
  expect(account?.ready).toBe(false);
  const token = await desk.lock('t2', '000660');
  expect(await desk.place({ trader: 't2', seq: 1, side: 'buy', symbol: '000660', token })).toMatchObject({
    placed: false,
    refusals: [{ code: 'account_not_ready' }],
  });
  await until(
    'trouble',
    async () => (await database.db.select().from(gateways))[0]?.trouble?.code === 'test_down',
  );
  broker.down = false;
  await ready();
  expect(broker.requests).toEqual([]);
  expect(gateway.told).toContain('t1');
});

test('orders from elsewhere are explained; what nothing explains closes the account to entries until it is gone', async () => {
  await using gateway = testGateway(database, broker);
  await ready();
  const account = async () => (await database.db.select().from(accounts))[0];
  const key = broker.manual({
    symbol: '000660',
    side: 'buy',
    quantity: 5,
    price: 70_000,
    origin: 'elsewhere',
  });
  broker.fill(key, 5);
  await until('explained', async () => JSON.stringify((await account())?.drift).includes('external_order'));
  expect(await account()).toMatchObject({ ready: true });
  broker.paid = decimal(-1_234_567);
  await until('not ready', async () => (await account())?.ready === false);
  expect(await account()).toMatchObject({ readyReason: { code: 'drift_cash' } });
  await until('an alert', async () =>
    (await database.db.select().from(alerts)).some(
      ({ severity, reason }) => severity === 'critical' && reason.code === 'drift_cash',
    ),
  );
  broker.paid = decimal(0);
  await ready();
  // No trader is of this account.
  expect(gateway.halted).toEqual([]);
});

test('two gateways: one sends; when its connection goes the other takes over under the next epoch', async () => {
  await using first = testGateway(database, broker);
  await ready();
  await using second = testGateway(database, broker);
  expect(second.told).toEqual([]);
  const epoch = async () => (await database.db.select().from(gateways))[0]?.epoch ?? 0;
  expect(await epoch()).toBe(1);
  await first.stop();
  await until('the next epoch', async () => (await epoch()) === 2);
  await ready();
  await enter();
  await stateOf('t1', 1, 'accepted');
  const [attempt] = await database.db.select().from(orderAttempts);
  expect(attempt?.epoch).toBe(2);
});
