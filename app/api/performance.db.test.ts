import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { testApi, type TestApi } from '#app/_server/api/testing.ts';
import { pnlView, summaryDayView, summaryRow } from '#domain/performance/view.ts';
import { bookKit, seoul } from '#db/performance/performance.test-kit.ts';
import { reportDay } from '#db/performance/report.ts';
import { settleDay } from '#db/performance/settle.ts';
import { type Seeded, seedTradingDays } from '#db/testing/trading-days.ts';

let api: TestApi;
let viewer: string;
let dealer: string;
let operator: string;
let seeded: Seeded;
beforeAll(async () => {
  api = await testApi();
  seeded = await seedTradingDays(api.database.db, { days: 12, until: '2026-11-20' });
  viewer = await api.keyOf({ role: 'viewer', scope: '*' });
  dealer = await api.keyOf({ role: 'dealer', scope: '*' });
  operator = await api.keyOf({ role: 'operator', scope: '*' });
}, 60_000);
afterAll(() => api[Symbol.asyncDispose]());

const range = 'from=2026-11-01&to=2026-11-20';

async function get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
  const response = await api.call('GET', `/api/v1${path}`, { key: viewer });
  const body: unknown = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  return schema.parse(body);
}

const page = z.object({ items: z.array(summaryRow), next_cursor: z.string().nullable() });
const fill = z.object({
  trader: z.string().nullable(),
  symbol: z.string(),
  side: z.enum(['buy', 'sell']),
  quantity: z.string(),
  amount: z.string(),
  fee: z.string(),
  tax: z.string(),
});

test('summaries are what a few lines make of /fills, to the won', async () => {
  const { items } = await get(`/mock/summaries?${range}&level=trader&limit=500`, page);
  for (const day of seeded.days) {
    const fills: z.output<typeof fill>[] = [];
    let cursor = '';
    do {
      const more: { items: z.output<typeof fill>[]; next_cursor: string | null } = await get(
        `/mock/fills?from=${day}&to=${day}&limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`,
        z.object({ items: z.array(fill), next_cursor: z.string().nullable() }),
      );
      fills.push(...more.items);
      cursor = more.next_cursor ?? '';
    } while (cursor !== '');
    for (const trader of seeded.traders) {
      const mine = fills.filter((each) => each.trader === trader);
      const total = (field: 'fee' | 'tax') => mine.reduce((sum, each) => sum + BigInt(each[field]), 0n);
      const summary = items.find((row) => row.trading_day === day && row.subject === trader);
      expect([summary?.fees, summary?.taxes], `${trader} ${day}`).toEqual([
        String(total('fee')),
        String(total('tax')),
      ]);
      const bySymbol = Map.groupBy(mine, ({ symbol }) => symbol);
      let realised = -total('fee') - total('tax');
      for (const of of bySymbol.values()) {
        const held = of.reduce(
          (sum, each) => sum + BigInt(each.quantity) * (each.side === 'buy' ? 1n : -1n),
          0n,
        );
        if (held !== 0n) continue;
        realised += of.reduce(
          (sum, each) => sum + BigInt(each.amount) * (each.side === 'buy' ? -1n : 1n),
          0n,
        );
      }
      expect(summary?.realised_pnl, `${trader} ${day}`).toBe(String(realised));
    }
  }
});

test('+30,000, -20,000, +10,000 on 1,000,000: 66.7 %, 2.0 and 1.94 % from the ledger to the API', async () => {
  const { db } = api.database;
  const kit = await bookKit(db);
  await kit.deposit('2026-11-20 08:30', 1_000_000);
  for (const [hour, net] of [
    ['09', 3_000],
    ['11', -2_000],
    ['13', 1_000],
  ] as const) {
    await kit.trade({ at: `2026-11-20 ${hour}:10`, side: 'buy', quantity: 10, price: 50_000 });
    await kit.trade({ at: `2026-11-20 ${hour}:40`, side: 'sell', quantity: 10, price: 50_000 + net });
  }
  const generated = await api.call('POST', `/api/v1/${kit.scope}/summaries/2026-11-20/generate`, {
    key: dealer,
  });
  const day = summaryDayView.parse(await generated.json());
  expect(day.summary).toMatchObject({
    trades: 3,
    pnl: '20000',
    profit_factor: { value: 2 },
    provisional: false,
  });
  const pnl = await get(`/${kit.scope}/pnl?${range}&trader=one`, pnlView);
  expect(((pnl.total.win_rate.value ?? 0) * 100).toFixed(1)).toBe('66.7');
  expect(pnl.total.profit_factor.value).toBe(2);
  for (const each of [
    day.summary,
    ...day.accounts,
    ...day.traders.filter(({ subject }) => subject === 'one'),
  ])
    expect(((each?.max_drawdown.value ?? 0) * 100).toFixed(2)).toBe('1.94');
});

