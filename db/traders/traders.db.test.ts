import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { price, quantity } from '#domain/market/money.ts';
import { isLegalMove } from '#domain/traders/state.ts';
import { alerts } from '#db/alerts/schema.ts';
import { perform } from '#db/core/operation.ts';
import { accounts, controls } from '#db/accounts/schema.ts';
import { symbolLocks } from '#db/locks/schema.ts';
import { scope, testTradingDesk } from '#db/orders/orders.test-kit.ts';
import { orders } from '#db/orders/schema.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { createTrader, deleteTrader, editTrader, haltTrader, resumeTrader, stopTrader } from './control.ts';
import { haltTraders } from './halt.ts';
import { traderTransitions, traders } from './schema.ts';
import { choice, send, system, testTrader } from './traders.test-kit.ts';

let database: TestDatabase;
const symbols = ['005930', '000660', '035420', '035720', '051910', '006400', '068270'];

beforeAll(async () => {
  database = await testDatabase();
  await testTradingDesk(database.db, { symbols, traders: [] });
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const rowOf = async (id: string) => {
  const [row] = await database.db.select().from(traders).where(eq(traders.id, id));
  if (row === undefined) throw new Error(id);
  return row;
};
const ordersOf = (trader: string) =>
  database.db.select().from(orders).where(eq(orders.trader, trader)).orderBy(orders.seq);
const playback = (trader: string) =>
  database.db
    .select()
    .from(traderTransitions)
    .where(eq(traderTransitions.trader, trader))
    .orderBy(traderTransitions.seq);
const lockOf = async (symbol: string) => {
  const [row] = await database.db
    .select()
    .from(symbolLocks)
    .where(and(eq(symbolLocks.scope, scope), eq(symbolLocks.symbol, symbol)));
  return row;
};
const act = (operation: Parameters<typeof perform>[2], input: unknown) =>
  perform(database.db, system, operation, scope, input);

test('from a scan to an entry in one transaction: lock, intent and playback, the order keyed by its candle', async () => {
  await testTrader(database.db, 'one');
  const stepped = await send(database.db, 'one', [
    { kind: 'scan_due' },
    { kind: 'scanned', choices: [choice('005930')] },
  ]);
  expect(stepped).toMatchObject({ kind: 'stepped', state: { phase: 'ENTERING', symbol: '005930' } });
  const [order] = await ordersOf('one');
  expect(order).toMatchObject({ seq: 1, side: 'buy', state: 'intent', symbol: '005930' });
  expect(order?.key).toBe(`005930-1m-${Date.UTC(2026, 10, 20, 1) / 1_000}-buy`);
  expect(order?.quantity.toFixed()).toBe('10');
  expect(await lockOf('005930')).toMatchObject({ trader: 'one', fencing: order?.fencing });
  const days = await playback('one');
  expect(days.map(({ event, from, to }) => [event, from, to])).toEqual([
    ['scan_due', 'IDLE', 'SCANNING'],
    ['scanned', 'SCANNING', 'SCANNING'],
    ['symbol_locked', 'SCANNING', 'ENTERING'],
  ]);
  expect(days.at(-1)).toMatchObject({ symbol: '005930', tradingDay: '2026-11-20' });
  expect(days.at(-1)?.price?.toFixed()).toBe('70000');
  const row = await rowOf('one');
  expect(row).toMatchObject({ phase: 'ENTERING', symbol: '005930', stateVersion: 3 });
  expect(row.lastScanAt).not.toBeNull();
});

test('what another holds is passed over with the reason, the next candidate is taken', async () => {
  await testTrader(database.db, 'two');
  await send(database.db, 'two', [
    { kind: 'scan_due' },
    { kind: 'scanned', choices: [choice('005930'), choice('000660')] },
  ]);
  const refused = (await playback('two')).find(({ event }) => event === 'symbol_refused');
  expect(refused?.reason).toEqual({ code: 'symbol_held', params: { symbol: '005930', trader: 'one' } });
  expect((await rowOf('two')).symbol).toBe('000660');
});

test('a refusal of the checks is heard in the same transaction: no order, no symbol kept, an alert', async () => {
  await testTrader(database.db, 'rich', { rules: { capital_per_position: '999999999' } });
  const stepped = await send(database.db, 'rich', [
    { kind: 'scan_due' },
    { kind: 'scanned', choices: [choice('035420')] },
  ]);
  expect(stepped).toMatchObject({ state: { phase: 'IDLE' } });
  expect(await ordersOf('rich')).toEqual([]);
  expect((await lockOf('035420'))?.trader).toBeNull();
  const [alert] = await database.db.select().from(alerts).where(eq(alerts.trader, 'rich'));
  expect(alert?.reason).toMatchObject({ code: 'entry_rejected', params: { symbol: '035420' } });
});

test('a step decided on an older version is not made, and a broken transaction leaves nothing', async () => {
  await testTrader(database.db, 'stale');
  expect(await send(database.db, 'stale', [{ kind: 'scan_due' }], {}, 7)).toEqual({ kind: 'stale' });
  const broken = database.db.transaction(async (tx) => {
    await tx.update(traders).set({ started: false }).where(eq(traders.id, 'stale'));
    throw new Error('killed');
  });
  await expect(broken).rejects.toThrow('killed');
  expect(await rowOf('stale')).toMatchObject({ phase: 'IDLE', stateVersion: 0, started: true });
  expect(await playback('stale')).toEqual([]);
});

test('a position: the entry fills, at exactly 3 % below it the trader is on its way out', async () => {
  await testTrader(database.db, 'pos');
  await send(database.db, 'pos', [{ kind: 'scan_due' }, { kind: 'scanned', choices: [choice('035720')] }]);
  const filled = {
    status: 'filled',
    filled: quantity(10),
    averagePrice: price(70_000),
    rejection: null,
  } as const;
  await send(database.db, 'pos', [{ kind: 'order', seq: 1, ...filled }]);
  expect(await rowOf('pos')).toMatchObject({ phase: 'HOLDING' });
  const down = price(67_900);
  const quote = { last: down, bid: down, ask: down };
  await send(database.db, 'pos', [{ kind: 'tick' }], { quote: { ...quote, last: price(68_000) } });
  expect(await rowOf('pos')).toMatchObject({ phase: 'HOLDING' });
  await send(database.db, 'pos', [{ kind: 'tick' }], { quote });
  const left = (await playback('pos')).find(({ from, to }) => from === 'HOLDING' && to === 'EXITING');
  expect(left).toMatchObject({ event: 'tick', reason: { code: 'stop_loss' } });
  expect(left?.reason?.params).toMatchObject({
    entry: '70000',
    price: '67900',
    change_pct: -3,
    limit_pct: -3,
  });
  // The book knows of no shares here: the checks refuse, and the refusal is part of the day.
  const refused = (await playback('pos')).at(-1);
  expect(refused).toMatchObject({ from: 'EXITING', to: 'EXITING', reason: { code: 'order_refused' } });
  expect(refused?.reason?.params).toEqual({ cause: 'sellable_exceeded' });
});

test('the switch: entries stopped is seen by the step after its commit, nothing is placed', async () => {
  await testTrader(database.db, 'switched');
  const one = and(eq(controls.level, 'trader'), eq(controls.subject, 'switched'));
  await database.db.update(controls).set({ mode: 'entries_stopped' }).where(one);
  await send(database.db, 'switched', [{ kind: 'scan_due' }]);
  expect((await playback('switched')).at(-1)?.reason).toEqual({ code: 'entries_stopped', params: {} });
  expect(await ordersOf('switched')).toEqual([]);
});

test('a holiday seen by the broker stops the account for the day', async () => {
  await testTrader(database.db, 'holiday');
  await send(database.db, 'holiday', [
    { kind: 'scan_due' },
    { kind: 'scanned', choices: [choice('051910')] },
  ]);
  const none = { filled: quantity(0), averagePrice: null } as const;
  await send(database.db, 'holiday', [
    { kind: 'order', seq: 1, status: 'rejected', rejection: 'market_closed', ...none },
  ]);
  const [account] = await database.db.select().from(accounts).where(eq(accounts.id, 'a1'));
  expect(account).toMatchObject({ stoppedDay: '2026-11-20', stoppedReason: { code: 'market_closed_today' } });
  expect(await rowOf('holiday')).toMatchObject({ phase: 'HALTED', symbol: null });
  await database.db
    .update(accounts)
    .set({ stoppedDay: null, stoppedReason: null })
    .where(eq(accounts.id, 'a1'));
});

test('a person edits by version, halts, resumes, stops and deletes only what is flat', async () => {
  await testTrader(database.db, 'hand');
  const again = act(createTrader, {
    trader_id: 'hand',
    account: 'a1',
    definition: { name: 'hand', strategy: 'SmaCross' },
  });
  await expect(again).rejects.toMatchObject({ code: 'trader_exists' });
  const edited = { name: 'by hand', strategy: 'SmaCross' };
  await act(editTrader, { trader_id: 'hand', version: 1, definition: edited });
  await expect(act(editTrader, { trader_id: 'hand', version: 1, definition: edited })).rejects.toMatchObject({
    code: 'trader_version_stale',
  });
  await send(database.db, 'hand', [{ kind: 'scan_due' }, { kind: 'scanned', choices: [choice('006400')] }]);
  await act(haltTrader, { trader_id: 'hand', reason: 'looks odd' });
  expect(await rowOf('hand')).toMatchObject({ phase: 'HALTED' });
  // The entry had not been sent: it is dropped at once, which its trader hears as news.
  expect(await ordersOf('hand')).toMatchObject([{ state: 'cancelled' }]);
  await expect(act(deleteTrader, { trader_id: 'hand' })).rejects.toMatchObject({ code: 'trader_not_flat' });
  const none = { filled: quantity(0), averagePrice: null, rejection: null } as const;
  await send(database.db, 'hand', [{ kind: 'order', seq: 1, status: 'cancelled', ...none }]);
  expect((await lockOf('006400'))?.trader).toBeNull();
  await act(resumeTrader, { trader_id: 'hand' });
  expect(await rowOf('hand')).toMatchObject({ phase: 'IDLE' });
  await act(stopTrader, { trader_id: 'hand' });
  await act(deleteTrader, { trader_id: 'hand' });
  expect((await rowOf('hand')).deletedAt).not.toBeNull();
});

test('traders are halted from outside once, with an alert', async () => {
  await testTrader(database.db, 'drift');
  const reason = { code: 'position_drift', params: { symbol: '068270', expected: '10', held: '12' } };
  await haltTraders(database.db, scope, ['drift', 'nobody'], reason);
  await haltTraders(database.db, scope, ['drift'], reason);
  expect(await rowOf('drift')).toMatchObject({ phase: 'HALTED', stateVersion: 1 });
  const raised = await database.db.select().from(alerts).where(eq(alerts.trader, 'drift'));
  expect(raised).toMatchObject([{ severity: 'critical', count: 1, symbol: '068270' }]);
});

test('every stored move is a legal one', async () => {
  const moves = await database.db.select().from(traderTransitions);
  expect(moves.filter(({ from, to }) => !isLegalMove(from, to))).toEqual([]);
});
