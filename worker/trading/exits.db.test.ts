import { expect, test } from 'vitest';
import { sum } from '#domain/core/decimal.ts';
import { setKillSwitch } from '#db/accounts/kill-switch.ts';
import { perform } from '#db/core/operation.ts';
import { scriptPrices, setSimulatedConfig } from '#db/simulated/settings.ts';
import { simulatedOrdersOf, simulatedRequestsOf } from '#db/simulated/queries.ts';
import { testDatabase } from '#db/testing/database.ts';
import { makeTradingDesk, startTraders } from '#db/testing/trading-desk.ts';
import { deskView } from '#db/testing/trading-views.ts';
import { enterNow } from '#worker/testing/enter.ts';
import { at, holdingDesk, line, otherSymbol, rules, sound } from '#worker/testing/holding-desk.ts';
import { until } from '#worker/testing/processes.ts';
import { tradingDay } from '#worker/testing/trading-day.ts';
import { watchDesks } from './watch.ts';

const person = { kind: 'system', id: 'test', name: 'test' } as const;

test('bought at 70,000, the price at 67,900: the exit is ordered within two seconds, stop loss −3 %', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await using desk = await holdingDesk(database);
  const view = deskView(db);
  await scriptPrices(db, 'mock', [line('10:05:00', 68_000), line('10:06:00', 67_900)]);
  await desk.pass(at('10:05:00'), at('10:05:03'), 1);
  expect((await view.trader('one')).phase).toBe('HOLDING');
  await desk.pass(at('10:05:59'), at('10:06:02'), 1);
  const [, exit] = await view.orders();
  expect(exit).toMatchObject({ side: 'sell', purpose: 'exit', cause: { code: 'stop_loss' } });
  expect(exit?.cause.params).toMatchObject({ entry: '70000', price: '67900', change_pct: -3, limit_pct: -3 });
  expect(exit?.at.getTime()).toBeLessThanOrEqual(at('10:06:02').getTime());
  expect(exit?.at.getTime()).toBeGreaterThanOrEqual(at('10:06:00').getTime());
  const move = (await view.moves('one')).find(({ from, to }) => from === 'HOLDING' && to === 'EXITING');
  expect(move).toMatchObject({ event: 'tick', reason: { code: 'stop_loss' } });
  await desk.pass(at('10:06:03'), at('10:06:04'), 1);
  expect((await view.trader('one')).phase).toBe('IDLE');
  await sound(database);
});

test('partial fills at T−Δ: one order revised to worse prices, sold to the last share and not one more', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await using desk = await holdingDesk(database);
  const view = deskView(db);
  await scriptPrices(db, 'mock', [line('15:09:00', 70_000, { bid_size: 4 })]);
  await desk.pass(at('15:09:58'), at('15:10:30'), 1);
  const [, exit, ...more] = await view.orders();
  expect(more).toEqual([]);
  expect(exit).toMatchObject({ state: 'filled', cause: { code: 'flatten_before' } });
  const prices = (await view.events(exit?.id ?? ''))
    .filter(({ kind }) => kind === 'revise_wanted')
    .map(({ details }) => Number(details['price']));
  expect(prices.length).toBeGreaterThanOrEqual(3);
  expect(prices).toEqual(prices.toSorted((a, b) => b - a));
  expect(Math.max(...prices)).toBeLessThan(70_000);
  const requests = await simulatedRequestsOf(db, 'mock', 'paper');
  expect(requests.filter(({ action }) => action === 'cancel')).toEqual([]);
  const sold = (await simulatedOrdersOf(db, 'mock', 'paper')).filter(({ side }) => side === 'sell');
  expect(sum(sold.map(({ filled }) => filled)).toNumber()).toBe(100);
  expect((await view.trader('one')).phase).toBe('IDLE');
  await sound(database);
});

test('a broker that does not revise: cancelled, and replaced by what the cancel confirmed', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await using desk = await holdingDesk(database);
  const view = deskView(db);
  await setSimulatedConfig(db, 'mock', { revises: false });
  await scriptPrices(db, 'mock', [line('15:09:00', 70_000, { bid_size: 6 })]);
  await desk.pass(at('15:09:58'), at('15:10:40'), 1);
  const exits = (await view.orders()).filter(({ side }) => side === 'sell');
  expect(exits.length).toBeGreaterThan(1);
  const asked = exits.map(({ price }) => price?.toNumber() ?? 0);
  expect(asked).toEqual(asked.toSorted((a, b) => b - a));
  expect(sum(exits.map(({ filled }) => filled)).toNumber()).toBe(100);
  expect((await view.trader('one')).phase).toBe('IDLE');
  await sound(database);
});

test('fills blocked altogether: carried with a critical alert, no loop; the next open sells it', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await using desk = await holdingDesk(database);
  const view = deskView(db);
  const before = (await simulatedRequestsOf(db, 'mock', 'paper')).length;
  await setSimulatedConfig(db, 'mock', { faults: { block_fills: true } });
  await desk.pass(at('15:09:58'), at('15:10:20'), 2);
  await desk.pass(at('15:10:30'), at('15:20:30'), 30);
  await desk.pass(at('15:25:00'), at('15:30:00'), 60);
  await desk.pass(at('15:30:01'), at('15:31:01'), 20);
  const { state } = await view.trader('one');
  expect(state).toMatchObject({ phase: 'EXITING', exit: { carried: { plan: 'exit_at_open' } } });
  const critical = (await view.alerts()).filter(({ severity }) => severity === 'critical');
  expect(critical.map(({ reason }) => reason.code)).toContain('carried');
  expect(critical.find(({ reason }) => reason.code === 'carried')?.count).toBe(1);
  const requests = (await simulatedRequestsOf(db, 'mock', 'paper')).length - before;
  expect(requests).toBeLessThan(40);
  expect((await view.orders()).filter(({ state: of }) => of === 'rejected')).toEqual([]);
  await setSimulatedConfig(db, 'mock', { faults: {} });
  await desk.pass(at('08:59:00', '2026-11-24'), at('09:00:20', '2026-11-24'), 5);
  expect((await view.trader('one')).phase).toBe('IDLE');
  await sound(database);
});

