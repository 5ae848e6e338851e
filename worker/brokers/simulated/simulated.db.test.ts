import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Decimal, decimal, plain } from '#domain/core/decimal.ts';
import type { BrokerFaults } from '#domain/simulation/config.ts';
import type { BrokerKey } from '#domain/orders/broker-order.ts';
import { brokerFaults } from '#domain/simulation/config.ts';
import { faultsOfBooks } from '#db/simulated/books.test-kit.ts';
import { removeSimulatedMarket } from '#db/simulated/create.ts';
import { simulatedOrdersOf, simulatedRequestsOf } from '#db/simulated/queries.ts';
import { sendSimulated } from '#db/simulated/send.ts';
import { setSimulatedConfig } from '#db/simulated/settings.ts';
import {
  type TestMarket,
  putClock,
  seoul,
  testAccount,
  testMarket,
  testScope,
} from '#db/simulated/simulated.test-kit.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { type Broker, BrokerUnavailable, type Feed, type PlaceRequest } from '#worker/brokers/port.ts';
import { simulatedBroker, simulatedFeed } from './adapter.ts';
import { simulatedClient } from './client.ts';
import { type SimulatedProcess, startSimulatedBroker } from './process.test-kit.ts';

const symbol = '900110';
const { signal } = new AbortController();
const since = seoul('00:00:00');
const line = { symbol, at: since.toISOString(), price: 70_000, bid: 69_900, ask: 70_000 };

let own: TestDatabase;
let server: SimulatedProcess;
beforeAll(async () => {
  own = await testDatabase();
  server = await startSimulatedBroker(own.url);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
});

const kospi = () => 'KOSPI' as const;

type Connect = () => Broker & Feed;
const adapters: readonly [name: string, connect: Connect][] = [
  [
    'in the process',
    () => ({ ...simulatedFeed(own.db, testScope), ...simulatedBroker(own.db, testScope, testAccount) }),
  ],
  ['over HTTP', () => simulatedClient(server.url, { account: testAccount })],
];

async function market(of: TestMarket = {}): Promise<void> {
  await own.db.transaction((tx) => removeSimulatedMarket(tx, testScope));
  await testMarket(own.db, { ...of, config: { script: [line], ...of.config } });
}
const faults = (of: Parameters<typeof brokerFaults.parse>[0]): Promise<void> =>
  setSimulatedConfig(own.db, testScope, { faults: brokerFaults.parse(of) satisfies BrokerFaults });
const order = (
  quantity: number,
  price: number | null = 70_000,
  side: 'buy' | 'sell' = 'buy',
): PlaceRequest => ({
  clientId: `order-${quantity}`,
  symbol,
  side,
  quantity: decimal(quantity),
  price: price === null ? null : decimal(price),
});

/** What twelve orders in a row hear of a broker that fails by chance. */
async function heardOf(broker: Broker): Promise<string[]> {
  await market();
  await faults({ chances: { lost_before: 0.2, lost_after: 0.2, reject: 0.2 } });
  const kinds: string[] = [];
  for (let i = 0; i < 12; i += 1) kinds.push((await broker.place(order(1, 60_000), signal)).kind);
  return kinds;
}

