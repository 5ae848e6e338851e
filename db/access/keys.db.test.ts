import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Actor, allows } from '#domain/access/access.ts';
import { perform } from '#db/core/operation.ts';
import { audit } from '#db/core/schema.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { authenticateKey, createKey, revokeKey } from './keys.ts';
import { listKeys } from './queries.ts';
import { apiKeys } from './schema.ts';

const system: Actor = { kind: 'system', id: 'test', name: 'test' };
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const make = (name: string, expires_at: string | null = null) =>
  perform(database.db, system, createKey, null, {
    name,
    grants: [{ role: 'operator', scope: 'mock' }],
    expires_at,
  });

test('a key speaks for its grants and for no other scope', async () => {
  const { key, id } = await make('mock robot');
  const actor = await authenticateKey(database.db, key);
  expect(actor).toEqual({
    kind: 'key',
    id,
    name: 'mock robot',
    grants: [{ role: 'operator', scope: 'mock' }],
  });
  if (actor === null) return;
  expect(allows(actor, 'jobs.edit', 'mock')).toBe(true);
  expect(allows(actor, 'jobs.view', 'real')).toBe(false);
  expect(allows(actor, 'keys.manage', null)).toBe(false);
});

test('the database and the audit keep no key', async () => {
  const { key } = await make('hidden');
  const secret = key.slice(-43);
  const stored = JSON.stringify([
    await database.db.select().from(apiKeys),
    await database.db.select().from(audit),
  ]);
  expect(stored).not.toContain(secret);
  expect(stored).toContain(key.slice(0, 11));
});

test('a wrong secret, an expired key and a revoked key are nobody', async () => {
  const { key, id } = await make('short lived', new Date(Date.now() + 3_600_000).toISOString());
  const wrong = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
  expect(await authenticateKey(database.db, wrong)).toBeNull();
  expect(await authenticateKey(database.db, 'bk_')).toBeNull();
  expect(await authenticateKey(database.db, key)).not.toBeNull();
  await database.db
    .update(apiKeys)
    .set({ expiresAt: new Date(Date.now() - 1000) })
    .where(eq(apiKeys.id, id));
  expect(await authenticateKey(database.db, key)).toBeNull();

  const other = await make('revoked');
  await perform(database.db, system, revokeKey, null, { key_id: other.id });
  await perform(database.db, system, revokeKey, null, { key_id: other.id });
  expect(await authenticateKey(database.db, other.key)).toBeNull();
  const states = (await listKeys(database.db)).items.map((item) => [item.name, item.state]);
  expect(states).toEqual(
    expect.arrayContaining([
      ['short lived', 'expired'],
      ['revoked', 'revoked'],
      ['hidden', 'active'],
    ]),
  );
  const revocations = (await database.db.select().from(audit)).filter(
    (row) => row.entityId === other.id && row.operation === 'revoke_key',
  );
  expect(revocations).toHaveLength(1);
});

test('the last use is noted at most once a minute', async () => {
  const { key, id } = await make('busy');
  const used = async () =>
    (await database.db.select().from(apiKeys).where(eq(apiKeys.id, id)))[0]?.lastUsedAt ?? null;
  await authenticateKey(database.db, key);
  const first = await used();
  expect(first).not.toBeNull();
  await authenticateKey(database.db, key);
  expect(await used()).toEqual(first);
  const longAgo = new Date(Date.now() - 120_000);
  await database.db.update(apiKeys).set({ lastUsedAt: longAgo }).where(eq(apiKeys.id, id));
  await authenticateKey(database.db, key);
  expect((await used())?.getTime()).toBeGreaterThan(longAgo.getTime());
});

test('nobody without keys.manage makes a key, and nobody gives more than they hold', async () => {
  const wanted = { name: 'x', grants: [{ role: 'viewer', scope: 'real' }] };
  const operator: Actor = {
    kind: 'user',
    id: 'u',
    name: 'Operator',
    grants: [{ role: 'operator', scope: '*' }],
  };
  await expect(perform(database.db, operator, createKey, null, wanted)).rejects.toMatchObject({
    status: 403,
  });
  await expect(
    perform(database.db, system, createKey, null, { ...wanted, expires_at: '2020-01-01T00:00:00Z' }),
  ).rejects.toMatchObject({
    issues: [{ path: ['expires_at'], code: 'in_the_past' }],
  });
});

test('the list pages by name', async () => {
  const first = await listKeys(database.db, { limit: 2 });
  const rest = await listKeys(database.db, { cursor: first.next_cursor ?? undefined });
  const names = [...first.items, ...rest.items].map((item) => item.name);
  expect(names).toEqual([...names].sort());
  expect(new Set(names).size).toBe((await database.db.select().from(apiKeys)).length);
});
