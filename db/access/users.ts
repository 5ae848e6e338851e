import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { createUserRequest, setGrantsRequest } from '#domain/access/requests.ts';
import { administers } from '#domain/access/grants.ts';
import type { UserView } from '#domain/access/view.ts';
import { instanceOperation } from '#db/core/operation.ts';
import {
  checkGrants,
  fetchUser,
  grantsOf,
  keepAdministrator,
  lockPeople,
  requireFreeEmail,
  requireOverUser,
} from './guard.ts';
import { auditedUser, endSignIns, insertPerson, writeGrants } from './people.ts';
import { getUser } from './queries.ts';
import { users } from './schema.ts';
import { hashPassword } from './secrets.ts';

const onUser = z.strictObject({ user_id: z.string().min(1).max(200) });

/** Adds a person. Without a password they cannot sign in until one is set. */
export const createUser = instanceOperation({
  name: 'create_user',
  permission: 'users.manage',
  input: createUserRequest,
  async run(context, input): Promise<UserView> {
    const { tx, actor, now } = context;
    const passwordHash = input.password === undefined ? null : await hashPassword(input.password);
    await lockPeople(tx);
    await requireFreeEmail(tx, input.email);
    const grants = await checkGrants(tx, actor, input.grants);
    const user = await insertPerson(
      tx,
      { name: input.name, email: input.email, passwordHash, grants, isOwner: false },
      now,
    );
    context.audit({ entityType: 'user', entityId: user.id, before: null, after: auditedUser(user, grants) });
    context.change('users', user.id);
    return getUser(tx, user.id);
  },
});

/** Replaces what a person may do. The owner, and the last administrator, stay administrators. */
export const setGrants = instanceOperation({
  name: 'set_grants',
  permission: 'users.manage',
  input: onUser.extend(setGrantsRequest.shape),
  async run(context, input): Promise<UserView> {
    const { tx, actor } = context;
    await lockPeople(tx);
    const user = await fetchUser(tx, input.user_id);
    const grants = await checkGrants(tx, actor, input.grants);
    if (!administers(grants)) await keepAdministrator(tx, user, await grantsOf(tx, user.id));
    const before = await writeGrants(tx, user.id, grants);
    context.audit({ entityType: 'user', entityId: user.id, before: { grants: before }, after: { grants } });
    context.change('users', user.id);
    return getUser(tx, user.id);
  },
});

/** Locks a person out and ends their sign-ins at once. Their rows in history and audit stay. */
export const disableUser = instanceOperation({
  name: 'disable_user',
  permission: 'users.manage',
  input: onUser,
  async run(context, input): Promise<UserView> {
    const { tx, now } = context;
    await lockPeople(tx);
    const user = await fetchUser(tx, input.user_id);
    if (user.disabledAt !== null) return getUser(tx, user.id);
    const grants = await grantsOf(tx, user.id);
    await keepAdministrator(tx, user, grants);
    await tx.update(users).set({ disabledAt: now, updatedAt: now }).where(eq(users.id, user.id));
    const ended = await endSignIns(tx, user.id);
    context.audit({
      entityType: 'user',
      entityId: user.id,
      before: { disabled_at: null },
      after: { disabled_at: now.toISOString(), sign_ins_ended: ended },
    });
    context.change('users', user.id);
    return getUser(tx, user.id);
  },
});

/** Lets a disabled person sign in again. */
export const enableUser = instanceOperation({
  name: 'enable_user',
  permission: 'users.manage',
  input: onUser,
  async run(context, input): Promise<UserView> {
    const { tx, actor, now } = context;
    await lockPeople(tx);
    const user = await fetchUser(tx, input.user_id);
    if (user.disabledAt === null) return getUser(tx, user.id);
    requireOverUser(actor, user);
    // Their old grants come back with them: nobody re-admits more than they hold.
    await checkGrants(tx, actor, await grantsOf(tx, user.id));
    await tx.update(users).set({ disabledAt: null, updatedAt: now }).where(eq(users.id, user.id));
    context.audit({
      entityType: 'user',
      entityId: user.id,
      before: { disabled_at: user.disabledAt.toISOString() },
      after: { disabled_at: null },
    });
    context.change('users', user.id);
    return getUser(tx, user.id);
  },
});
