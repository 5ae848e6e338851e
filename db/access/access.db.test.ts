import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor, Grant } from '#domain/access/access.ts';
import { listAudit } from '#db/audit/queries.ts';
import { perform } from '#db/core/operation.ts';
import { audit } from '#db/core/schema.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { changePassword, resetPassword } from './passwords.ts';
import { actorOfUser, hasOwner, listSignIns, listUsers } from './queries.ts';
import { countSignIn, forgetSignIn } from './rate-limit.ts';
import { credentials, setupLinks, signIns, users } from './schema.ts';
import { verifyPassword } from './secrets.ts';
import { completeSetup, createOwner, createSetupLink, setupActor } from './setup.ts';
import { revokeOtherSignIns, revokeSignIn } from './sign-ins.ts';
import { createUser, disableUser, enableUser, setGrants } from './users.ts';

const system: Actor = { kind: 'system', id: 'test', name: 'test' };
const password = 'a long enough password';
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

async function actor(userId: string): Promise<Actor> {
  const found = await actorOfUser(database.db, userId);
  if (found === null) throw new Error(`user ${userId} is no actor`);
  return found;
}

async function addUser(email: string, grants: readonly Grant[]) {
  return perform(database.db, system, createUser, null, {
    name: email.split('@')[0],
    email,
    password,
    grants,
  });
}

async function addSignIn(userId: string, id: string): Promise<void> {
  const expiresAt = new Date(Date.now() + 60_000);
  await database.db.insert(signIns).values({ id, userId, token: `token-${id}`, expiresAt });
}

describe('set-up', () => {
  test('one link, many at once: one owner', async () => {
    const { db } = database;
    const old = await perform(db, setupActor, createSetupLink, null, {});
    const { token } = await perform(db, setupActor, createSetupLink, null, {});
    expect(JSON.stringify(await db.select().from(setupLinks))).not.toContain(token);
    await expect(
      perform(db, setupActor, completeSetup, null, {
        token: old.token,
        name: 'Old',
        email: 'old@desk.test',
        password,
      }),
    ).rejects.toMatchObject({ code: 'setup_link_invalid' });

    const tries = await Promise.allSettled(
      Array.from({ length: 6 }, (_, i) =>
        perform(db, setupActor, completeSetup, null, {
          token,
          name: `Owner ${i}`,
          email: `Owner${i}@Desk.test`,
          password,
        }),
      ),
    );
    const won = tries.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const lost of tries.filter((result) => result.status === 'rejected')) {
      expect(lost.reason).toMatchObject({ status: 409, code: 'owner_exists' });
    }
    expect(await hasOwner(db)).toBe(true);
    const owners = await db.select().from(users).where(eq(users.isOwner, true));
    expect(owners).toHaveLength(1);
    expect(owners[0]?.email).toMatch(/^owner\d@desk\.test$/);
    expect(await actor(owners[0]?.id ?? '')).toMatchObject({
      kind: 'user',
      grants: [{ role: 'admin', scope: '*' }],
    });
    await expect(perform(db, setupActor, createSetupLink, null, {})).rejects.toMatchObject({
      code: 'owner_exists',
    });
  });

  test('an expired link and a short password make nobody', async () => {
    await using other = await testDatabase();
    const { token } = await perform(other.db, setupActor, createSetupLink, null, {});
    const person = { token, name: 'Owner', email: 'owner@desk.test' };
    await expect(
      perform(other.db, setupActor, completeSetup, null, { ...person, password: 'short' }),
    ).rejects.toMatchObject({
      status: 400,
      issues: [{ path: ['password'] }],
    });
    await other.db.update(setupLinks).set({ expiresAt: new Date(Date.now() - 1000) });
    await expect(
      perform(other.db, setupActor, completeSetup, null, { ...person, password }),
    ).rejects.toMatchObject({
      status: 403,
      code: 'setup_link_invalid',
    });
    expect(await hasOwner(other.db)).toBe(false);
  });

  test('the owner from the environment, twice', async () => {
    await using other = await testDatabase();
    const first = await perform(other.db, setupActor, createOwner, null, {
      email: 'Env@Desk.test',
      password,
    });
    const again = await perform(other.db, setupActor, createOwner, null, {
      email: 'other@desk.test',
      password: 'another long password',
    });
    expect(first).toMatchObject({
      created: true,
      email: 'env@desk.test',
      is_owner: true,
      has_password: true,
    });
    expect(again).toMatchObject({ created: false, id: first.id });
    const [row] = await other.db.select().from(credentials);
    expect(await verifyPassword(row?.password ?? '', password)).toBe(true);
  });
});

