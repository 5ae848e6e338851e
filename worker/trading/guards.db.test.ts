import { expect, test } from 'vitest';
import { decimal } from '#domain/core/decimal.ts';
import { perform } from '#db/core/operation.ts';
import { reconcileSymbol, releaseSymbolLock } from '#db/locks/reconcile.ts';
import { scriptPrices } from '#db/simulated/settings.ts';
import { sendSimulated } from '#db/simulated/send.ts';
import { testDatabase } from '#db/testing/database.ts';
import { playbackFaults } from '#db/testing/trading-books.ts';
import { startTraders } from '#db/testing/trading-desk.ts';
import { deskView } from '#db/testing/trading-views.ts';
import { resumeTrader } from '#db/traders/control.ts';
import { readWorld } from '#db/traders/world.ts';
import { enterNow } from '#worker/testing/enter.ts';
import { at, holdingDesk, line, rules, sound, symbol } from '#worker/testing/holding-desk.ts';
import { until } from '#worker/testing/processes.ts';
import { renewHolds } from './holds.ts';
import { protect } from './protect.ts';
import { watchDesks } from './watch.ts';

const person = { kind: 'system', id: 'test', name: 'test' } as const;

test('a hold that is forced open stops its trader at once; reconciled and resumed it goes on and gets out', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await using desk = await holdingDesk(database);
  const view = deskView(db);
  expect(await renewHolds(db, await readWorld(db, 'mock'))).toBe(0);
  const body = { reason: 'drill' };
  await perform(db, person, releaseSymbolLock, 'mock', { symbol, body });
  expect(await renewHolds(db, await readWorld(db, 'mock'))).toBe(1);
  expect(await view.trader('one')).toMatchObject({ phase: 'HALTED' });
  expect((await view.alerts()).map(({ reason }) => reason.code)).toContain('symbol_lock_lost');
  const resume = () => perform(db, person, resumeTrader, 'mock', { trader_id: 'one' });
  await expect(resume()).rejects.toMatchObject({ code: 'symbol_taken' });
  await perform(db, person, reconcileSymbol, 'mock', { symbol, body: { reason: 'compared' } });
  await resume();
  expect(await view.trader('one')).toMatchObject({ phase: 'HOLDING' });
  await desk.pass(at('15:10:00'), at('15:10:04'), 2);
  expect((await view.trader('one')).phase).toBe('IDLE');
  await sound(database);
});

test('a losing trade leaves its symbol alone for a while; after that it may be bought again', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await using desk = await holdingDesk(database);
  const view = deskView(db);
  await scriptPrices(db, 'mock', [line('10:06:00', 67_900)]);
  await desk.pass(at('10:06:00'), at('10:06:03'), 1);
  expect((await view.trader('one')).phase).toBe('IDLE');
  await desk.at(at('10:06:20'));
  const [world] = (await readWorld(db, 'mock')).traders;
  expect(world?.protections).toMatchObject([{ symbol, reason: { code: 'cooldown' } }]);
  await enterNow(db, 'mock', 'one', symbol);
  const last = (await view.moves('one')).at(-1);
  expect(last?.effects.map((effect) => effect['reason'])).toContainEqual({
    code: 'cooldown',
    params: { symbol },
  });
  expect((await view.trader('one')).phase).toBe('IDLE');
  // Ten minutes by default.
  await desk.at(at('10:16:20'));
  expect(await protect(db, 'mock')).toBe(0);
  await enterNow(db, 'mock', 'one', symbol);
  expect((await view.trader('one')).phase).toBe('ENTERING');
  await desk.pass(at('10:16:21'), at('10:16:22'), 1);
  await sound(database);
});

test('shares that somebody sold by hand are missed at the next look, and nothing more is sold than there is', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await using desk = await holdingDesk(database);
  const view = deskView(db);
  await desk.at(at('10:01:00'));
  // The broker says what we know: that is no line of the day.
  expect((await view.moves('one')).filter(({ event }) => event === 'reconciled')).toEqual([]);
  const byHand = { action: 'place', clientId: null, symbol, side: 'sell', price: null } as const;
  await sendSimulated(db, 'mock', 'paper', { ...byHand, quantity: decimal(40) }, { manual: true });
  await desk.at(at('10:02:00'));
  const heard = (await view.moves('one')).find(({ event }) => event === 'reconciled');
  expect(heard?.reason).toMatchObject({ code: 'sold_elsewhere', params: { expected: '100', held: '60' } });
  await desk.pass(at('15:10:00'), at('15:10:04'), 2);
  const exit = (await view.orders()).at(-1);
  expect(exit).toMatchObject({ side: 'sell', state: 'filled' });
  expect(exit?.quantity.toNumber()).toBe(60);
  expect((await view.trader('one')).phase).toBe('IDLE');
  expect(await playbackFaults(db)).toEqual([]);
});

test('a trader that cannot be read is told of and keeps no other from its stops', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await using desk = await holdingDesk(database);
  const view = deskView(db);
  await startTraders(db, [{ id: 'odd', definition: { name: 'Odd', strategy: 'SmaCross', rules } }]);
  await db.execute(`update traders set phase = 'HOLDING', state = '{"phase":"DREAMING"}' where id = 'odd'`);
  const watching = new AbortController();
  const watched = watchDesks(db, ['mock'], watching.signal);
  await until('somebody is told', async () =>
    (await view.alerts()).some(
      ({ reason, trader }) => reason.code === 'trader_unreadable' && trader === 'odd',
    ),
  );
  watching.abort();
  await watched;
  await scriptPrices(db, 'mock', [line('10:06:00', 67_900)]);
  await desk.pass(at('10:06:00'), at('10:06:03'), 1);
  expect((await view.trader('one')).phase).toBe('IDLE');
});
