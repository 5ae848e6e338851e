import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { and, eq } from 'drizzle-orm';
import { decimal, plain, sum } from '#domain/core/decimal.ts';
import { entryFilter, fillFilter, positionsView } from '#domain/ledger/view.ts';
import { brokerKey } from '#domain/orders/broker-order.ts';
import { brokerOrderFilter, orderDetail, orderFilter } from '#domain/orders/view.ts';
import { accounts, brokerPositions } from '#db/accounts/schema.ts';
import { type EntryDraft, appendEntries, lockBook } from '#db/ledger/append.ts';
import { listPositions } from '#db/ledger/positions-view.ts';
import { listEntries, listFills } from '#db/ledger/view.ts';
import { testDatabase } from '#db/testing/database.ts';
import type { TestDatabase } from '#db/testing/database.ts';
import { day, morning, scope, testTradingDesk } from './orders.test-kit.ts';
import { brokerOrders, orders } from './schema.ts';
import { getOrder, listBrokerOrders, listOrders } from './view.ts';

let test: TestDatabase;
const ids: string[] = [];
const minutes = (count: number) => new Date(morning.getTime() + count * 60_000);

/** Three orders of two traders; the first bought in two fills, the third is not known to have arrived. */
beforeAll(async () => {
  test = await testDatabase();
  const { db } = test;
  const desk = await testTradingDesk(db);
  for (const [seq, trader, symbol] of [
    [1, 't1', '005930'],
    [2, 't2', '000660'],
  ] as const) {
    const token = await desk.lock(trader, symbol);
    const placed = await desk.place({
      trader,
      seq,
      side: 'buy',
      symbol,
      token,
      now: new Date(morning.getTime() + seq * 1_000),
    });
    if (!placed.placed) throw new Error(JSON.stringify(placed.refusals));
    ids.push(placed.id);
  }
  const [bought = '', unknown = ''] = ids;
  const common = {
    at: minutes(3),
    trading_day: day,
    settles_on: '2026-11-24',
    order_id: bought,
    trader: 't1',
    symbol: '005930',
  };
  const drafts: EntryDraft[] = [
    { kind: 'fill', ...common, id: 'fill:k1#4', side: 'buy', quantity: decimal(4), amount: decimal(280_000) },
    { kind: 'fee', ...common, id: 'fee:k1#4', amount: decimal(40) },
    {
      kind: 'fill',
      ...common,
      id: 'fill:k1#10',
      side: 'buy',
      quantity: decimal(6),
      amount: decimal(420_600),
    },
    { kind: 'fee', ...common, id: 'fee:k1#10', amount: decimal('60.5') },
    { kind: 'tax', ...common, id: 'tax:k1#10', amount: decimal('1.50') },
  ];
  await db.transaction(async (tx) => {
    await appendEntries(tx, await lockBook(tx, scope, 'a1'), drafts);
    await tx
      .update(orders)
      .set({
        state: 'filled',
        filled: decimal(10),
        amount: decimal(700_600),
        endedAt: minutes(3),
      })
      .where(eq(orders.id, bought));
    const atBroker = {
      scope,
      account: 'a1',
      replaces: null,
      role: 'new',
      symbol: '000660',
      side: 'buy',
      quantity: decimal(10),
      price: decimal(70_000),
      at: minutes(4),
      filled: decimal(0),
      amount: decimal(0),
      cancelled: decimal(0),
      rejected: decimal(0),
      seenAt: minutes(5),
    } as const;
    const [one, two] = [brokerKey.parse('x1'), brokerKey.parse('x2')];
    await tx.insert(brokerOrders).values([
      { ...atBroker, key: one },
      { ...atBroker, key: two },
      { ...atBroker, key: brokerKey.parse('hand'), symbol: '005930', at: minutes(6) },
    ]);
    await tx
      .update(orders)
      .set({ state: 'unknown', candidates: [one], disowned: [two] })
      .where(eq(orders.id, unknown));
    await tx
      .update(accounts)
      .set({ brokerAt: minutes(5), brokerCash: decimal(99_000_000) })
      .where(and(eq(accounts.scope, scope), eq(accounts.id, 'a1')));
    await tx.insert(brokerPositions).values([
      {
        scope,
        account: 'a1',
        symbol: '005930',
        quantity: decimal(10),
        sellable: decimal(10),
        at: minutes(5),
      },
      { scope, account: 'a1', symbol: '000660', quantity: decimal(3), sellable: decimal(3), at: minutes(5) },
    ]);
  });
}, 60_000);
afterAll(() => test[Symbol.asyncDispose]());

