import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decimal, plain, sum } from '#domain/core/decimal.ts';
import { brokerKey } from '#domain/orders/broker-order.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { readInstruments } from '#db/market/instruments.ts';
import { readQuotes } from '#db/market/quotes.ts';
import { perform } from '#db/core/operation.ts';
import { faultsOfBooks } from './books.test-kit.ts';
import { simulatedCandles } from './candles.ts';
import { createSimulatedMarket, removeSimulatedMarket } from './create.ts';
import { simulatedBalance, simulatedOrdersOf, simulatedQuotes, simulatedReports } from './queries.ts';
import { type SimulatedSend, sendSimulated } from './send.ts';
import { scriptPrices, setSimulatedFaults, simulatedConfig } from './settings.ts';
import { putClock, seoul, testAccount, testMarket, testScope, testSymbols } from './simulated.test-kit.ts';

let own: TestDatabase;
beforeAll(async () => {
  own = await testDatabase();
});
afterAll(() => own[Symbol.asyncDispose]());
beforeEach(() => own.db.transaction((tx) => removeSimulatedMarket(tx, testScope)));

const symbol = '900110';
const since = seoul('00:00:00');
const ask =
  (side: 'buy' | 'sell') =>
  (quantity: number, price: number | null): SimulatedSend => ({
    action: 'place',
    clientId: null,
    symbol,
    side,
    quantity: decimal(quantity),
    price: price === null ? null : decimal(price),
  });
const buy = ask('buy');
const sell = ask('sell');
const send = (request: SimulatedSend) => sendSimulated(own.db, testScope, testAccount, request);
async function codeOf(request: SimulatedSend) {
  const answer = await send(request);
  return answer.kind === 'rejected' ? answer.reason.code : answer.kind;
}
async function accepted(request: SimulatedSend) {
  const answer = await send(request);
  if (answer.kind !== 'accepted') throw new Error(JSON.stringify(answer));
  return answer.key;
}
const pinned = (price: number, more: object = {}) => ({
  symbol,
  at: since.toISOString(),
  price,
  bid: price - 100,
  ask: price,
  ...more,
});
async function reportOf(key: string) {
  const reports = await simulatedReports(own.db, testScope, testAccount, since);
  const found = reports.find((each) => each.key === key);
  if (found === undefined) throw new Error(`no order ${key}`);
  return { filled: plain(found.filled), cancelled: plain(found.cancelled), amount: plain(found.amount) };
}

