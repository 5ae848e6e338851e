import { describe, expect, it } from 'vitest';
import { Problem } from '#domain/core/errors.ts';
import {
  type Actor,
  type Permission,
  type Role,
  allows,
  instancePermissions,
  permissions,
  requirePermission,
  role,
  sees,
} from './access.ts';

const holding = (...grants: { role: Role; scope: string }[]): Actor => ({
  kind: 'user',
  id: 'u1',
  name: 'Kim',
  grants,
});
const granted = (actor: Actor, scope: string | null) =>
  permissions.filter((permission) => allows(actor, permission, scope));

const reading: Permission[] = ['jobs.view', 'runs.view', 'engine.view', 'traders.view', 'orders.view'];
const byRole: Record<Role, Permission[]> = {
  viewer: reading,
  operator: [
    ...reading,
    'jobs.run',
    'jobs.edit',
    'runs.control',
    'runs.consume',
    'engine.edit',
    'calendars.edit',
    'locks.control',
  ],
  dealer: [...reading, 'traders.control', 'orders.control', 'kill_switch.set'],
  admin: [...permissions],
};

describe('the permission table', () => {
  it.each(role.options)('%s in every scope', (name) => {
    expect(granted(holding({ role: name, scope: '*' }), 'real').sort()).toEqual([...byRole[name]].sort());
    expect(granted(holding({ role: name, scope: '*' }), null).sort()).toEqual([...byRole[name]].sort());
  });

  it.each(role.options)('%s in one scope: nothing elsewhere, nothing of the instance', (name) => {
    const actor = holding({ role: name, scope: 'mock' });
    const local = byRole[name].filter((permission) => !instancePermissions.has(permission));
    expect(granted(actor, 'mock').sort()).toEqual(local.sort());
    expect(granted(actor, 'real')).toEqual([]);
    expect(granted(actor, null)).toEqual([]);
  });

  it('adds roles up', () => {
    const both = holding({ role: 'operator', scope: 'real' }, { role: 'dealer', scope: 'real' });
    expect(new Set(granted(both, 'real'))).toEqual(new Set([...byRole.operator, ...byRole.dealer]));
  });

  it('gives a listener jobs and last-run in its one scope, and nothing else', () => {
    const listener: Actor = { kind: 'listener', id: 'compat-mock', name: 'mock', scope: 'mock' };
    expect(granted(listener, 'mock')).toEqual(['jobs.view', 'jobs.run', 'jobs.edit', 'runs.consume']);
    expect([granted(listener, 'real'), granted(listener, null), granted(listener, '*')]).toEqual([
      [],
      [],
      [],
    ]);
    expect([sees(listener, 'mock'), sees(listener, 'real')]).toEqual([true, false]);
  });

  it('gives nothing without a grant, to keys as to people, and everything to the system', () => {
    expect(granted(holding(), 'real')).toEqual([]);
    expect(
      granted({ kind: 'key', id: 'k', name: 'bot', grants: [{ role: 'operator', scope: 'mock' }] }, 'real'),
    ).toEqual([]);
    expect(granted({ kind: 'system', id: 's', name: 'engine' }, 'real')).toEqual([...permissions]);
  });

  it('does not take a scope of the name "*" for all scopes', () => {
    expect(allows(holding({ role: 'admin', scope: 'real' }), 'jobs.view', '*')).toBe(false);
  });
});

describe('sees', () => {
  it('is any role in the scope or in all', () => {
    expect(sees(holding({ role: 'viewer', scope: 'mock' }), 'mock')).toBe(true);
    expect(sees(holding({ role: 'viewer', scope: 'mock' }), 'real')).toBe(false);
    expect(sees(holding({ role: 'viewer', scope: '*' }), 'real')).toBe(true);
  });
});

describe('requirePermission', () => {
  it('throws a 403 that names the permission and the scope', () => {
    const viewer = holding({ role: 'viewer', scope: 'mock' });
    expect(() => requirePermission(viewer, 'jobs.view', 'mock')).not.toThrow();
    let thrown: unknown;
    try {
      requirePermission(viewer, 'jobs.edit', 'mock');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Problem);
    expect(thrown).toMatchObject({
      status: 403,
      code: 'forbidden',
      params: { permission: 'jobs.edit', scope: 'mock' },
    });
  });
});
