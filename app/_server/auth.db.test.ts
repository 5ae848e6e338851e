import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { completeSetup, createSetupLink, setupActor } from '#db/access/setup.ts';
import { createKey } from '#db/access/keys.ts';
import { createUser, disableUser } from '#db/access/users.ts';
import { listSignIns } from '#db/access/queries.ts';
import { listAudit } from '#db/audit/queries.ts';
import { perform } from '#db/core/operation.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { actorOf } from './actor.ts';
import { signInOf } from './auth.ts';
import { signIn, signOut } from './auth-sign-in.ts';
import { db } from './db.ts';

const url = 'http://127.0.0.1:4321';
const email = 'owner@desk.test';
const password = 'correct horse battery';
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('DATABASE_URL_WEB', '');
  vi.stubEnv('BELLKEEPER_SECRET', 'a secret of enough characters');
  vi.stubEnv('BELLKEEPER_URL', url);
  vi.stubEnv('PORT', '4321');
});
afterAll(async () => {
  await db().$client.end({ timeout: 2 });
  await database[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
});

/** Signs in and answers the cookie as a browser sends it back. */
async function cookieOf(who: string): Promise<string> {
  const headers = new Headers({ 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0' });
  const cookies = await signIn(headers, { email: who, password });
  return cookies.map((cookie) => cookie.split(';')[0]).join('; ');
}
const ask = (headers: Record<string, string>, method = 'GET') =>
  actorOf(new Request(`${url}/api/v1/real/jobs`, { method, headers }));

test('nobody is let in before there is an owner, except a key made at the terminal', async () => {
  await expect(ask({})).rejects.toMatchObject({ status: 503, code: 'setup_required' });
  await expect(ask({ authorization: 'Bearer nonsense' })).rejects.toMatchObject({ code: 'setup_required' });
  const { key } = await perform(database.db, setupActor, createKey, null, {
    name: 'early',
    grants: [{ role: 'viewer', scope: 'mock' }],
  });
  expect(await ask({ authorization: `Bearer ${key}` })).toMatchObject({ kind: 'key', name: 'early' });

  const { token } = await perform(database.db, setupActor, createSetupLink, null, {});
  await perform(database.db, setupActor, completeSetup, null, { token, name: 'Owner', email, password });
  expect(await ask({})).toBeNull();
});

test('a sign-in is a cookie, a row and an audit record', async () => {
  const cookies = await signIn(new Headers({ 'user-agent': 'Firefox' }), {
    email: 'OWNER@desk.test',
    password,
  });
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatch(
    /^bellkeeper\.sign_in=[^;]+; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/i,
  );
  const cookie = cookies[0]?.split(';')[0] ?? '';
  const current = await signInOf(new Headers({ cookie }));
  expect(current).toMatchObject({ email });
  expect(await ask({ cookie })).toMatchObject({
    kind: 'user',
    name: 'Owner',
    grants: [{ role: 'admin', scope: '*' }],
  });
  const [row] = (await listSignIns(database.db, { userId: current?.userId })).items;
  expect(row).toMatchObject({ address: '127.0.0.1', user_agent: 'Firefox' });
  expect((await listAudit(database.db, { operation: 'sign_in' })).items[0]).toMatchObject({
    actor: { name: 'Owner' },
    after: { address: '127.0.0.1' },
  });

  expect(await signInOf(new Headers({ cookie: `${cookie.slice(0, -2)}AA` }))).toBeNull();
  const cleared = await signOut(new Headers({ cookie }), 'request-1');
  expect(cleared[0]).toMatch(/Max-Age=0/i);
  expect(await ask({ cookie })).toBeNull();
});

test('a change with the cookie comes from our own pages; a bad key never falls back to the cookie', async () => {
  const cookie = await cookieOf(email);
  await expect(ask({ cookie, origin: 'https://evil.test' }, 'POST')).rejects.toMatchObject({
    code: 'origin_refused',
  });
  await expect(ask({ cookie }, 'DELETE')).rejects.toMatchObject({ code: 'origin_refused' });
  expect(await ask({ cookie, origin: url }, 'POST')).toMatchObject({ kind: 'user' });
  expect(await ask({ cookie, authorization: 'Bearer bk_nope' })).toBeNull();
});

test('a disabled person is out at once and their password opens nothing', async () => {
  const user = await perform(database.db, setupActor, createUser, null, {
    name: 'Leaver',
    email: 'leaver@desk.test',
    password,
    grants: [],
  });
  const cookie = await cookieOf(user.email);
  expect(await ask({ cookie })).toMatchObject({ id: user.id });
  await perform(database.db, setupActor, disableUser, null, { user_id: user.id });
  expect(await ask({ cookie })).toBeNull();
  await expect(cookieOf(user.email)).rejects.toMatchObject({ status: 401, code: 'sign_in_failed' });
});

const attempt = (who: string) =>
  signIn(new Headers(), { email: who, password: 'a wrong password' }).catch((error: unknown) => error);

test('guessing is refused after ten failures, and unknown people look the same as known ones', async () => {
  expect(await attempt('nobody@desk.test')).toMatchObject({ status: 401, code: 'sign_in_failed' });
  for (let at = 0; at < 10; at += 1) expect(await attempt(email)).toMatchObject({ code: 'sign_in_failed' });
  expect(await attempt(email)).toMatchObject({ status: 429, code: 'too_many_sign_ins' });
  await expect(signIn(new Headers(), { email, password })).rejects.toMatchObject({ status: 429 });
  const failures = (await listAudit(database.db, { operation: 'sign_in_failed' })).items;
  expect(failures.length).toBeGreaterThanOrEqual(10);
  expect(JSON.stringify(failures)).not.toContain('nobody@desk.test');
});
