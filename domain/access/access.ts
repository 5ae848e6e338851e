import { z } from 'zod';
import { Problem } from '#domain/core/errors.ts';

/** What a person or key may be. Roles add up; each is held for one scope or for all (`*`). */
export const role = z.enum(['viewer', 'operator', 'dealer', 'admin']);
export type Role = z.output<typeof role>;

export const permissions = [
  'jobs.view',
  'jobs.run',
  'jobs.edit',
  'runs.view',
  'runs.control',
  'runs.consume',
  'engine.view',
  'engine.edit',
  'calendars.edit',
  'locks.control',
  'traders.view',
  'traders.control',
  'orders.view',
  'orders.control',
  'kill_switch.set',
  'audit.view',
  'users.manage',
  'keys.manage',
  'settings.manage',
] as const;
export type Permission = (typeof permissions)[number];

const viewer = ['jobs.view', 'runs.view', 'engine.view', 'traders.view', 'orders.view'] as const;
const operator = [
  ...viewer,
  'jobs.run',
  'jobs.edit',
  'runs.control',
  'runs.consume',
  'engine.edit',
  'calendars.edit',
  'locks.control',
] as const;
const dealer = [...viewer, 'traders.control', 'orders.control', 'kill_switch.set'] as const;

/** The one permission table. Running a job and editing it are separate permissions. */
export const permissionTable: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(viewer),
  operator: new Set(operator),
  dealer: new Set(dealer),
  admin: new Set(permissions),
};

/** Permissions that belong to the whole instance: only a role held for `*` grants them. */
export const instancePermissions: ReadonlySet<Permission> = new Set([
  'audit.view',
  'users.manage',
  'keys.manage',
  'settings.manage',
]);

export const grant = z.object({ role, scope: z.string() });
/** A role held in one scope, or in all of them (`scope: '*'`). */
export type Grant = z.output<typeof grant>;

/** What a listener for older schedulers lets callers do, in its one scope: whoever is on this machine calls unnamed. */
export const listenerPermissions: ReadonlySet<Permission> = new Set([
  'jobs.view',
  'jobs.run',
  'jobs.edit',
  'runs.consume',
]);

/**
 * Who acts. Engine processes act as `system`; everything else names a user, a key, or the listener without keys that
 * a request came in by.
 */
export type Actor =
  | { readonly kind: 'user'; readonly id: string; readonly name: string; readonly grants: readonly Grant[] }
  | { readonly kind: 'key'; readonly id: string; readonly name: string; readonly grants: readonly Grant[] }
  | { readonly kind: 'listener'; readonly id: string; readonly name: string; readonly scope: string }
  | { readonly kind: 'system'; readonly id: string; readonly name: string };

/**
 * Whether the actor may do this here.
 * @param scope the scope's name, or null for an act on the whole instance.
 */
export function allows(actor: Actor, permission: Permission, scope: string | null): boolean {
  if (actor.kind === 'system') return true;
  if (actor.kind === 'listener') return scope === actor.scope && listenerPermissions.has(permission);
  return actor.grants.some(
    (held) =>
      permissionTable[held.role].has(permission) &&
      (held.scope === '*' ||
        (scope !== null && held.scope === scope && !instancePermissions.has(permission))),
  );
}

/** Whether the actor may see the scope at all. */
export function sees(actor: Actor, scope: string): boolean {
  if (actor.kind === 'listener') return actor.scope === scope;
  return actor.kind === 'system' || actor.grants.some((held) => held.scope === '*' || held.scope === scope);
}

/** Throws a 403 problem that names the missing permission. */
export function requirePermission(actor: Actor, permission: Permission, scope: string | null): void {
  if (allows(actor, permission, scope)) return;
  throw new Problem(
    'forbidden',
    'forbidden',
    `${actor.name} lacks the permission ${permission} in ${scope ?? 'the instance'}.`,
    { permission, scope: scope ?? '*' },
  );
}