test('a broker that refuses every exit is asked ever less often, and somebody is called', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await using desk = await holdingDesk(database);
  const view = deskView(db);
  const planned = [
    { on: 'place', kind: 'reject', side: 'sell', times: 1_000, code: 'broker_says_no' },
  ] as const;
  await setSimulatedConfig(db, 'mock', { faults: { planned: [...planned] } });
  await desk.pass(at('15:10:00'), at('15:12:00'), 2);
  await desk.pass(at('15:12:10'), at('15:18:00'), 10);
  const refused = (await view.orders()).filter(({ state }) => state === 'rejected');
  // 5, 10, 20, 40 and then 60 s apart.
  expect(refused.length).toBeGreaterThanOrEqual(5);
  expect(refused.length).toBeLessThanOrEqual(12);
  const called = (await view.alerts()).find(({ reason }) => reason.code === 'exit_rejected');
  expect(called).toMatchObject({ severity: 'critical', count: 1 });
  await setSimulatedConfig(db, 'mock', { faults: {} });
  await desk.pass(at('15:18:10'), at('15:19:30'), 10);
  expect((await view.trader('one')).phase).toBe('IDLE');
  await sound(database);
});

test('the kill switch under load: open entries come back, everything sellable is sold, nothing is bought', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await makeTradingDesk(db, { at: at('10:00:01'), seed: 3, config: { halt_chance: 0 }, history: false });
  const traders = Array.from({ length: 10 }, (_, index) => `k${index}`);
  await startTraders(
    db,
    traders.map((id) => ({ id, definition: { name: id, strategy: 'SmaCross', rules } })),
  );
  await using desk = await tradingDay(database);
  const view = deskView(db);
  await desk.reconcile();
  await desk.at(at('10:00:02'));
  const symbols = ['900110', '900120', '900130', '900140', '900150', '910310', '910320', '910330', '910340'];
  // The last ones stay open: nothing of theirs fills.
  await setSimulatedConfig(db, 'mock', { faults: { block_fills: ['910330', '910340'] } });
  for (const [index, each] of symbols.entries()) await enterNow(db, 'mock', `k${index}`, each);
  await desk.pass(at('10:00:03'), at('10:00:10'), 3);
  const phases = (await view.traders()).map(({ phase }) => phase);
  expect(phases.filter((phase) => phase === 'HOLDING').length).toBeGreaterThanOrEqual(5);
  expect(phases.filter((phase) => phase === 'ENTERING').length).toBeGreaterThanOrEqual(2);

  const watching = new AbortController();
  const watched = watchDesks(db, ['mock'], watching.signal);
  const buys = async () =>
    (await simulatedOrdersOf(db, 'mock', 'paper')).filter(
      ({ side, role }) => side === 'buy' && role !== 'cancel',
    ).length;
  const before = await buys();
  await perform(db, person, setKillSwitch, 'mock', { level: 'scope', action: 'flatten', reason: 'drill' });
  const thrown = performance.now();
  await until('every position has its exit', async () => {
    const now = await view.traders();
    return now.every(({ phase }) => phase !== 'HOLDING') || null;
  });
  const took = performance.now() - thrown;
  await desk.pass(at('10:00:11'), at('10:00:31'), 2);
  watching.abort();
  await watched;
  // A second on a quiet machine; a busy one is slow, not wrong.
  expect(took).toBeLessThan(5_000);
  expect(await buys()).toBe(before);
  expect((await view.traders()).every(({ phase }) => phase === 'IDLE')).toBe(true);
  const switched = (await view.controls()).find(({ level }) => level === 'scope');
  expect(switched).toMatchObject({ mode: 'stopped', flatten: true });
  await desk.at(at('10:00:33'));
  expect((await view.controls()).find(({ level }) => level === 'scope')?.carriedOutAt).not.toBeNull();
  // Nothing opens while the switch stands.
  await expect(enterNow(db, 'mock', 'k9', '900120')).resolves.toBeUndefined();
  expect((await view.trader('k9')).phase).toBe('IDLE');
  await sound(database);
});

test('entries stopped: what is open and not filled comes back, what is held stays under its stops', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await using desk = await holdingDesk(database);
  const view = deskView(db);
  await startTraders(db, [{ id: 'two', definition: { name: 'Two', strategy: 'SmaCross', rules } }]);
  await setSimulatedConfig(db, 'mock', { faults: { block_fills: [otherSymbol] } });
  await enterNow(db, 'mock', 'two', otherSymbol);
  await desk.at(at('10:00:05'));
  expect((await view.trader('two')).phase).toBe('ENTERING');
  await perform(db, person, setKillSwitch, 'mock', {
    level: 'scope',
    action: 'stop_entries',
    reason: 'drill',
  });
  await desk.pass(at('10:00:06'), at('10:00:09'), 1);
  expect((await view.trader('two')).phase).toBe('IDLE');
  expect((await view.trader('one')).phase).toBe('HOLDING');
  expect((await view.controls()).find(({ level }) => level === 'scope')?.carriedOutAt).not.toBeNull();
  await scriptPrices(db, 'mock', [line('10:01:00', 67_900)]);
  await desk.pass(at('10:01:00'), at('10:01:03'), 1);
  expect((await view.trader('one')).phase).toBe('IDLE');
  await sound(database);
});
