import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectRaw } from '#db/core/client.ts';
import { freeAbandoned, isLocked, release, tryAcquire } from '#db/locks/acquire.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { until } from '#worker/testing/processes.ts';
import { LockNotAcquired, LocksOver, withLocks, type WithLocksOptions } from './with-locks.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

const options = (over: Partial<WithLocksOptions> = {}): WithLocksOptions => ({
  db: database.db,
  connect: (onClose) => connectRaw(database.url, { max: 1, applicationName: 'bellkeeper:test', onClose }),
  scope: 'real',
  names: ['trading_cycle'],
  holder: 'test',
  ...over,
});
const advisory = async () =>
  [...(await database.db.execute<{ id: string }>(sql`select object_id as id from advisory_sessions(1)`))].map(
    (row) => Number(row.id),
  );

test('work holds its locks while it runs, and lets them go when it ends or fails', async () => {
  const seen = await withLocks(options({ names: ['position_management', 'trading_cycle'] }), async () => ({
    advisory: (await advisory()).toSorted((a, b) => a - b),
    holder: await isLocked(database.db, 'real', 'trading_cycle'),
    elsewhere: await isLocked(database.db, 'mock', 'trading_cycle'),
  }));
  expect(seen).toEqual({
    advisory: [1001, 1002],
    holder: { holder: 'test', runId: null, outside: false },
    elsewhere: null,
  });
  await expect(withLocks(options(), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await isLocked(database.db, 'real', 'trading_cycle')).toBeNull();
  expect(await advisory()).toEqual([]);
});

test('a taken lock is told with its holder, or waited for', async () => {
  const gate = Promise.withResolvers<void>();
  const first = withLocks(options({ holder: 'first' }), () => gate.promise);
  await until('the first', () => isLocked(database.db, 'real', 'trading_cycle'));
  const refused = withLocks(options({ names: ['position_management', 'trading_cycle'] }), () =>
    Promise.resolve(),
  );
  await expect(refused).rejects.toThrow(LockNotAcquired);
  await expect(refused).rejects.toThrow('held by first');
  expect(await isLocked(database.db, 'real', 'position_management')).toBeNull();
  const second = withLocks(options({ holder: 'second', waitSec: 30 }), () => Promise.resolve('went'));
  gate.resolve();
  await first;
  expect(await second).toBe('went');
});

test('past its time the work is told to stop, and the lock goes when it has', async () => {
  let stoppedAt = 0;
  const late = withLocks(options({ timeoutSec: 0.2 }), async (signal) => {
    await sleep(60_000, undefined, { signal }).catch(() => undefined);
    expect(await isLocked(database.db, 'real', 'trading_cycle')).not.toBeNull();
    stoppedAt = performance.now();
  });
  await expect(late).rejects.toThrow(LocksOver);
  expect(stoppedAt).toBeGreaterThan(0);
  expect(await isLocked(database.db, 'real', 'trading_cycle')).toBeNull();
});

test('what a dead holder left is freed; a token frees what it holds and nothing else', async () => {
  const grant = await tryAcquire(database.db, 'real', ['trading_cycle'], {
    holder: 'dead',
    why: null,
    timeoutSec: 300,
  });
  expect(await database.db.transaction(freeAbandoned)).toBe(0);
  await database.db.execute(
    sql`update named_locks set since = since - interval '10 seconds' where holder = 'dead'`,
  );
  expect(await database.db.transaction(freeAbandoned)).toBe(1);
  if (grant.kind !== 'granted') throw new Error('It was free.');
  await withLocks(options({ holder: 'next' }), async () => {
    expect(await release(database.db, grant.token)).toBe(false);
    expect((await isLocked(database.db, 'real', 'trading_cycle'))?.holder).toBe('next');
  });
  await expect(withLocks(options({ names: ['nothing'] }), () => Promise.resolve())).rejects.toThrow(
    'nothing',
  );
});
