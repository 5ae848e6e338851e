import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { entryKey } from '#domain/locks/idempotency.ts';
import { scopes } from '#db/scopes/schema.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { blockedBackends, until } from '#db/testing/locks.ts';
import { claimKey, freeKey, sweepKeys } from './idempotency.ts';
import { listIdempotencyKeys } from './queries.ts';

let database: TestDatabase;
const scope = 'mock';
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const keyOf = (ticker: string) =>
  entryKey({ ticker, timeframe: '15m', candle_ts: 1_795_132_800, action: 'buy' });
const claim = (key: string, owner: string, where = scope) =>
  database.db.transaction((tx) => claimKey(tx, where, key, owner));
const duplicates = (key: string) =>
  database.db.execute<{ actor_name: string; after: object }>(
    sql`select actor_name, after from audit where operation = 'duplicate_order_skipped' and entity_id = ${`${scope}/${key}`} order by id`,
  );

test('of twenty claimers at once one gets the key, and each of the others is recorded', async () => {
  const key = keyOf('005930');
  const claims = await Promise.all(Array.from({ length: 20 }, (_, index) => claim(key, `intent-${index}`)));
  expect(claims.filter((each) => each.claimed).length).toBe(1);
  const winner = `intent-${claims.findIndex((each) => each.claimed)}`;
  for (const each of claims) if (!each.claimed) expect(each.owner).toBe(winner);
  const events = await duplicates(key);
  expect(events.length).toBe(19);
  expect(events[0]?.after).toMatchObject({ key, claimed_by: winner, hits: 1 });
  const { items } = await listIdempotencyKeys(database.db, scope, { q: '005930', limit: 10 });
  expect(items).toMatchObject([{ key, owner: winner, hits: 19 }]);
});

test('a claim whose transaction fails was none: who waited for it gets the key', async () => {
  const key = keyOf('000660');
  const claimed = Promise.withResolvers<undefined>();
  const gate = Promise.withResolvers<undefined>();
  const first = database.db
    .transaction(async (tx) => {
      expect(await claimKey(tx, scope, key, 'crashing')).toEqual({ claimed: true });
      claimed.resolve(undefined);
      await gate.promise;
      throw new Error('the intent could not be written');
    })
    .catch(() => 'failed');
  await claimed.promise;
  const second = claim(key, 'waiting');
  await until(async () => (await blockedBackends(database.db)) > 0);
  gate.resolve(undefined);
  expect(await first).toBe('failed');
  expect(await second).toEqual({ claimed: true });
});

test('a rejected order frees its key, but only its own', async () => {
  const key = keyOf('035420');
  await claim(key, 'mine');
  expect(await freeKey(database.db, scope, key, 'other')).toBe(false);
  expect(await claim(key, 'again')).toMatchObject({ claimed: false, owner: 'mine' });
  expect(await freeKey(database.db, scope, key, 'mine')).toBe(true);
  expect(await claim(key, 'again')).toEqual({ claimed: true });
});

test('scopes do not share keys', async () => {
  const key = keyOf('051910');
  expect(await claim(key, 'a', 'real')).toEqual({ claimed: true });
  expect(await claim(key, 'a', 'mock')).toEqual({ claimed: true });
});

test('keys are swept a day after their claim, by the clock of their scope', async () => {
  const at = new Date('2026-11-20T00:00:00Z');
  const name = 'rehearsal-1';
  await database.db
    .insert(scopes)
    .values({ name, kind: 'rehearsal', number: 91, clockKind: 'simulated', clockAt: at });
  const key = keyOf('005930');
  await claim(key, 'a', name);
  const move = (ms: number) =>
    database.db
      .update(scopes)
      .set({ clockAt: new Date(at.getTime() + ms) })
      .where(eq(scopes.name, name));
  const day = 86_400_000;
  await move(day - 1);
  expect(await sweepKeys(database.db)).toBe(0);
  expect(await claim(key, 'b', name)).toMatchObject({ claimed: false, createdAt: at });
  await move(day);
  expect(await sweepKeys(database.db)).toBe(1);
  expect(await claim(key, 'b', name)).toEqual({ claimed: true });
});

test('pages of keys follow each other though several were made in one transaction', async () => {
  const name = 'real';
  await database.db.transaction(async (tx) => {
    for (let index = 0; index < 25; index += 1)
      await claimKey(tx, name, `P-15m-${1_795_000_000 + index}-buy`, 'p');
  });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listIdempotencyKeys(database.db, name, { q: 'P-15m', limit: 7, cursor });
    seen.push(...page.items.map((item) => item.key));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(new Set(seen).size).toBe(25);
  expect(seen.length).toBe(25);
  await expect(listIdempotencyKeys(database.db, name, { limit: 7, cursor: 'bogus' })).rejects.toThrow(
    'cursor',
  );
});