describe.each(adapters)('the simulated broker %s', (_name, connect) => {
  let broker: Broker & Feed;
  beforeEach(() => {
    broker = connect();
  });
  afterEach(async () => {
    expect(await faultsOfBooks(own.db, testScope, testAccount, kospi)).toEqual([]);
  });

  async function accepted(request: PlaceRequest): Promise<BrokerKey> {
    const answer = await broker.place(request, signal);
    if (answer.kind !== 'accepted') throw new Error(JSON.stringify(answer));
    return answer.key;
  }
  async function filledOf(key: BrokerKey): Promise<string> {
    const reports = await broker.orders(since, signal);
    const report = reports.find((each) => each.key === key);
    return report === undefined ? 'absent' : plain(report.filled);
  }

  it('places, revises and cancels, and tells of all of it', async () => {
    await market({ config: { script: [{ ...line, ask_size: 4 }] } });
    const first = await accepted(order(10));
    const revised = await broker.revise(
      { target: first, symbol, quantity: decimal(6), price: decimal(69_900) },
      signal,
    );
    if (revised.kind !== 'accepted') throw new Error(revised.kind);
    const cancelled = await broker.cancel({ target: revised.key, symbol }, signal);
    if (cancelled.kind !== 'accepted') throw new Error(cancelled.kind);
    const reports = await broker.orders(since, signal);
    const shown = reports.map(({ role, replaces, quantity, filled, amount, cancelled: gone, at, price }) => ({
      role,
      replaces,
      at: at.toISOString(),
      price: price === null ? null : plain(price),
      figures: [quantity, filled, amount, gone].map(plain).join(' '),
    }));
    const at = seoul('09:30:00').toISOString();
    expect(shown).toEqual([
      { role: 'new', replaces: null, at, price: '70000', figures: '10 4 280000 6' },
      { role: 'revise', replaces: first, at, price: '69900', figures: '6 0 0 6' },
      { role: 'cancel', replaces: revised.key, at, price: null, figures: '6 0 0 0' },
    ]);
    const { cash, holdings } = await broker.balance(signal);
    expect(plain(cash)).toBe(String(100_000_000 - 280_000 - 6));
    expect(holdings).toEqual([
      { symbol, quantity: decimal(4), sellable: decimal(4), average: decimal(70_000) },
    ]);
    await accepted(order(3, 71_000, 'sell'));
    const after = await broker.balance(signal);
    expect(after.holdings[0]?.sellable).toEqual(decimal(1));
    expect(await broker.place(order(2, 71_000, 'sell'), signal)).toMatchObject({
      kind: 'rejected',
      reason: { code: 'sellable_exceeded', params: { sellable: '1' } },
    });
  });

  it('feeds instruments, quotes and candles that end', async () => {
    await market();
    await putClock(own.db, seoul('09:36:30'));
    const instruments = await broker.instruments(signal);
    expect(instruments.map((each) => each.symbol)).toEqual(['900110', '910310', '990010']);
    const [quote] = await broker.quotes([symbol], signal);
    expect(quote).toMatchObject({ symbol, last: decimal(70_000), at: seoul('09:36:30').toISOString() });
    const minutes = await broker.candles([symbol], '1m', seoul('09:31:00'), seoul('10:00:00'), signal);
    expect(minutes.map(({ start }) => start)).toEqual(
      ['31', '32', '33', '34', '35'].map((minute) => seoul(`09:${minute}:00`).toISOString()),
    );
    const fives = await broker.candles([symbol], '5m', seoul('09:30:00'), seoul('10:00:00'), signal);
    expect(fives.map(({ start, end, close }) => [start, end, plain(close)])).toEqual([
      [seoul('09:30:00').toISOString(), seoul('09:35:00').toISOString(), '70000'],
    ]);
  });

  it.each([
    ['lost_before', 'lost', 0],
    ['lost_after', 'lost', 1],
    ['server_error', 'lost', 0],
    ['server_error_after', 'lost', 1],
    ['reject', 'rejected', 0],
    ['not_executed', 'not_executed', 0],
  ] as const)('%s: the sender hears %s, %i orders stand', async (kind, heard, booked) => {
    await market();
    await faults({ planned: [{ kind, on: 'place' }] });
    expect(await broker.place(order(1, 69_000), signal)).toMatchObject({ kind: heard });
    expect(await broker.orders(since, signal)).toHaveLength(booked);
    // Used up.
    await accepted(order(2, 69_000));
    const requests = await simulatedRequestsOf(own.db, testScope, testAccount);
    expect(requests.map(({ clientId, answer, key }) => [clientId, answer, key !== null])).toEqual([
      ['order-1', heard, booked === 1],
      ['order-2', 'accepted', true],
    ]);
  });

  it('loses the answer to a cancel, done or not', async () => {
    await market();
    const target = await accepted(order(5, 69_000));
    await faults({
      planned: [
        { kind: 'lost_before', on: 'cancel' },
        { kind: 'lost_after', on: 'cancel' },
      ],
    });
    expect(await broker.cancel({ target, symbol }, signal)).toMatchObject({ kind: 'lost' });
    expect((await broker.orders(since, signal)).map(({ cancelled }) => plain(cancelled))).toEqual(['0']);
    expect(await broker.cancel({ target, symbol }, signal)).toMatchObject({ kind: 'lost' });
    expect((await broker.orders(since, signal)).map(({ cancelled }) => plain(cancelled))).toEqual(['5', '0']);
  });

  it('brings no answer to a query, which says nothing', async () => {
    await market();
    await faults({ chances: { query: 1 } });
    await expect(broker.orders(since, signal)).rejects.toBeInstanceOf(BrokerUnavailable);
    await expect(broker.balance(signal)).rejects.toBeInstanceOf(BrokerUnavailable);
  });

  it('has a list that lags, fills that are late, and fills that never come', async () => {
    await market();
    await faults({ list_lag_ms: 3_000 });
    const lagging = await accepted(order(1));
    expect(await filledOf(lagging)).toBe('absent');
    await putClock(own.db, seoul('09:30:03'));
    expect(await filledOf(lagging)).toBe('1');
    await faults({ fill_delay_ms: 5_000 });
    const late = await accepted(order(2));
    await putClock(own.db, seoul('09:30:07'));
    expect(await filledOf(late)).toBe('0');
    await putClock(own.db, seoul('09:30:08'));
    expect(await filledOf(late)).toBe('2');
    await faults({ block_fills: [symbol] });
    const never = await accepted(order(3));
    await putClock(own.db, seoul('09:40:00'));
    expect(await filledOf(never)).toBe('0');
    await faults({});
    await putClock(own.db, seoul('09:40:01'));
    expect(await filledOf(never)).toBe('3');
  });

  it('repeats its misfortunes with the seed', async () => {
    const once = await heardOf(broker);
    expect(new Set(once)).toEqual(new Set(['accepted', 'lost', 'rejected']));
    expect(await heardOf(broker)).toEqual(once);
  });

  it('has an order by hand that is nobody’s of ours', async () => {
    await market({ config: { script: [line], origin: true } });
    const manual = { action: 'place', ...order(7), clientId: null } as const;
    await sendSimulated(own.db, testScope, testAccount, manual, { manual: true });
    await accepted(order(7));
    const reports = await broker.orders(since, signal);
    expect(reports.map(({ origin }) => origin)).toEqual(['elsewhere', 'ours']);
  });
});

