import { and, asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decimal } from '#domain/core/decimal.ts';
import type { DailySummary } from '#domain/performance/summary.ts';
import { accounts } from '#db/accounts/schema.ts';
import { ledgerEntries } from '#db/ledger/schema.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { seedTradingDays } from '#db/testing/trading-days.ts';
import { markEquity } from './equity.ts';
import { readHistory } from './ledger.ts';
import { type BookKit, bookKit, seoul } from './performance.test-kit.ts';
import { closingMarks, dailySummaries, equityPoints } from './schema.ts';
import { settleDay } from './settle.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

async function summaryOf(scope: string, day: string, level: DailySummary['level'], subject: string) {
  const [row] = await database.db
    .select()
    .from(dailySummaries)
    .where(
      and(
        eq(dailySummaries.scope, scope),
        eq(dailySummaries.tradingDay, day),
        eq(dailySummaries.level, level),
        eq(dailySummaries.subject, subject),
      ),
    );
  if (row === undefined) throw new Error(`no summary of ${level} ${subject} on ${day}`);
  return row.summary;
}

const settle = (kit: BookKit, day: string, at = `${day} 16:40`) =>
  settleDay(database.db, kit.scope, day, seoul(at));

/** Summaries but for when they were made. */
const timeless = (list: readonly DailySummary[]) =>
  list.map((summary) => ({ ...summary, generated_at: null }));

const total = (
  list: readonly DailySummary[],
  field: 'realised_pnl' | 'fees' | 'taxes' | 'unrealised_pnl',
): number => list.reduce((sum, each) => sum + Number(each[field]), 0);

/** A round trip that brings so much before costs. */
async function trip(kit: BookKit, from: string, to: string, net: number, more: object = {}): Promise<void> {
  await kit.trade({ at: from, side: 'buy', quantity: 10, price: 50_000, ...more });
  await kit.trade({ at: to, side: 'sell', quantity: 10, price: 50_000 + net / 10, ...more });
}

describe('+30,000, -20,000, +10,000 on 1,000,000', () => {
  test('66.7 %, 2.0 and 1.94 % of the trader, the account and the scope', async () => {
    const kit = await bookKit(database.db);
    await kit.deposit('2026-11-20 08:30', 1_000_000);
    await trip(kit, '2026-11-20 09:10', '2026-11-20 09:40', 30_000);
    await trip(kit, '2026-11-20 10:10', '2026-11-20 10:40', -20_000);
    await trip(kit, '2026-11-20 13:10', '2026-11-20 13:40', 10_000);
    await settle(kit, '2026-11-20');
    for (const [level, subject] of [
      ['trader', 'one'],
      ['account', 'paper'],
      ['scope', kit.scope],
    ] as const) {
      const summary = await summaryOf(kit.scope, '2026-11-20', level, subject);
      expect(summary, level).toMatchObject({
        trades: 3,
        wins: 2,
        losses: 1,
        gross_profit: '40000',
        gross_loss: '20000',
        profit_factor: { value: 2, reason: null },
        realised_pnl: '20000',
        closing_equity: '1020000',
        max_drawdown_amount: '20000',
        net_flow: level === 'trader' ? '0' : '1000000',
      });
      expect(((summary.win_rate.value ?? 0) * 100).toFixed(1), level).toBe('66.7');
      expect(((summary.max_drawdown.value ?? 0) * 100).toFixed(2), level).toBe('1.94');
      // Three times half an hour of six and a half hours.
      expect(summary.exposure.value, level).toBeCloseTo(1.5 / 6.5, 9);
    }
  });
});