describe('people', () => {
  test('only administrators manage people, and a role in one scope is none over the instance', async () => {
    const operator = await addUser('operator@desk.test', [{ role: 'operator', scope: '*' }]);
    const scoped = await addUser('scoped-admin@desk.test', [{ role: 'admin', scope: 'mock' }]);
    for (const id of [operator.id, scoped.id]) {
      const who = await actor(id);
      const wanted = { name: 'X', email: 'x@desk.test', grants: [] };
      await expect(perform(database.db, who, createUser, null, wanted)).rejects.toMatchObject({
        status: 403,
        code: 'forbidden',
      });
      await expect(
        perform(database.db, who, setGrants, null, { user_id: id, grants: [{ role: 'admin', scope: '*' }] }),
      ).rejects.toMatchObject({ status: 403 });
      await expect(perform(database.db, who, disableUser, null, { user_id: id })).rejects.toMatchObject({
        status: 403,
      });
    }
  });

  test('an address is one person, whatever its case; a scope must exist', async () => {
    await expect(addUser('OPERATOR@desk.test', [])).rejects.toMatchObject({
      status: 409,
      code: 'email_taken',
    });
    await expect(addUser('new@desk.test', [{ role: 'viewer', scope: 'nowhere' }])).rejects.toMatchObject({
      status: 400,
      issues: [{ path: ['grants', '0', 'scope'], code: 'unknown_scope' }],
    });
  });

  test('disabling ends sign-ins and the actor; enabling brings them back', async () => {
    const user = await addUser('leaver@desk.test', [{ role: 'dealer', scope: 'real' }]);
    await addSignIn(user.id, 'leaver-1');
    await addSignIn(user.id, 'leaver-2');
    await perform(database.db, system, disableUser, null, { user_id: user.id });
    expect(await actorOfUser(database.db, user.id)).toBeNull();
    expect((await listSignIns(database.db, { userId: user.id })).items).toEqual([]);
    await perform(database.db, system, enableUser, null, { user_id: user.id });
    expect(await actor(user.id)).toMatchObject({ grants: [{ role: 'dealer', scope: 'real' }] });
  });

  test('the owner and the last administrator stay', async () => {
    await using other = await testDatabase();
    const { db } = other;
    const make = (email: string) =>
      perform(db, system, createUser, null, {
        name: email,
        email,
        password,
        grants: [{ role: 'admin', scope: '*' }],
      });
    const [a, b] = [await make('a@desk.test'), await make('b@desk.test')];
    const both = await Promise.allSettled([
      perform(db, system, disableUser, null, { user_id: a.id }),
      perform(db, system, setGrants, null, { user_id: b.id, grants: [{ role: 'viewer', scope: '*' }] }),
    ]);
    expect(both.filter((result) => result.status === 'rejected').map((result) => result.reason.code)).toEqual(
      ['last_admin'],
    );

    const owner = await perform(db, setupActor, createOwner, null, { email: 'owner@desk.test', password });
    await expect(perform(db, system, disableUser, null, { user_id: owner.id })).rejects.toMatchObject({
      code: 'owner_stays',
    });
    await expect(
      perform(db, system, setGrants, null, { user_id: owner.id, grants: [] }),
    ).rejects.toMatchObject({ code: 'owner_stays' });
  });

  test('the list pages by address', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listUsers>> = await listUsers(database.db, {
        limit: 2,
        cursor: cursor ?? undefined,
      });
      seen.push(...page.items.map((user) => user.email));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toContain('leaver@desk.test');
  });
});

