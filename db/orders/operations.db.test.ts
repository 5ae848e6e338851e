import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decimal, zero } from '#domain/core/decimal.ts';
import { type BrokerReport, brokerKey } from '#domain/orders/broker-order.ts';
import { processId } from '#domain/core/ids.ts';
import { gateways } from '#db/accounts/schema.ts';
import { perform } from '#db/core/operation.ts';
import { audit } from '#db/core/schema.ts';
import { positions } from '#db/ledger/schema.ts';
import { adjustBook, recordDeposit, recordWithdrawal } from '#db/ledger/operations.ts';
import { rebuildBook } from '#db/ledger/rebuild.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { answerSend } from './answer.ts';
import { ingestReports } from './ingest.ts';
import { cancelOrder, resolveOrder } from './operations.ts';
import { type TestDesk, morning, scope, testTradingDesk } from './orders.test-kit.ts';
import { askWhich } from './resolve.ts';
import { orders } from './schema.ts';
import { beginSend } from './send.ts';

const system = { kind: 'system', id: 'test', name: 'Kim' } as const;
const term = { process: processId.parse('01900000-0000-7000-8000-000000000001'), epoch: 1 };
const sending = { scope, account: 'a1', term, revises: true, deadlineMs: 5_000 };

let database: TestDatabase;
let desk: TestDesk;
beforeEach(async () => {
  database = await testDatabase();
  desk = await testTradingDesk(database.db);
  await database.db.insert(gateways).values({ scope, account: 'a1', ...term });
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

const reported = (number: number, filled: number): BrokerReport => ({
  key: brokerKey.parse(`2026-11-20/06010/000000000${number}`),
  replaces: null,
  role: 'new',
  symbol: '005930',
  side: 'buy',
  quantity: decimal(10),
  price: decimal(70_000),
  at: new Date(morning.getTime() + 1_000),
  filled: decimal(filled),
  amount: decimal(filled * 70_000),
  cancelled: zero,
  rejected: zero,
  origin: null,
});

async function unknownOrder(): Promise<string> {
  const token = await desk.lock('t1', '005930');
  const placed = await desk.place({ trader: 't1', seq: 1, side: 'buy', symbol: '005930', token });
  if (!placed.placed) throw new Error(JSON.stringify(placed.refusals));
  const begun = await beginSend(database.db, sending, placed.id);
  expect(begun).toMatchObject({ kind: 'send', attempt: 1 });
  const reason = { code: 'no_answer', params: {} };
  await answerSend(database.db, scope, placed.id, 1, { kind: 'lost', reason });
  return placed.id;
}

async function withCandidates(): Promise<string> {
  const id = await unknownOrder();
  const reports = [reported(1, 4), reported(2, 0)];
  const taken = await ingestReports(database.db, {
    scope,
    account: 'a1',
    reports,
    at: morning,
    complete: true,
  });
  expect(taken).toMatchObject({ filled: 0, external: [{ filled: decimal(4) }, { filled: zero }] });
  expect(await askWhich(database.db, scope, id, reports)).toBe(true);
  expect(await askWhich(database.db, scope, id, reports)).toBe(false);
  return id;
}

test('a person adopts one of the candidates: it is owned, its fills are booked, and nobody else can have it', async () => {
  const id = await withCandidates();
  const body = { action: 'adopt', broker_key: '2026-11-20/06010/0000000001' } as const;
  const detail = await perform(database.db, system, resolveOrder, scope, { order_id: id, body });
  expect(detail).toMatchObject({ state: 'partially_filled', filled: '4', fees: '6', candidates: null });
  expect((await database.db.select().from(positions))[0]?.quantity.toNumber()).toBe(4);
  expect((await rebuildBook(database.db, scope, 'a1')).differences).toEqual([]);
  await expect(
    perform(database.db, system, resolveOrder, scope, { order_id: id, body }),
  ).rejects.toMatchObject({ code: 'broker_order_taken' });
  const other = { action: 'adopt', broker_key: '2026-11-20/06010/0000000002' } as const;
  await expect(
    perform(database.db, system, resolveOrder, scope, { order_id: id, body: other }),
  ).rejects.toMatchObject({ status: 409 });
  const lines = await database.db.select().from(audit).where(eq(audit.operation, 'resolve_order'));
  expect(lines).toHaveLength(1);
});

test('what is not ours is kept, and is no candidate any more', async () => {
  const id = await withCandidates();
  for (const number of [1, 2]) {
    const body = { action: 'not_ours', broker_key: `2026-11-20/06010/000000000${number}` } as const;
    await perform(database.db, system, resolveOrder, scope, { order_id: id, body });
  }
  const [row] = await database.db.select().from(orders);
  expect(row).toMatchObject({ state: 'unknown', candidates: null });
  expect(row?.disowned).toHaveLength(2);
});

test('a cancel is asked for once the broker has the order, and refused when it is over', async () => {
  const id = await unknownOrder();
  const detail = await perform(database.db, system, cancelOrder, scope, { order_id: id, body: {} });
  expect(detail).toMatchObject({ state: 'unknown', wanted: { kind: 'cancel' } });
  const body = { action: 'adopt', broker_key: '2026-11-20/06010/0000000001' } as const;
  await ingestReports(database.db, {
    scope,
    account: 'a1',
    reports: [reported(1, 10)],
    at: morning,
    complete: true,
  });
  await perform(database.db, system, resolveOrder, scope, { order_id: id, body });
  await expect(
    perform(database.db, system, cancelOrder, scope, { order_id: id, body: {} }),
  ).rejects.toMatchObject({ code: 'order_over' });
});

test('the book takes money and corrections with who and why, and refuses what cannot be', async () => {
  const cash = { account: 'a1', amount: '1000000', reason: 'bank transfer' };
  await perform(database.db, system, recordDeposit, scope, cash);
  await perform(database.db, system, recordWithdrawal, scope, { ...cash, amount: '400000' });
  const shares = {
    account: 'a1',
    symbol: '005930',
    quantity: '3',
    cost: '210000',
    reason: 'from another desk',
  };
  const done = await perform(database.db, system, adjustBook, scope, shares);
  expect(done).toMatchObject({ seq: 4, cash: '100600000' });
  await expect(
    perform(database.db, system, adjustBook, scope, { ...shares, quantity: '-4', cost: '0' }),
  ).rejects.toMatchObject({ code: 'sold_more_than_held', status: 422 });
  const { book, differences } = await rebuildBook(database.db, scope, 'a1');
  expect(differences).toEqual([]);
  expect([book.lastSeq, book.positions.get('005930')?.quantity.toNumber()]).toEqual([4, 3]);
});
