import { type Actor, type Grant, allows, instancePermissions, permissionTable } from './access.ts';

/** The same grants once each, in a stable order. */
export function tidyGrants(grants: readonly Grant[]): Grant[] {
  const unique = new Map(
    grants.map((held) => [`${held.scope}\n${held.role}`, { role: held.role, scope: held.scope }]),
  );
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, held]) => held);
}

/** Whether these grants make an administrator of the whole instance. */
export function administers(grants: readonly Grant[]): boolean {
  return grants.some((held) => held.role === 'admin' && held.scope === '*');
}

/** Whether the actor holds every permission the grant would give: nobody hands out more than they have. */
export function mayGrant(actor: Actor, wanted: Grant): boolean {
  return [...permissionTable[wanted.role]].every((permission) => {
    if (wanted.scope === '*') return allows(actor, permission, null);
    // In one scope the role gives no instance permission, so none has to be held.
    return instancePermissions.has(permission) || allows(actor, permission, wanted.scope);
  });
}
