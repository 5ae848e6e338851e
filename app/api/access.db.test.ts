import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Grant, type Role, instancePermissions, permissionTable, role } from '#domain/access/access.ts';
import { closeStreams } from '#app/_server/live/process-hub.ts';
import { listedOperations } from '#app/_server/api/registry.ts';
import { testApi, type TestApi } from '#app/_server/api/testing.ts';

let api: TestApi;
const keys = new Map<string, string>();

/** Who calls: each role in the path's scope, in all scopes, and in another scope. */
const callers: readonly { readonly name: string; readonly grants: readonly Grant[] }[] = role.options.flatMap(
  (held) => [
    { name: `${held} of real`, grants: [{ role: held, scope: 'real' }] },
    { name: `${held} of all`, grants: [{ role: held, scope: '*' }] },
    { name: `${held} of mock`, grants: [{ role: held, scope: 'mock' }] },
  ],
);

beforeAll(async () => {
  api = await testApi();
  for (const { name, grants } of callers) keys.set(name, await api.keyOf(...grants));
});
afterAll(async () => {
  await closeStreams();
  await api[Symbol.asyncDispose]();
});

function pathOf(pattern: string): string {
  return pattern
    .replace('{scope}', 'real')
    .replace('{run_id}', '01890000-0000-7000-8000-000000000000')
    .replaceAll(/\{\w+\}/g, '1');
}

/** What the permission table says of this grant and operation in `real`. */
function expected(grants: readonly Grant[], operation: (typeof operations)[number]['operation']): boolean {
  const { permission, scope } = operation;
  if (permission === 'public' || permission === 'signed-in') return true;
  return grants.some(
    (held: { role: Role; scope: string }) =>
      permissionTable[held.role].has(permission) &&
      (held.scope === '*' || (scope && held.scope === 'real' && !instancePermissions.has(permission))),
  );
}

const operations = listedOperations();
const guarded = operations.filter(({ operation }) => operation.permission !== 'public');

async function codeOf(response: Response): Promise<string | null> {
  if (response.headers.get('content-type')?.includes('problem') !== true) {
    await response.body?.cancel();
    return null;
  }
  const body: unknown = await response.json();
  return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : null;
}

describe.each(guarded.map((listed) => [`${listed.method} ${listed.path}`, listed] as const))(
  '%s',
  (_name, { method, path, operation }) => {
    const send = (key?: string) =>
      api.call(method, pathOf(path), {
        ...(key === undefined ? {} : { key }),
        ...(method === 'GET' ? {} : { body: '{"broken' }),
      });

    test('nobody, an unknown key and a broken header are 401 before the body is looked at', async () => {
      for (const response of [
        await send(),
        await send(`bk_abcdefgh_${'A'.repeat(43)}`),
        await send('nonsense'),
      ]) {
        expect([response.status, await codeOf(response)]).toEqual([401, 'unauthenticated']);
        expect(response.headers.get('www-authenticate')).toContain('Bearer');
      }
    });

    test('each role as the permission table says, before the body is looked at', async () => {
      for (const { name, grants } of callers) {
        const response = await send(keys.get(name));
        const code = await codeOf(response);
        const allowed = expected(grants, operation);
        if (allowed && (operation.permission === 'signed-in' || code === 'people_only'))
          expect([401, 'forbidden'], name).not.toContain(code);
        else expect(response.status === 403, `${name}: ${response.status} ${code}`).toBe(!allowed);
      }
    });
  },
);

test('public operations are these and no others', () => {
  const open = operations
    .filter(({ operation }) => operation.permission === 'public')
    .map(({ path }) => path);
  expect(open.toSorted()).toEqual([
    '/api/auth/setup',
    '/api/auth/sign-in',
    '/api/auth/sign-out',
    '/api/health',
  ]);
});