describe('the simulated broker in a process of its own', () => {
  it('answers too late for a sender that does not wait', async () => {
    await market();
    await faults({ latency_ms: 400 });
    const hasty = simulatedClient(server.url, { account: testAccount, timeoutMs: 300 });
    expect(await hasty.place(order(1), signal)).toMatchObject({ kind: 'lost' });
    await faults({});
    expect(await hasty.orders(since, signal)).toHaveLength(1);
  });

  it('takes an order by hand, and notes the name of every try', async () => {
    await market({ config: { script: [line], origin: true } });
    const client = simulatedClient(server.url, { account: testAccount });
    await client.place(order(3), signal);
    const byHand = await fetch(`${server.url}/accounts/${testAccount}/manual`, {
      method: 'POST',
      body: JSON.stringify({ client_id: null, symbol, side: 'buy', quantity: '3', price: '70000' }),
    });
    expect(await byHand.json()).toMatchObject({ kind: 'accepted' });
    const reports = await client.orders(since, signal);
    expect(reports.map(({ origin }) => origin)).toEqual(['ours', 'elsewhere']);
    const [first, second] = await simulatedRequestsOf(own.db, testScope, testAccount);
    expect(first).toMatchObject({ clientId: 'order-3', action: 'place', at: seoul('09:30:00') });
    expect(first?.attempt).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toMatchObject({ clientId: null, attempt: null });
  });

  it('says with certainty that nothing was sent when nobody listens', async () => {
    const nobody = simulatedClient('http://127.0.0.1:9', { account: testAccount });
    expect(await nobody.place(order(1), signal)).toMatchObject({ kind: 'not_executed' });
    await expect(nobody.balance(signal)).rejects.toBeInstanceOf(BrokerUnavailable);
  });

  it('loses nothing that it answered when it is killed at any instant', async () => {
    await market({ config: { script: [{ ...line, ask_size: 3, bid_size: 3 }] } });
    const known: { key: BrokerKey; quantity: Decimal }[] = [];
    let lost = 0;
    for (let round = 0; round < 3; round += 1) {
      await using broker = await startSimulatedBroker(own.url);
      const client = simulatedClient(broker.url, { account: testAccount });
      for (let i = 1; i < 60; i += 1) {
        const request = order(i % 7 === 0 ? 11 : 5, 70_000, i % 3 === 0 && known.length > 2 ? 'sell' : 'buy');
        const answering = client.place(request, signal);
        // Somewhere in the middle of an answer, each round at another point of it.
        if (i === 9) setTimeout(() => broker.signal('SIGKILL'), 2 + 4 * round);
        const answer = await answering;
        if (answer.kind === 'accepted') known.push({ key: answer.key, quantity: request.quantity });
        if (answer.kind === 'lost') lost += 1;
        if (answer.kind === 'not_executed') break;
      }
    }
    const orders = await simulatedOrdersOf(own.db, testScope, testAccount);
    for (const { key, quantity } of known)
      expect(orders.find((each) => each.key === key)?.quantity, key).toEqual(quantity);
    // What stands beyond the answered ones is what was lost after it was booked.
    expect(orders.length - known.length).toBeLessThanOrEqual(lost);
    expect(orders.length).toBeGreaterThan(10);
    expect(await faultsOfBooks(own.db, testScope, testAccount, kospi)).toEqual([]);
  });
});