test('the breakdowns have the same sum, whatever they are by', async () => {
  const views = await Promise.all(
    (['day', 'trader', 'symbol', 'strategy', 'account'] as const).map((by) =>
      get(`/mock/pnl?${range}&by=${by}`, pnlView),
    ),
  );
  for (const { rows, total, by } of views) {
    const add = (pick: (row: (typeof rows)[number]) => string) =>
      String(rows.reduce((sum, row) => sum + BigInt(pick(row)), 0n));
    expect(
      add(({ net }) => net),
      by,
    ).toBe(total.net);
    expect(
      add(({ fees }) => fees),
      by,
    ).toBe(total.fees);
    expect(rows.reduce((sum, row) => sum + row.trades, 0)).toBe(total.trades);
  }
  const [first] = views;
  expect(first?.days.map(({ trading_day }) => trading_day)).toEqual(seeded.days);
  const days = first?.days.reduce((sum, each) => sum + BigInt(each.pnl), 0n);
  expect(first?.pnl).toBe(String(days));
  expect(BigInt(first?.closing_equity ?? 0)).toBe(50_000_000n + (days ?? 0n));
  const lowest = Math.max(...(first?.curve ?? []).map(({ drawdown }) => drawdown));
  expect(lowest).toBeGreaterThanOrEqual(first?.equity.max_drawdown.value ?? 1);
});

test('summaries come in pages, newest first, and as a table', async () => {
  const first = await get(`/mock/summaries?${range}&level=trader&limit=7`, page);
  const second = await get(
    `/mock/summaries?${range}&level=trader&limit=500&cursor=${encodeURIComponent(first.next_cursor ?? '')}`,
    page,
  );
  const keys = [...first.items, ...second.items].map((row) => `${row.trading_day} ${row.subject}`);
  expect(new Set(keys).size).toBe(seeded.days.length * seeded.traders.length);
  expect(first.items[0]).toMatchObject({ trading_day: '2026-11-20', name: expect.stringMatching(/./) });
  const table = await api.call('GET', `/api/v1/mock/summaries?${range}&level=trader&format=csv`, {
    key: viewer,
  });
  expect(table.headers.get('content-type')).toContain('text/csv');
  expect((await table.text()).trimEnd().split('\r\n')).toHaveLength(keys.length + 1);
  const rows = await api.call('GET', `/api/v1/mock/pnl?${range}&by=symbol&format=csv`, { key: viewer });
  expect(await rows.text()).toContain('삼성전자');
});

/** A day but for when it was made. */
const bare = (view: z.output<typeof summaryDayView>) => ({
  ...view,
  at: null,
  summary: { ...view.summary, generated_at: null },
  accounts: view.accounts.map((row) => ({ ...row, generated_at: null })),
  traders: view.traders.map((row) => ({ ...row, generated_at: null })),
});

test('generating again says the same; who may not trade may not; days that are none are refused', async () => {
  const path = '/api/v1/mock/summaries/2026-11-18/generate';
  const before = await get('/mock/summaries/2026-11-18', summaryDayView);
  expect((await api.call('POST', path, { key: viewer })).status).toBe(403);
  expect((await api.call('POST', path, { key: operator })).status).toBe(403);
  const again = summaryDayView.parse(await (await api.call('POST', path, { key: dealer })).json());
  expect(bare(again)).toEqual(bare(before));
  for (const [day, code] of [
    ['2026-11-21', 'nothing_to_settle'],
    ['2031-01-06', 'day_not_begun'],
  ]) {
    const refused = await api.call('POST', `/api/v1/mock/summaries/${day}/generate`, { key: dealer });
    expect([refused.status, z.object({ code: z.string() }).parse(await refused.json()).code]).toEqual([
      409,
      code,
    ]);
  }
  const turned = await api.call('GET', '/api/v1/mock/pnl?from=2026-11-20&to=2026-11-01', { key: viewer });
  expect(turned.status).toBe(400);
});

test('a scope without accounts has nothing to show, and says so without failing', async () => {
  const empty = await get('/real/pnl', pnlView);
  expect(empty).toMatchObject({ curve: [], rows: [], opening_equity: null, total: { trades: 0 } });
  expect((await get('/real/summaries', page)).items).toEqual([]);
  expect((await get('/real/summaries/2026-11-20', summaryDayView)).summary).toBeNull();
});

test('the report tells of every trader once and marks the day', async () => {
  const { db } = api.database;
  const kit = await bookKit(db);
  await kit.deposit('2026-11-20 08:30', 1_000_000);
  await expect(reportDay(db, kit.scope, '2026-11-20', seoul('2026-11-20 16:00'))).rejects.toMatchObject({
    code: 'day_not_settled',
  });
  const holiday = await reportDay(db, kit.scope, '2026-11-21', seoul('2026-11-21 16:00'));
  expect(holiday.lines).toEqual(['2026-11-21: the market was closed; nothing to report.']);
  await settleDay(db, kit.scope, '2026-11-20', seoul('2026-11-20 15:40'));
  const report = await reportDay(db, kit.scope, '2026-11-20', seoul('2026-11-20 16:00'));
  expect(report.before).toBeNull();
  expect(report.lines.filter((line) => line.startsWith('trader '))).toHaveLength(2);
  expect(report.lines[1]).toContain('win rate – (no_trades)');
  const view = await get(`/${kit.scope}/summaries/2026-11-20`, summaryDayView);
  expect(view.summary?.reported_at).toBe(seoul('2026-11-20 16:00').toISOString());
  expect((await reportDay(db, kit.scope, '2026-11-20', seoul('2026-11-20 17:00'))).before).not.toBeNull();
});
