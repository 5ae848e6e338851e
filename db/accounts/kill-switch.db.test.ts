import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#domain/access/access.ts';
import { alerts } from '#db/alerts/schema.ts';
import { acknowledgeAlert } from '#db/alerts/acknowledge.ts';
import { listAlerts } from '#db/alerts/queries.ts';
import { raiseAlert } from '#db/alerts/raise.ts';
import { perform } from '#db/core/operation.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { lockControls, makeControl, markCarriedOut } from './controls.ts';
import { switches } from './control-queries.ts';
import { createAccount } from './create.ts';
import { setKillSwitch } from './kill-switch.ts';

let database: TestDatabase;
const dealer: Actor = {
  kind: 'key',
  id: 'dealer',
  name: 'Dealer',
  grants: [
    { role: 'dealer', scope: '*' },
    { role: 'admin', scope: '*' },
  ],
};
const act = (scope: string, input: unknown) => perform(database.db, dealer, setKillSwitch, scope, input);
const seen = (trader: string) => database.db.transaction((tx) => lockControls(tx, 'mock', 'paper', trader));

beforeAll(async () => {
  database = await testDatabase();
  await perform(database.db, dealer, createAccount, 'mock', {
    account_id: 'paper',
    name: 'Paper',
    broker: 'simulated',
    venue: 'KRX',
    calendar: 'XKRX',
    feed: 'simulator:mock',
  });
  await database.db.transaction((tx) => makeControl(tx, 'mock', 'trader', 't1'));
});
afterAll(async () => database[Symbol.asyncDispose]());

test('of scope, account and trader the strictest counts, and what has no switch is stopped', async () => {
  expect(await seen('t1')).toEqual({ mode: 'running', flatten: false });
  expect(await seen('nobody')).toEqual({ mode: 'stopped', flatten: false });
  await act('mock', { action: 'stop_entries', level: 'account', subject: 'paper' });
  expect(await seen('t1')).toEqual({ mode: 'entries_stopped', flatten: false });
  await act('mock', { action: 'flatten', level: 'trader', subject: 't1' });
  expect(await seen('t1')).toEqual({ mode: 'stopped', flatten: true });
  await act('mock', { action: 'resume', level: 'trader', subject: 't1' });
  await act('mock', { action: 'resume', level: 'account', subject: 'paper' });
  expect(await seen('t1')).toEqual({ mode: 'running', flatten: false });
});

test('whoever writes under a switch holds it: throwing it waits, and is seen by the next', async () => {
  let thrown = false;
  const stopEntries = async () => {
    await act('mock', { action: 'stop_entries' });
    thrown = true;
  };
  const { done: throwing } = await database.db.transaction(async (tx) => {
    await lockControls(tx, 'mock', 'paper', 't1');
    const done = stopEntries();
    // The switch waits for our lock: seen from a third connection.
    for (;;) {
      const rows = await database.db.execute(
        `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      if (rows.length > 0) break;
    }
    expect(thrown).toBe(false);
    return { done };
  });
  await throwing;
  expect((await seen('t1')).mode).toBe('entries_stopped');
  expect(await act('mock', { action: 'resume' })).toMatchObject({ scope: { mode: 'running' } });
});

test('the same again changes nothing, and an older switch is not marked as carried out', async () => {
  const first = await act('mock', { action: 'flatten' });
  const again = await act('mock', { action: 'flatten' });
  expect(again.scope.version).toBe(first.scope.version);
  await database.db.transaction(async (tx) => {
    const now = new Date();
    await markCarriedOut(tx, 'mock', 'scope', 'mock', first.scope.version - 1, now);
  });
  expect((await switches(database.db, 'mock')).scope.carried_out_at).toBeNull();
  expect((await switches(database.db, 'mock')).gateways_live).toBe(false);
  await act('mock', { action: 'resume' });
});

test('with real money flatten and resume ask for a reason and the name of the scope', async () => {
  await expect(act('real', { action: 'flatten' })).rejects.toMatchObject({ issues: [{ path: ['reason'] }] });
  const reason = 'Broker trouble.';
  await expect(act('real', { action: 'flatten', reason, confirm: 'mock' })).rejects.toMatchObject({
    issues: [{ path: ['confirm'] }],
  });
  const person: Actor = { ...dealer, kind: 'user' };
  await expect(
    perform(database.db, person, setKillSwitch, 'real', { action: 'flatten', reason, confirm: 'real' }),
  ).rejects.toMatchObject({ issues: [{ path: ['password'] }] });
  expect(await act('real', { action: 'stop_entries' })).toMatchObject({ scope: { mode: 'entries_stopped' } });
});

test('an alert that lasts is one line until somebody has seen it', async () => {
  const raise = (n: number) =>
    raiseAlert(database.db, {
      scope: 'mock',
      severity: 'critical',
      reason: { code: 'carried', params: { symbol: 'A', quantity: String(n), plan: 'exit_at_open' } },
      trader: 't1',
      symbol: 'A',
      now: new Date(),
    });
  await raise(1);
  await raise(2);
  const all = { open: true, before: null, limit: 10 };
  const [alert] = await listAlerts(database.db, 'mock', all);
  expect(alert).toMatchObject({ count: 2, reason: { params: { quantity: '2' } } });
  await perform(database.db, dealer, acknowledgeAlert, 'mock', { alert_id: alert?.id });
  expect(await listAlerts(database.db, 'mock', all)).toEqual([]);
  await raise(3);
  expect(await listAlerts(database.db, 'mock', all)).toHaveLength(1);
  const rows = await database.db.select().from(alerts).where(eq(alerts.scope, 'mock'));
  expect(rows).toHaveLength(2);
});