describe('passwords and sign-ins', () => {
  test('an administrator resets others but not the owner; sign-ins end', async () => {
    const admin = await actor((await addUser('admin2@desk.test', [{ role: 'admin', scope: '*' }])).id);
    const user = await addUser('forgetful@desk.test', []);
    await addSignIn(user.id, 'forgetful-1');
    const reset = await perform(database.db, admin, resetPassword, null, {
      user_id: user.id,
      password: 'brand new password',
    });
    expect(reset.sign_ins_ended).toBe(1);
    const [owner] = await database.db.select().from(users).where(eq(users.isOwner, true));
    await expect(
      perform(database.db, admin, resetPassword, null, {
        user_id: owner?.id ?? '',
        password: 'brand new password',
      }),
    ).rejects.toMatchObject({ status: 403, code: 'owner_protected' });
  });

  test("changing one's own asks for the current one and keeps this sign-in", async () => {
    const user = await addUser('changer@desk.test', []);
    const self = await actor(user.id);
    await addSignIn(user.id, 'here');
    await addSignIn(user.id, 'elsewhere');
    const change = { new_password: 'the next password', keep_sign_in: 'here' };
    await expect(
      perform(database.db, self, changePassword, null, { ...change, current_password: 'not this one' }),
    ).rejects.toMatchObject({ status: 400, issues: [{ path: ['current_password'] }] });
    await perform(database.db, self, changePassword, null, { ...change, current_password: password });
    expect((await listSignIns(database.db, { userId: user.id })).items.map((item) => item.id)).toEqual([
      'here',
    ]);
  });

  test("people end their own sign-ins; another's does not exist to them", async () => {
    const [mine, theirs] = [await addUser('mine@desk.test', []), await addUser('theirs@desk.test', [])];
    await addSignIn(mine.id, 'mine-1');
    await addSignIn(mine.id, 'mine-2');
    await addSignIn(mine.id, 'mine-3');
    await addSignIn(theirs.id, 'theirs-1');
    const self = await actor(mine.id);
    await expect(
      perform(database.db, self, revokeSignIn, null, { sign_in_id: 'theirs-1' }),
    ).rejects.toMatchObject({ status: 404 });
    await perform(database.db, self, revokeSignIn, null, { sign_in_id: 'mine-1' });
    await perform(database.db, self, revokeOtherSignIns, null, { keep_sign_in: 'mine-2' });
    const left = await listSignIns(database.db, { userId: mine.id, currentId: 'mine-2' });
    expect(left.items).toMatchObject([{ id: 'mine-2', current: true }]);
  });

  test('attempts side by side are all counted; a success clears its own count', async () => {
    const source = { address: '203.0.113.7', email: 'mine@desk.test' };
    const tries = await Promise.allSettled(
      Array.from({ length: 15 }, () => countSignIn(database.db, source)),
    );
    const refused = tries.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(5);
    expect(refused[0]?.reason).toMatchObject({ status: 429, code: 'too_many_sign_ins' });
    await countSignIn(database.db, { ...source, email: 'theirs@desk.test' });
    await forgetSignIn(database.db, source);
    await countSignIn(database.db, source);
  });
});

describe('audit', () => {
  test('every change has its row, pages by cursor and never holds a password', async () => {
    const { db } = database;
    const rows = await db.select().from(audit);
    const operations = new Set(rows.map((row) => row.operation));
    for (const name of [
      'create_setup_link',
      'complete_setup',
      'create_user',
      'disable_user',
      'enable_user',
      'reset_password',
      'change_password',
      'revoke_sign_in',
    ]) {
      expect(operations, name).toContain(name);
    }
    const text = JSON.stringify(rows);
    const hashes = (await db.select().from(credentials)).flatMap((row) => row.password ?? []);
    for (const secret of [password, 'brand new password', 'the next password', 'token-', ...hashes])
      expect(text).not.toContain(secret);

    const first = await listAudit(db, { operation: 'create_user', limit: 2 });
    const second = await listAudit(db, {
      operation: 'create_user',
      limit: 2,
      cursor: first.next_cursor ?? '',
    });
    expect([...first.items, ...second.items].map((item) => Number(item.id))).toEqual(
      rows
        .filter((row) => row.operation === 'create_user')
        .map((row) => row.id)
        .sort((a, b) => b - a)
        .slice(0, 4),
    );
    await expect(db.delete(audit)).rejects.toThrow();
  });
});