describe('the simulated broker', () => {
  it('fills what stands in the book at once and the rest second by second', async () => {
    await testMarket(own.db, { config: { script: [pinned(70_000, { ask_size: 30 })] } });
    const key = await accepted(buy(100, 70_000));
    expect(await reportOf(key)).toEqual({ filled: '30', cancelled: '0', amount: '2100000' });
    await putClock(own.db, seoul('09:30:02'));
    expect(await reportOf(key)).toMatchObject({ filled: '90' });
    await putClock(own.db, seoul('09:30:03'));
    expect(await reportOf(key)).toMatchObject({ filled: '100', amount: '7000000' });
    const { cash, holdings } = await simulatedBalance(own.db, testScope, testAccount);
    // 0.0023 % of 7,000,000, cut to the won.
    expect(plain(cash)).toBe(plain(decimal(100_000_000 - 7_000_000 - 161)));
    expect(holdings).toEqual([
      { symbol, quantity: decimal(100), sellable: decimal(100), average: decimal(70_000) },
    ]);
  });

  it('revises to a new number and keeps what was filled', async () => {
    await testMarket(own.db, { config: { script: [pinned(70_000, { ask_size: 30 })] } });
    const first = await accepted(buy(100, 70_000));
    const second = await accepted({
      action: 'revise',
      target: first,
      symbol,
      quantity: decimal(70),
      price: decimal(69_000),
    });
    expect(await reportOf(first)).toEqual({ filled: '30', cancelled: '70', amount: '2100000' });
    expect(await reportOf(second)).toEqual({ filled: '0', cancelled: '0', amount: '0' });
    const third = await accepted({ action: 'cancel', target: second, symbol });
    expect(await reportOf(second)).toMatchObject({ cancelled: '70' });
    const reports = await simulatedReports(own.db, testScope, testAccount, since);
    expect(reports.map(({ key, role, replaces }) => [key, role, replaces])).toEqual([
      [first, 'new', null],
      [second, 'revise', first],
      [third, 'cancel', second],
    ]);
    expect(await send({ action: 'cancel', target: second, symbol })).toMatchObject({
      reason: { code: 'broker_order_ended' },
    });
    expect(await send({ action: 'cancel', target: brokerKey.parse('no'), symbol })).toMatchObject({
      reason: { code: 'broker_order_unknown' },
    });
  });

  it('refuses what a broker refuses, with its reason', async () => {
    await testMarket(own.db, { config: { script: [pinned(70_000)] }, cash: '7000160' });
    expect(await codeOf(buy(1, 70_050))).toBe('off_tick');
    expect(await codeOf(buy(1, 91_100))).toBe('above_limit');
    expect(await codeOf(buy(1, 48_900))).toBe('below_limit');
    expect(await codeOf(buy(100, 70_000))).toBe('cash_short');
    expect(await codeOf(sell(1, 70_000))).toBe('sellable_exceeded');
    expect(await codeOf({ ...buy(1, 70_000), symbol: '123456' })).toBe('instrument_unknown');
    // Cash of an open order is not spent twice.
    expect(await codeOf(buy(99, 69_900))).toBe('accepted');
    expect(await codeOf(buy(2, 69_900))).toBe('cash_short');
    await scriptPrices(own.db, testScope, [pinned(70_000, { state: 'halted' })]);
    await putClock(own.db, seoul('09:31:00'));
    expect(await codeOf(buy(1, 69_900))).toBe('instrument_halted');
    await putClock(own.db, seoul('15:35:00'));
    expect(await codeOf(buy(1, 69_900))).toBe('market_closed');
    // What is left of the day's orders ends with it.
    const orders = await simulatedOrdersOf(own.db, testScope, testAccount);
    expect(orders.every(({ open }) => !open)).toBe(true);
  });

  it('gathers orders in the auctions and gives them one price', async () => {
    await testMarket(own.db, {
      at: seoul('08:40:00'),
      config: { script: [pinned(70_000), pinned(71_000, { at: seoul('08:59:50').toISOString() })] },
    });
    const high = await accepted(buy(10, 72_000));
    const low = await accepted(buy(10, 70_900));
    expect(await reportOf(high)).toMatchObject({ filled: '0' });
    await putClock(own.db, seoul('08:59:59'));
    expect(await reportOf(high)).toMatchObject({ filled: '0' });
    await putClock(own.db, seoul('09:00:00'));
    expect(await reportOf(high)).toMatchObject({ filled: '10', amount: '710000' });
    expect(await reportOf(low)).toMatchObject({ filled: '0' });
    await putClock(own.db, seoul('15:25:00'));
    const last = await accepted(sell(10, null));
    expect(await reportOf(last)).toMatchObject({ filled: '0' });
    await putClock(own.db, seoul('15:30:00'));
    expect(await reportOf(last)).toMatchObject({ filled: '10', amount: '710000' });
    expect(await reportOf(low)).toMatchObject({ cancelled: '10' });
  });

  it('sells at the price of a stop, taxes and fees to the won', async () => {
    await testMarket(own.db, {
      config: {
        script: [pinned(70_000), pinned(67_900, { at: seoul('09:40:00').toISOString(), bid: 67_900 })],
      },
    });
    await accepted(buy(100, 70_000));
    await putClock(own.db, seoul('09:40:00'));
    const [quote] = await simulatedQuotes(own.db, testScope, [symbol]);
    expect(quote?.last).toEqual(decimal(67_900));
    const stored = await readQuotes(own.db, 'KRX', 'simulator:mock', seoul('09:40:00'), [symbol]);
    expect(stored.get(symbol)?.last).toEqual(decimal(67_900));
    await accepted(sell(100, 67_800));
    const { cash, holdings } = await simulatedBalance(own.db, testScope, testAccount);
    const taxes = 3_395 + 10_185;
    expect(plain(cash)).toBe(String(100_000_000 - 7_000_000 - 161 + 6_790_000 - 156 - taxes));
    expect(holdings[0]).toMatchObject({ quantity: decimal(0), average: null });
    const orders = await simulatedOrdersOf(own.db, testScope, testAccount);
    expect(plain(sum(orders.map(({ tax }) => tax)))).toBe(String(taxes));
  });

  it('comes with instruments, quotes and candles of two days', async () => {
    await putClock(own.db, seoul('10:00:30'));
    await own.db.transaction((tx) =>
      createSimulatedMarket(tx, {
        scope: testScope,
        calendar: 'XKRX',
        seed: 5,
        accounts: [{ id: testAccount, openingCash: '10000000' }],
      }),
    );
    const known = await readInstruments(own.db, 'KRX', 'simulator:mock');
    expect(known.size).toBe(30);
    const quotes = await readQuotes(own.db, 'KRX', 'simulator:mock', seoul('10:00:30'));
    expect(quotes.size).toBe(30);
    const candles = await simulatedCandles(
      own.db,
      testScope,
      ['900110'],
      '1m',
      seoul('09:00:00', '2026-11-19'),
      seoul('10:01:00'),
    );
    // Yesterday was the day of the entrance exam: it opened at ten. All its minutes and this morning's.
    expect(candles.length).toBeGreaterThan(380 + 50);
    expect(candles[0]?.start).toBe(seoul('10:00:00', '2026-11-19').toISOString());
    expect(candles.at(-1)?.end).toBe(seoul('10:00:00').toISOString());
  });

  it('is at once where the scope’s time is, after weeks that nobody looked at it', async () => {
    await testMarket(own.db);
    await accepted(buy(5, 60_000));
    await putClock(own.db, seoul('11:00:00', '2026-12-28'));
    const [quote] = await simulatedQuotes(own.db, testScope, [symbol]);
    expect(quote?.at).toBe(seoul('11:00:00', '2026-12-28').toISOString());
    expect(quote?.last).not.toBeNull();
    // The order ended with its own day.
    const [order] = await simulatedOrdersOf(own.db, testScope, testAccount);
    expect(order).toMatchObject({ open: false, cancelledAt: seoul('15:30:00') });
  });

  it('takes orders of many senders at once, each once and none beyond the cash', async () => {
    await testMarket(own.db, { config: { script: [pinned(70_000)] }, cash: '1400020' });
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(buy(2, 70_000))));
    expect(answers.filter(({ kind }) => kind === 'accepted')).toHaveLength(9);
    const orders = await simulatedOrdersOf(own.db, testScope, testAccount);
    expect(new Set(orders.map(({ number }) => number)).size).toBe(orders.length);
    expect(await faultsOfBooks(own.db, testScope, testAccount, () => 'KOSPI')).toEqual([]);
  });

  it('changes its faults on a person’s word, never in the real scope', async () => {
    await testMarket(own.db);
    const actor = { kind: 'system', id: 'test', name: 'test' } as const;
    const faults = { block_fills: true } as const;
    await perform(own.db, actor, setSimulatedFaults, testScope, { faults });
    expect((await simulatedConfig(own.db, testScope)).faults.block_fills).toBe(true);
    await expect(perform(own.db, actor, setSimulatedFaults, 'real', { faults })).rejects.toMatchObject({
      code: 'simulated_only',
    });
    await expect(
      perform(own.db, actor, setSimulatedFaults, testScope, { faults: { latency_ms: -1 } }),
    ).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('makes way for another market, whose candles are its own', async () => {
    await testMarket(own.db);
    await putClock(own.db, seoul('09:45:00'));
    await simulatedQuotes(own.db, testScope, null);
    await own.db.transaction((tx) => removeSimulatedMarket(tx, testScope));
    await testMarket(own.db, { at: seoul('09:45:00'), symbols: testSymbols.slice(1) });
    expect([...(await readInstruments(own.db, 'KRX', 'simulator:mock')).keys()]).toEqual([
      '910310',
      '990010',
    ]);
    expect(await simulatedCandles(own.db, testScope, [symbol], '1m', since, seoul('20:00:00'))).toEqual([]);
  });
});
