import { expect, test } from 'vitest';
import { type Actor, permissions, allows, instancePermissions, role } from './access.ts';
import { bearerOf, keyPrefix, parseApiKey } from './api-key.ts';
import { administers, mayGrant, tidyGrants } from './grants.ts';

const secret = 'A'.repeat(40) + '_-9';
const actor = (...grants: Extract<Actor, { kind: 'user' }>['grants']): Actor => ({
  kind: 'user',
  id: 'u',
  name: 'U',
  grants,
});

test('a key is parsed into its prefix and secret, or not at all', () => {
  expect(parseApiKey(`bk_ab12cd34_${secret}`)).toEqual({ prefix: 'bk_ab12cd34', secret });
  for (const wrong of [
    '',
    'bk_',
    `bk_ab12cd34_${secret}x`,
    `bk_AB12cd34_${secret}`,
    `sk_ab12cd34_${secret}`,
    ` bk_ab12cd34_${secret}`,
    `bk_ab12cd34_${secret}\n`,
  ]) {
    expect(parseApiKey(wrong), wrong).toBeNull();
  }
  expect(keyPrefix(new Uint8Array([0, 1, 26, 35, 36, 71, 72, 255, 9]))).toMatch(/^bk_[a-z0-9]{8}$/);
});

test('the bearer of a header', () => {
  expect(bearerOf('Bearer abc')).toBe('abc');
  expect(bearerOf('bearer   abc ')).toBe('abc');
  for (const header of [null, '', 'abc', 'Basic abc', 'Bearer', 'Bearer a b'])
    expect(bearerOf(header)).toBeNull();
});

test('nobody gives more than they hold', () => {
  const all = role.options.flatMap((name) => ['*', 'real', 'mock'].map((scope) => ({ role: name, scope })));
  for (const held of all) {
    for (const wanted of all) {
      const gained = permissions.filter((permission) =>
        (instancePermissions.has(permission) ? [null] : [null, 'real', 'mock', 'rehearsal-1']).some(
          (scope) => allows(actor(wanted), permission, scope) && !allows(actor(held), permission, scope),
        ),
      );
      expect(
        mayGrant(actor(held), wanted),
        `${held.role}@${held.scope} gives ${wanted.role}@${wanted.scope}`,
      ).toBe(gained.length === 0);
    }
  }
});

test('an administrator of the instance holds admin for all scopes', () => {
  expect(administers([{ role: 'admin', scope: 'real' }])).toBe(false);
  expect(
    administers([
      { role: 'viewer', scope: 'real' },
      { role: 'admin', scope: '*' },
    ]),
  ).toBe(true);
  const twice = [
    { role: 'viewer', scope: 'real' },
    { role: 'viewer', scope: 'real' },
    { role: 'admin', scope: '*' },
  ] as const;
  expect(tidyGrants(twice)).toEqual([
    { role: 'admin', scope: '*' },
    { role: 'viewer', scope: 'real' },
  ]);
});
