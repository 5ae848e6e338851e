import { and, eq, isNull, sql } from 'drizzle-orm';
import { type Actor, type Grant, allows } from '#domain/access/access.ts';
import { administers, mayGrant, tidyGrants } from '#domain/access/grants.ts';
import { Problem, conflict, invalidField, notFound } from '#domain/core/errors.ts';
import type { Transaction } from '#db/core/client.ts';
import { scopes } from '#db/scopes/schema.ts';
import { userRoles, users } from './schema.ts';

export type UserRow = typeof users.$inferSelect;

/** Changes of people go one after another, so that a check ("is there another administrator?") still holds at commit. */
export async function lockPeople(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('bellkeeper.people', 0))`);
}

/** @throws Problem 404 user_not_found. */
export async function fetchUser(tx: Transaction, id: string): Promise<UserRow> {
  const [row] = await tx.select().from(users).where(eq(users.id, id)).for('update');
  if (row === undefined) throw notFound('user', id);
  return row;
}

export async function grantsOf(tx: Transaction, userId: string): Promise<Grant[]> {
  const rows = await tx
    .select({ role: userRoles.role, scope: userRoles.scope })
    .from(userRoles)
    .where(eq(userRoles.userId, userId));
  return tidyGrants(rows);
}

export async function ownerExists(tx: Transaction): Promise<boolean> {
  const rows = await tx.select({ id: users.id }).from(users).where(eq(users.isOwner, true)).limit(1);
  return rows.length > 0;
}

/** @throws Problem 409 email_taken. Call under `lockPeople`. */
export async function requireFreeEmail(tx: Transaction, email: string): Promise<void> {
  const rows = await tx
    .select({ id: users.id })
    .from(users)
    .where(sql`lower(${users.email}) = ${email.toLowerCase()}`);
  if (rows.length > 0)
    throw conflict('email_taken', `There is already a user with the address ${email}.`, { email });
}

/**
 * Grants that may be handed out: of scopes that exist, and no more than the actor holds.
 * @throws Problem 400 naming the field, 403 grant_exceeds.
 */
export async function checkGrants(tx: Transaction, actor: Actor, wanted: readonly Grant[]): Promise<Grant[]> {
  const known = new Set((await tx.select({ name: scopes.name }).from(scopes)).map((row) => row.name));
  for (const [index, grant] of wanted.entries()) {
    if (grant.scope !== '*' && !known.has(grant.scope)) {
      throw invalidField(`grants.${index}.scope`, 'unknown_scope', `there is no scope "${grant.scope}"`, {
        scope: grant.scope,
      });
    }
    if (!mayGrant(actor, grant)) {
      throw new Problem(
        'forbidden',
        'grant_exceeds',
        `${actor.name} cannot give ${grant.role} in ${grant.scope}: they do not hold it.`,
        {
          role: grant.role,
          scope: grant.scope,
        },
      );
    }
  }
  return tidyGrants(wanted);
}

/** Refuses what would leave nobody to administer the instance. Call under `lockPeople`, before the change. */
export async function keepAdministrator(
  tx: Transaction,
  user: UserRow,
  held: readonly Grant[],
): Promise<void> {
  if (user.isOwner) {
    throw conflict('owner_stays', `${user.name} is the owner: the owner stays an enabled administrator.`, {
      name: user.name,
    });
  }
  if (!administers(held) || user.disabledAt !== null) return;
  const others = await tx
    .select({ id: users.id })
    .from(users)
    .innerJoin(userRoles, eq(userRoles.userId, users.id))
    .where(
      and(
        isNull(users.disabledAt),
        eq(userRoles.role, 'admin'),
        eq(userRoles.scope, '*'),
        sql`${users.id} <> ${user.id}`,
      ),
    )
    .limit(1);
  if (others.length === 0) {
    throw conflict('last_admin', `${user.name} is the last administrator: make another one first.`, {
      name: user.name,
    });
  }
}

/** Whether the actor may act on this user's credentials: nobody but the owner (or the terminal) on the owner's. */
export function requireOverUser(actor: Actor, user: UserRow): void {
  if (!user.isOwner || actor.kind === 'system' || actor.id === user.id) return;
  throw new Problem('forbidden', 'owner_protected', `Only ${user.name}, the owner, may change this.`, {
    name: user.name,
  });
}

/** The user who acts. @throws Problem 403 for keys and engine processes, which have no account. */
export function requirePerson(actor: Actor): { readonly id: string; readonly name: string } {
  if (actor.kind === 'user') return actor;
  throw new Problem('forbidden', 'people_only', 'Only a signed-in person can do this.');
}

export function managesUsers(actor: Actor): boolean {
  return allows(actor, 'users.manage', null);
}