async function tradersOf(filter: Record<string, unknown>): Promise<string[]> {
  return (await listOrders(test.db, scope, orderFilter.parse(filter))).items.map((row) => row.trader);
}

describe('orders as they are read', () => {
  it('come newest first, a page at a time, each once', async () => {
    const first = await listOrders(test.db, scope, orderFilter.parse({ limit: 1 }));
    expect(first.items.map((row) => row.order_id)).toEqual([ids[1]]);
    const rest = await listOrders(
      test.db,
      scope,
      orderFilter.parse({ limit: 1, cursor: first.next_cursor ?? '' }),
    );
    expect(rest.items.map((row) => row.order_id)).toEqual([ids[0]]);
    expect(rest.next_cursor).toBeNull();
  });

  it('are narrowed by what is open, whose they are and the day', async () => {
    expect(await tradersOf({ open: true })).toEqual(['t2']);
    expect(await tradersOf({ open: false })).toEqual(['t1']);
    expect(await tradersOf({ state: ['unknown'] })).toEqual(['t2']);
    expect(await tradersOf({ trader: 't1', from: day, to: day })).toEqual(['t1']);
    expect(await tradersOf({ to: '2026-11-19' })).toEqual([]);
  });

  it('show an unknown one beside what it may be, and what a person ruled out', async () => {
    const order = orderDetail.parse(await getOrder(test.db, scope, ids[1] ?? ''));
    expect(order.candidate_orders.map((row) => [row.broker_key, row.disowned])).toEqual([
      ['x1', false],
      ['x2', true],
    ]);
    expect(order.candidates).toBe(1);
  });

  it('keep what nobody owns apart', async () => {
    const page = await listBrokerOrders(test.db, scope, brokerOrderFilter.parse({ limit: 2 }));
    expect(page.items.map((row) => row.broker_key)).toEqual(['hand', 'x2']);
    const next = await listBrokerOrders(
      test.db,
      scope,
      brokerOrderFilter.parse({ limit: 2, cursor: page.next_cursor ?? '' }),
    );
    expect(next.items.map((row) => row.broker_key)).toEqual(['x1']);
  });

  it('are not found under another name or in another scope', async () => {
    await expect(getOrder(test.db, 'real', ids[0] ?? '')).rejects.toMatchObject({ code: 'order_not_found' });
    await expect(getOrder(test.db, scope, "'; drop")).rejects.toMatchObject({ code: 'order_not_found' });
  });
});

describe('the ledger as it is read', () => {
  it('gives each fill its own costs', async () => {
    const { items } = await listFills(test.db, scope, fillFilter.parse({}));
    expect(items.map((row) => [row.fill_id, row.quantity, row.price, row.fee, row.tax])).toEqual([
      ['fill:k1#10', '6', '70100', '60.5', '1.5'],
      ['fill:k1#4', '4', '70000', '40', '0'],
    ]);
    expect((await getOrder(test.db, scope, ids[0] ?? '')).fees).toBe('100.5');
  });

  it('comes in pages whose cash sums to the book', async () => {
    const cash: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listEntries(
        test.db,
        scope,
        entryFilter.parse({ limit: 2, ...(cursor === null ? {} : { cursor }) }),
      );
      cash.push(...page.items.map((row) => row.cash));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(cash).toHaveLength(6);
    const { accounts: totals } = await listPositions(test.db, scope);
    expect(plain(sum(cash.map((each) => decimal(each))))).toBe(totals[0]?.cash);
  });
});

describe('positions as they are read', () => {
  it('stand beside the broker’s, with what only the broker holds', async () => {
    const held = positionsView.parse(await listPositions(test.db, scope));
    expect(
      held.items.map((row) => [row.symbol, row.quantity, row.average, row.unrealised, row.agrees]),
    ).toEqual([
      ['000660', '0', null, null, false],
      ['005930', '10', '70060', '-600', true],
    ]);
    expect(held.items[1]).toMatchObject({ change: '-0.000856', broker: { sellable: '10' }, trader: 't1' });
    expect(held.accounts).toMatchObject([
      {
        cash: '99299298',
        value: '700000',
        unrealised: '-600',
        equity: '99999298',
        positions: 1,
        unpriced: 0,
      },
    ]);
  });
});