describe('a day of', () => {
  test('gains alone has no profit factor, and says why', async () => {
    const kit = await bookKit(database.db);
    await kit.deposit('2026-11-20 08:30', 1_000_000);
    await trip(kit, '2026-11-20 09:10', '2026-11-20 09:40', 30_000);
    await settle(kit, '2026-11-20');
    const summary = await summaryOf(kit.scope, '2026-11-20', 'scope', kit.scope);
    expect(summary.profit_factor).toEqual({ value: null, reason: 'no_losses' });
    expect(summary.payoff).toEqual({ value: null, reason: 'no_losses' });
    expect(summary.max_drawdown).toEqual({ value: 0, reason: null });
    const idle = await summaryOf(kit.scope, '2026-11-20', 'trader', 'two');
    expect(idle).toMatchObject({
      trades: 0,
      win_rate: { value: null, reason: 'no_trades' },
      exposure: { value: 0, reason: null },
      closing_equity: '1000000',
    });
  });

  test('a holiday is not settled, one that has not begun is refused', async () => {
    const kit = await bookKit(database.db);
    await kit.deposit('2026-11-20 08:30', 1_000_000);
    expect((await settle(kit, '2026-11-21', '2026-11-21 16:00')).summaries).toEqual([]);
    await expect(settle(kit, '2026-11-23', '2026-11-20 16:00')).rejects.toMatchObject({
      code: 'day_not_begun',
    });
  });

  test('Seoul: what happens around midnight belongs to the date there', async () => {
    const kit = await bookKit(database.db);
    await kit.deposit('2026-11-18 08:30', 1_000_000);
    // 23:59 of the 18th in Seoul is 14:59 UTC; 00:01 of the 19th there is still the 18th in UTC.
    await kit.deposit('2026-11-18 23:59', 1_000);
    await kit.deposit('2026-11-19 00:01', 20_000);
    await trip(kit, '2026-11-19 09:01', '2026-11-19 15:19', 5_000);
    await settle(kit, '2026-11-18', '2026-11-20 01:00');
    await settle(kit, '2026-11-19', '2026-11-20 01:00');
    const first = await summaryOf(kit.scope, '2026-11-18', 'account', 'paper');
    const second = await summaryOf(kit.scope, '2026-11-19', 'account', 'paper');
    expect(first).toMatchObject({ net_flow: '1001000', trades: 0, closing_equity: '1001000' });
    expect(second).toMatchObject({
      opening_equity: '1001000',
      net_flow: '20000',
      trades: 1,
      closing_equity: '1026000',
    });
  });
});

test('deposits and withdrawals are neither gain nor loss', async () => {
  const kit = await bookKit(database.db);
  await kit.deposit('2026-11-19 08:30', 1_000_000);
  await settle(kit, '2026-11-19');
  await trip(kit, '2026-11-20 09:10', '2026-11-20 09:40', 30_000);
  await kit.withdraw('2026-11-20 11:00', 500_000);
  await kit.deposit('2026-11-20 13:00', 100_000);
  await settle(kit, '2026-11-20');
  const day = await summaryOf(kit.scope, '2026-11-20', 'account', 'paper');
  expect(day).toMatchObject({
    opening_equity: '1000000',
    closing_equity: '630000',
    net_flow: '-400000',
    realised_pnl: '30000',
    max_drawdown: { value: 0 },
    max_drawdown_amount: '0',
  });
});

test('what is held is valued at the close, carried over, and the same when it is settled again later', async () => {
  const kit = await bookKit(database.db);
  await kit.deposit('2026-11-17 08:30', 1_000_000);
  await kit.trade({ at: '2026-11-17 15:00', side: 'buy', quantity: 10, price: 50_000, fee: 7 });
  await kit.quote('2026-11-17 15:30', '005930', 51_000);
  const first = await settle(kit, '2026-11-17');
  expect(first.unpriced).toEqual([]);
  expect(await summaryOf(kit.scope, '2026-11-17', 'trader', 'one')).toMatchObject({
    unrealised_pnl: '10000',
    realised_pnl: '-7',
    fees: '7',
    closing_equity: '1009993',
  });
  await kit.quote('2026-11-18 09:00', '005930', 40_000);
  await kit.trade({ at: '2026-11-18 09:30', side: 'sell', quantity: 10, price: 40_000, fee: 6, tax: 800 });
  await settle(kit, '2026-11-18');
  const day = await summaryOf(kit.scope, '2026-11-18', 'trader', 'one');
  expect(day).toMatchObject({ opening_equity: '1009993', trades: 1, losses: 1, realised_pnl: '-100806' });
  // The trip's costs are those of both days.
  expect(day.gross_loss).toBe('100813');
  const again = await settle(kit, '2026-11-17', '2026-11-18 18:00');
  expect(timeless(again.summaries)).toEqual(timeless(first.summaries));
  expect(await database.db.select().from(closingMarks).where(eq(closingMarks.scope, kit.scope))).toHaveLength(
    1,
  );
});

test('a holding without any price counts at its cost and is named', async () => {
  const kit = await bookKit(database.db);
  await kit.deposit('2026-11-20 08:30', 1_000_000);
  await kit.trade({ at: '2026-11-20 15:00', side: 'buy', quantity: 10, price: 50_000 });
  expect(await markEquity(database.db, kit.scope, seoul('2026-11-20 15:10'))).toBe(1);
  expect((await settle(kit, '2026-11-20')).unpriced).toEqual([{ account: 'paper', symbol: '005930' }]);
  expect(await summaryOf(kit.scope, '2026-11-20', 'scope', kit.scope)).toMatchObject({
    closing_equity: '1000000',
    unrealised_pnl: '0',
  });
});

