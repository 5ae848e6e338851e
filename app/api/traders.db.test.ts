import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { decimal } from '#domain/core/decimal.ts';
import { deskView } from '#domain/desk/view.ts';
import {
  scanView,
  traderCounts,
  traderDayView,
  traderPhases,
  traderView,
  transitionView,
} from '#domain/traders/view.ts';
import { isLegalMove } from '#domain/traders/state.ts';
import { seededPrice } from '#db/testing/traders-market.ts';
import { seededTraders } from '#db/testing/traders-plan.ts';
import { seedTraders } from '#db/testing/traders.ts';
import { problemSchema } from '#app/_server/api/problem.ts';
import type { Method } from '#app/_server/api/registry.ts';
import { pageOf } from '#app/_server/api/schemas.ts';
import { testApi, type TestApi } from '#app/_server/api/testing.ts';

const scope = 'mock';
const day = '2026-11-20';
const until = 141;
let api: TestApi;
let viewer: string;

beforeAll(async () => {
  api = await testApi();
  viewer = await api.keyOf({ role: 'viewer', scope });
  const { db } = api.database;
  await db.execute(
    sql`update scopes set clock_kind = 'simulated', clock_at = '2026-11-20 11:21:00+09' where name = ${scope}`,
  );
  await seedTraders(db, { scope, day, until });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const ask = async <T extends z.ZodType>(schema: T, path: string): Promise<z.output<T>> =>
  schema.parse(await (await api.call('GET', `/api/v1/${scope}/traders${path}`, { key: viewer })).json());
const listView = pageOf(traderView).extend({ counts: traderCounts });

test('the list pages through every trader once, and counts the whole scope whatever the filter', async () => {
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: z.output<typeof listView> = await ask(listView, `?limit=3&cursor=${cursor}`);
    seen.push(...page.items.map((trader) => trader.trader_id));
    expect(page.counts.total).toBe(seededTraders.length);
    cursor = page.next_cursor;
  }
  expect(seen).toEqual(seededTraders.map(({ id }) => id).toSorted());
  const { items, counts } = await ask(listView, '?phase=HALTED');
  expect(items.map((trader) => trader.trader_id)).toEqual(['rsi']);
  expect(traderPhases.reduce((total, phase) => total + counts[phase], 0)).toBe(seededTraders.length);
  expect((await ask(listView, '?q=Donchian&started=false')).items).toHaveLength(1);
  expect((await ask(listView, '?q=005930')).items.map((trader) => trader.trader_id)).toEqual(['zone-1']);
});

test('a holding trader shows its stops, and what it made is what its fills come to', async () => {
  const trader = await ask(traderView, '/zone-1');
  const average = decimal(trader.position?.average ?? 0);
  expect(trader.position?.stop).toBe(average.times('0.97').toFixed());
  expect(trader.position?.target).toBe(average.times('1.05').toFixed());
  const last = decimal(seededPrice('005930', until));
  const quantity = decimal(trader.position?.quantity ?? 0);
  expect(trader.today.unrealised).toBe(last.minus(average).times(quantity).toFixed());
  const played = await ask(traderDayView, '/zone-1/playback');
  const closed = played.fills.slice(0, 4);
  const gross = closed.reduce(
    (total, fill) =>
      total.plus(
        decimal(fill.price)
          .times(fill.quantity)
          .times(fill.side === 'buy' ? -1 : 1),
      ),
    decimal(0),
  );
  expect(trader.today.realised).toBe(gross.minus(trader.today.costs).toFixed());
  expect(trader.today).toMatchObject({ trading_day: day, buys: 3, sells: 2 });
  expect(trader).toMatchObject({ phase: 'HOLDING', symbol_name: '삼성전자', control: 'running' });
});

test('what is under way is told from the state: order, exit, halt, and a switch that is not there', async () => {
  expect((await ask(traderView, '/long-candle')).order).toMatchObject({ side: 'buy', filled: '0' });
  const leaving = await ask(traderView, '/volatility');
  expect(leaving.exit).toMatchObject({ reason: { code: 'stop_loss' }, attempts: 2 });
  expect(leaving.order).toMatchObject({ side: 'sell' });
  const halted = await ask(traderView, '/rsi');
  expect(halted.halted).toMatchObject({ reason: { code: 'position_drift' }, was: 'IDLE' });
  await api.database.db.execute(
    sql`delete from controls where scope = ${scope} and level = 'trader' and subject = 'sma'`,
  );
  expect(await ask(traderView, '/sma')).toMatchObject({ control: 'stopped', position: null });
});

test('a day is played back whole: legal moves, in order, with the prices of its symbols up to now', async () => {
  const played = await ask(traderDayView, '/zone-1/playback');
  expect(played).toMatchObject({ day, days: [day], phase_before: 'IDLE', capped: false });
  let phase = played.phase_before;
  for (const each of played.transitions) {
    expect(each.from).toBe(phase);
    expect(isLegalMove(each.from, each.to)).toBe(true);
    phase = each.to;
  }
  expect(phase).toBe('HOLDING');
  expect(played.phases.some(({ name }) => name === 'continuous')).toBe(true);
  expect(played.symbols.map(({ symbol }) => symbol)).toEqual(['005930', '000660']);
  expect(played.symbols[0]?.interval).toBe('1m');
  expect(played.symbols[0]?.candles).toHaveLength(until);
  expect(played.orders.map(({ side }) => side)).toEqual(['buy', 'sell', 'buy', 'sell', 'buy']);
  expect((await ask(traderDayView, '/zone-1/playback?day=2026-11-19')).transitions).toEqual([]);
});

test('transitions and scans come newest first, page by page', async () => {
  const page = pageOf(transitionView);
  const first = await ask(page, `/zone-1/transitions?limit=5&day=${day}`);
  const second = await ask(page, `/zone-1/transitions?limit=5&cursor=${first.next_cursor}`);
  const seqs = [...first.items, ...second.items].map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
  expect(new Set(seqs).size).toBe(10);
  const { items } = await ask(pageOf(scanView), '/zone-1/candidates?limit=1');
  expect(items[0]?.candidates.find(({ chosen }) => chosen)).toMatchObject({
    symbol: '005930',
    name: '삼성전자',
    reason: null,
  });
  expect(items[0]?.candidates.filter(({ chosen }) => !chosen).every(({ reason }) => reason !== null)).toBe(
    true,
  );
  expect(items[0]?.passed[0]).toEqual({ code: 'candidate_value_low', count: 1_702 });
});

test('an unknown trader is named', async () => {
  const answer = await api.call('GET', `/api/v1/${scope}/traders/nobody`, { key: viewer });
  expect(answer.status).toBe(404);
  expect(problemSchema.parse(await answer.json()).code).toBe('trader_not_found');
});

test('the desk adds up: what its traders made is what its account made', async () => {
  const desk = deskView.parse(await (await api.call('GET', `/api/v1/${scope}/desk`, { key: viewer })).json());
  const { items } = await ask(listView, '?limit=200');
  const total = (pick: (trader: (typeof items)[number]) => string) =>
    items.reduce((sum, trader) => sum.plus(pick(trader)), decimal(0));
  expect(desk.pnl.realised).toBe(total(({ today }) => today.realised).toFixed());
  expect(desk.pnl.unrealised).toBe(total(({ today }) => today.unrealised).toFixed());
  const made = decimal(desk.pnl.realised).plus(desk.pnl.unrealised);
  expect(desk.pnl.equity).toBe(made.plus(desk.pnl.opening ?? 0).toFixed());
  expect(desk.pnl.points).toHaveLength(until + 1);
  expect(desk.positions.map(({ symbol }) => symbol).toSorted()).toEqual(['005930', '068270']);
  expect(desk.session).toMatchObject({ trading_day: day, open: true, next: { name: 'closing_auction' } });
  expect(desk.gateways).toMatchObject([{ account: 'main', state: 'none', ready: true }]);
  expect(desk.orders).toMatchObject({ open: 2, unknown: [] });
});

test('a dealer makes, edits, starts, stops, halts, resumes and deletes a trader; a viewer does not', async () => {
  const dealer = await api.keyOf({ role: 'dealer', scope });
  const send = (method: Method, path: string, body?: unknown, key = dealer) =>
    api.call(method, `/api/v1/${scope}/traders${path}`, { key, ...(body === undefined ? {} : { body }) });
  const definition = { name: 'New', strategy: 'SmaCross', rules: { stop_loss: 0.02 } };
  const body = { trader_id: 'made', account: 'main', definition };
  expect((await send('POST', '', body, viewer)).status).toBe(403);
  const wrong = await send('POST', '', {
    ...body,
    definition: { ...definition, params: { fast: 30, slow: 5 } },
  });
  expect(problemSchema.parse(await wrong.json()).issues[0]?.path).toBe('definition.params.fast');
  const made = await send('POST', '', body);
  expect([made.status, made.headers.get('location')]).toEqual([201, `/api/v1/${scope}/traders/made`]);
  expect(traderView.parse(await made.json())).toMatchObject({ started: false, phase: 'IDLE', version: 1 });

  const patched = await send('PATCH', '/made', { version: 1, definition: { rules: { take_profit: 0.1 } } });
  expect(traderView.parse(await patched.json())).toMatchObject({
    version: 2,
    definition: { rules: { stop_loss: 0.02, take_profit: 0.1 } },
  });
  expect((await send('PUT', '/made', { version: 1, definition })).status).toBe(409);
  const other = await send('PATCH', '/made', { definition: { strategy: 'Rsi' } });
  expect(traderView.parse(await other.json()).definition).toMatchObject({ strategy: 'Rsi', params: {} });

  const state = async (verb: string, asked?: unknown) =>
    traderView.parse(await (await send('POST', `/made/${verb}`, asked)).json());
  expect(await state('start')).toMatchObject({ started: true });
  expect(await state('halt', { reason: 'Looks wrong.' })).toMatchObject({
    phase: 'HALTED',
    halted: { was: 'IDLE' },
  });
  expect(await state('resume', {})).toMatchObject({ phase: 'IDLE', halted: null });
  expect(await state('stop')).toMatchObject({ started: false });
  expect((await send('DELETE', '/made')).status).toBe(200);
  expect((await send('GET', '/made')).status).toBe(404);
  expect((await send('DELETE', '/zone-1')).status).toBe(409);
});
