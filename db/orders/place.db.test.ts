import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decimal } from '#domain/core/decimal.ts';
import { alerts } from '#db/alerts/schema.ts';
import { ledgerEntries } from '#db/ledger/schema.ts';
import { idempotencyKeys } from '#db/locks/schema.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { wantChange } from './change.ts';
import { markTold, untoldNews } from './news.ts';
import { type TestDesk, day, morning, scope, testTradingDesk } from './orders.test-kit.ts';
import { orderEvents, orders } from './schema.ts';

let database: TestDatabase;
let desk: TestDesk;
const traders = Array.from({ length: 40 }, (_, index) => `t${index}`);
const symbols = Array.from({ length: 40 }, (_, index) => `0${String(10_000 + index)}`);

beforeAll(async () => {
  database = await testDatabase();
  desk = await testTradingDesk(database.db, { traders, symbols, cash: 30_000_000 });
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const symbol = (index: number) => symbols[index] ?? '';
const codes = (placed: Awaited<ReturnType<TestDesk['place']>>) =>
  placed.placed ? [] : placed.refusals.map(({ code }) => code);

test('an intent is written once; its twin under another turn is refused and the key is claimed', async () => {
  const token = await desk.lock('t0', symbol(0));
  const first = await desk.place({ trader: 't0', seq: 1, side: 'buy', symbol: symbol(0), token });
  expect(first.placed).toBe(true);
  const [row] = await database.db.select().from(orders).where(eq(orders.trader, 't0'));
  expect(row).toMatchObject({ state: 'intent', version: 1, toldVersion: 1, fencing: token, keyHeld: true });
  const claims = await database.db
    .select()
    .from(idempotencyKeys)
    .where(eq(idempotencyKeys.key, row?.key ?? ''));
  expect(claims).toMatchObject([{ owner: row?.id }]);
  const again = { trader: 't0', seq: 2, side: 'buy', symbol: symbol(0), token, key: row?.key ?? '' } as const;
  expect(codes(await desk.place(again))).toContain('duplicate_order_skipped');
});

/** An intent decided just before its symbol's quote was replaced by a newer one. */
async function newerQuote() {
  const token = await desk.lock('t38', symbol(38));
  const before = new Date(morning.getTime() - 1_000);
  const parts = { trader: 't38', seq: 1, side: 'buy', symbol: symbol(38), token } as const;
  await desk.place({ ...parts, quantity: decimal(1), now: before });
  const [row] = await database.db.select().from(orders).where(eq(orders.trader, 't38'));
  if (row === undefined) throw new Error('the intent was refused');
  return row;
}

test('a fence that is over, a stop and an account that is not ready refuse', async () => {
  const token = await desk.lock('t1', symbol(1));
  const intent = { trader: 't1', seq: 1, side: 'buy', symbol: symbol(1), token } as const;
  expect(codes(await desk.place({ ...intent, token: token + 1 }))).toEqual(['symbol_lock_stale']);
  await desk.stop('entries_stopped');
  expect(codes(await desk.place(intent))).toEqual(['entries_stopped']);
  await desk.stop('stopped');
  expect(codes(await desk.place(intent))).toContain('stopped');
  await desk.stop('running');
  expect(codes(await desk.place({ ...intent, price: decimal(70_050) }))).toEqual(['off_tick']);
  expect(codes(await desk.place({ ...intent, now: new Date(morning.getTime() + 60_000) }))).toEqual([
    'stale_quote',
  ]);
  // Only the newest quote is kept: one that came while the step was decided is no reason to see none.
  const { state } = await newerQuote();
  expect(state).toBe('intent');
  expect(codes(await desk.place({ ...intent, symbol: symbol(1), side: 'sell' }))).toEqual([
    'sellable_exceeded',
  ]);
});

test('many at once never reserve more cash than there is', async () => {
  const some = traders.slice(2, 34);
  const tokens = await Promise.all(some.map((trader, index) => desk.lock(trader, symbol(index + 2))));
  const answers = await Promise.all(
    some.map((trader, index) =>
      desk.place({
        trader,
        seq: 1,
        side: 'buy',
        symbol: symbol(index + 2),
        token: tokens[index] ?? 0,
        quantity: decimal(20),
      }),
    ),
  );
  // 1,400,000 won and 32 won of fees each; 10 shares were reserved by the first test.
  expect(answers.filter(({ placed }) => placed)).toHaveLength(20);
  expect(new Set(answers.flatMap(codes))).toEqual(new Set(['cash_short']));
});

test('a cancel of what was never sent drops it, frees its key, and is told', async () => {
  const [row] = await database.db.select().from(orders).where(eq(orders.trader, 't0'));
  const reason = { code: 'entry_timeout', params: { sec: 5 } };
  const asked = await database.db.transaction((tx) =>
    wantChange(tx, scope, 't0', 1, { kind: 'cancel', reason }, morning),
  );
  expect(asked).toBe('dropped');
  const [news] = await untoldNews(database.db, scope, ['t0']);
  expect(news).toMatchObject({ trader: 't0', order: row?.id, version: 2 });
  expect(news?.events).toMatchObject([{ kind: 'order', seq: 1, status: 'cancelled' }]);
  await database.db.transaction((tx) => markTold(tx, news?.order ?? '', news?.version ?? 0));
  expect(await untoldNews(database.db, scope, ['t0'])).toEqual([]);
  const claims = await database.db
    .select()
    .from(idempotencyKeys)
    .where(eq(idempotencyKeys.key, row?.key ?? ''));
  expect(claims).toEqual([]);
  const token = await desk.lock('t0', symbol(0));
  const retry = { trader: 't0', seq: 3, side: 'buy', symbol: symbol(0), token } as const;
  expect((await desk.place({ ...retry, key: row?.key ?? '', quantity: decimal(1) })).placed).toBe(true);
  expect(await database.db.select().from(alerts)).toEqual([]);
});

test('a price that is wanted of an intent waits for the broker to have it', async () => {
  const reason = { code: 'exit_chased', params: {} };
  const change = { kind: 'revise', price: decimal(69_900), reason } as const;
  const asked = await database.db.transaction((tx) => wantChange(tx, scope, 't0', 3, change, morning));
  expect(asked).toBe('wanted');
  const [row] = await database.db
    .select()
    .from(orders)
    .where(and(eq(orders.trader, 't0'), eq(orders.seq, 3)));
  expect(row).toMatchObject({ version: 2, toldVersion: 2, wanted: { kind: 'revise', price: '69900' } });
  const history = await database.db
    .select()
    .from(orderEvents)
    .where(eq(orderEvents.order, row?.id ?? ''));
  expect(history.map(({ kind }) => kind)).toEqual(['placed', 'revise_wanted']);
});

test('the opening cash is in the book once', async () => {
  const entries = await database.db.select().from(ledgerEntries);
  expect(entries).toMatchObject([{ kind: 'deposit', seq: 1, tradingDay: day }]);
});