test('shares that somebody keeps by hand hold no trip open, and a sale by hand ends one', async () => {
  const kit = await bookKit(database.db);
  await kit.deposit('2026-11-20 08:30', 10_000_000);
  await kit.trade({ at: '2026-11-20 09:01', side: 'buy', quantity: 30, price: 40_000, trader: null });
  await trip(kit, '2026-11-20 09:10', '2026-11-20 09:40', 30_000);
  await kit.trade({ at: '2026-11-20 10:00', side: 'buy', quantity: 5, price: 50_000, trader: 'two' });
  await kit.trade({ at: '2026-11-20 10:30', side: 'sell', quantity: 35, price: 49_000, trader: null });
  await settle(kit, '2026-11-20');
  const of = (level: DailySummary['level'], subject: string) =>
    summaryOf(kit.scope, '2026-11-20', level, subject);
  expect(await of('trader', 'one')).toMatchObject({ trades: 1, realised_pnl: '30000' });
  expect(await of('trader', 'two')).toMatchObject({ trades: 1, realised_pnl: '-5000' });
  expect(await of('account', 'paper')).toMatchObject({
    trades: 3,
    realised_pnl: '295000',
    closing_equity: '10295000',
  });
});

test('marks of the market are points of the curve: the worst of the day counts', async () => {
  const kit = await bookKit(database.db);
  await kit.deposit('2026-11-20 08:30', 1_000_000);
  await kit.trade({ at: '2026-11-20 09:10', side: 'buy', quantity: 10, price: 50_000 });
  for (const [at, price] of [
    ['2026-11-20 09:30', 52_000],
    ['2026-11-20 10:00', 45_000],
    ['2026-11-20 10:30', 50_000],
  ] as const) {
    await kit.quote(at, '005930', price);
    expect(await markEquity(database.db, kit.scope, seoul(at))).toBe(4);
  }
  await kit.trade({ at: '2026-11-20 11:00', side: 'sell', quantity: 10, price: 50_000 });
  await settle(kit, '2026-11-20');
  const summary = await summaryOf(kit.scope, '2026-11-20', 'trader', 'one');
  expect(summary.max_drawdown_amount).toBe('70000');
  expect(summary.max_drawdown.value).toBeCloseTo(70_000 / 1_020_000, 12);
  const points = await database.db
    .select()
    .from(equityPoints)
    .where(and(eq(equityPoints.scope, kit.scope), eq(equityPoints.subject, 'paper')))
    .orderBy(asc(equityPoints.at));
  expect(points.map(({ equity, flow, close }) => [equity.toFixed(), flow.toFixed(), close])).toEqual([
    ['1020000', '1000000', false],
    ['950000', '0', false],
    ['1000000', '0', false],
    ['1000000', '0', true],
  ]);
});

test('before the close it is provisional, and the close is written once it has come', async () => {
  const kit = await bookKit(database.db);
  await kit.deposit('2026-11-20 08:30', 1_000_000);
  expect((await settle(kit, '2026-11-20', '2026-11-20 11:00')).provisional).toBe(true);
  await trip(kit, '2026-11-20 13:10', '2026-11-20 13:40', -10_000);
  expect((await settle(kit, '2026-11-20')).provisional).toBe(false);
  const closes = await database.db
    .select()
    .from(equityPoints)
    .where(
      and(eq(equityPoints.scope, kit.scope), eq(equityPoints.close, true), eq(equityPoints.level, 'scope')),
    );
  expect(closes.map(({ at, equity }) => [at.toISOString(), equity.toFixed()])).toEqual([
    ['2026-11-20T06:30:00.000Z', '990000'],
  ]);
});

test('what was read of a settled book goes on from there, and the same comes out', async () => {
  const kit = await bookKit(database.db);
  const recordedAt = new Date(Date.now() - 3_600_000);
  const placed = { recordedAt, symbol: '005930', trader: 'one', order: null };
  await kit.entry({ kind: 'deposit', at: '2026-11-17 08:30', amount: decimal(1_000_000), recordedAt });
  await kit.entry({
    kind: 'fill',
    at: '2026-11-18 09:30',
    ...placed,
    side: 'buy',
    quantity: decimal(10),
    amount: decimal(500_000),
  });
  const [row] = await database.db.select().from(accounts).where(eq(accounts.scope, kit.scope));
  const of = { scope: kit.scope, account: 'paper', number: row?.number ?? 0 };
  expect((await readHistory(database.db, of)).lots).toHaveLength(1);
  await kit.trade({ at: '2026-11-20 09:30', side: 'sell', quantity: 10, price: 51_000, fee: 5 });
  for (let time = 0; time < 2; time += 1) {
    const history = await readHistory(database.db, of);
    expect(history.lots).toEqual([]);
    expect(history.trips.map((each) => [each.gross.toFixed(), each.fees.toFixed()])).toEqual([
      ['10000', '5'],
    ]);
    expect(history.cash.toFixed()).toBe('1009995');
  }
  // An earlier day knows nothing of what came later, nor of what was remembered.
  expect((await readHistory(database.db, of, '2026-11-18')).lots).toHaveLength(1);
  expect((await readHistory(database.db, of, '2026-11-17')).lots).toEqual([]);
  // What a transaction wrote and took back is not remembered.
  await database.db
    .transaction(async (tx) => {
      await tx.insert(ledgerEntries).values({
        scope: kit.scope,
        account: 'paper',
        seq: 5,
        id: 'undone',
        kind: 'deposit',
        at: seoul('2026-11-20 10:00'),
        tradingDay: '2026-11-20',
        settlesOn: '2026-11-20',
        amount: decimal(7),
      });
      expect((await readHistory(tx, of)).cash.toFixed()).toBe('1010002');
      throw new Error('undone');
    })
    .catch((error: unknown) => expect(String(error)).toContain('undone'));
  expect((await readHistory(database.db, of)).cash.toFixed()).toBe('1009995');
});

describe('a desk of many days', () => {
  test('its summaries are what a separate reckoning of the fills says, and add up', async () => {
    const seeded = await seedTradingDays(database.db, { days: 15, until: '2026-11-20' });
    const rows = await database.db
      .select()
      .from(ledgerEntries)
      .where(eq(ledgerEntries.scope, seeded.scope))
      .orderBy(asc(ledgerEntries.seq));
    const summaries = (
      await database.db.select().from(dailySummaries).where(eq(dailySummaries.scope, seeded.scope))
    ).map(({ summary }) => summary);
    for (const day of seeded.days) {
      const byTrader = new Map<
        string,
        { fees: number; taxes: number; flow: number; won: number; lost: number }
      >();
      const cash = new Map<string, number>();
      const held = new Map<string, number>();
      for (const row of rows) {
        if (row.trader === null || row.tradingDay !== day) continue;
        const sums = byTrader.get(row.trader) ?? { fees: 0, taxes: 0, flow: 0, won: 0, lost: 0 };
        const amount = Number(row.amount);
        const key = `${row.trader} ${row.symbol}`;
        if (row.kind === 'fee') sums.fees += amount;
        if (row.kind === 'tax') sums.taxes += amount;
        if (row.kind === 'fill') {
          cash.set(key, (cash.get(key) ?? 0) + (row.side === 'buy' ? -amount : amount));
          held.set(key, (held.get(key) ?? 0) + Number(row.quantity) * (row.side === 'buy' ? 1 : -1));
        }
        byTrader.set(row.trader, sums);
      }
      for (const trader of seeded.traders) {
        const summary = summaries.find((each) => each.trading_day === day && each.subject === trader);
        const sums = byTrader.get(trader) ?? { fees: 0, taxes: 0 };
        expect(summary, `${trader} ${day}`).toMatchObject({
          fees: String(sums.fees),
          taxes: String(sums.taxes),
        });
        const open = [...held].some(([key, quantity]) => key.startsWith(`${trader} `) && quantity !== 0);
        if (open) continue;
        const gross = [...cash]
          .filter(([key]) => key.startsWith(`${trader} `))
          .reduce((a, [, b]) => a + b, 0);
        expect(summary?.realised_pnl, `${trader} ${day}`).toBe(String(gross - sums.fees - sums.taxes));
      }
      const of = (level: string) =>
        summaries.filter((each) => each.trading_day === day && each.level === level);
      for (const field of ['realised_pnl', 'fees', 'taxes', 'unrealised_pnl'] as const)
        expect(total(of('trader'), field), field).toBe(total(of('scope'), field));
      const [scope] = of('scope');
      expect(Number(scope?.closing_equity) - Number(scope?.opening_equity) - Number(scope?.net_flow)).toBe(
        total(of('trader'), 'realised_pnl') + total(of('trader'), 'unrealised_pnl'),
      );
    }
  });
});
