import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Actor, Grant } from '#domain/access/access.ts';
import { email, password, personName, setupRequest } from '#domain/access/requests.ts';
import type { UserView } from '#domain/access/view.ts';
import { Problem, conflict } from '#domain/core/errors.ts';
import type { Transaction } from '#db/core/client.ts';
import { instanceOperation, type OperationContext } from '#db/core/operation.ts';
import { lockPeople, ownerExists, requireFreeEmail, type UserRow } from './guard.ts';
import { auditedUser, insertPerson, writeGrants, writePassword } from './people.ts';
import { getUser } from './queries.ts';
import { setupLinks, users } from './schema.ts';
import { digest, hashPassword, randomSecret } from './secrets.ts';

/** Who acts when a set-up link is made or used: whoever holds the machine, no account yet. */
export const setupActor: Actor = { kind: 'system', id: 'setup', name: 'set-up' };

const lifetimeMs = 24 * 60 * 60 * 1000;
const ownerGrants: readonly Grant[] = [{ role: 'admin', scope: '*' }];

/**
 * Makes the one-time link that creates the owner; an older unused one stops working.
 * Only the token's hash is stored: the answer is the only place it is readable.
 * @throws Problem 409 owner_exists.
 */
export const createSetupLink = instanceOperation({
  name: 'create_setup_link',
  permission: 'users.manage',
  input: z.strictObject({}),
  async run(context): Promise<{ token: string; expires_at: string }> {
    const { tx, now } = context;
    await lockPeople(tx);
    if (await ownerExists(tx))
      throw conflict('owner_exists', 'The owner exists already: no set-up link is needed.');
    await tx.delete(setupLinks).where(isNull(setupLinks.usedAt));
    const token = randomSecret();
    const expiresAt = new Date(now.getTime() + lifetimeMs);
    await tx.insert(setupLinks).values({ hash: digest(token), createdAt: now, expiresAt });
    context.audit({
      entityType: 'setup_link',
      entityId: 'owner',
      before: null,
      after: { expires_at: expiresAt.toISOString() },
    });
    return { token, expires_at: expiresAt.toISOString() };
  },
});

async function useLink(tx: Transaction, token: string, now: Date): Promise<void> {
  const used = await tx
    .update(setupLinks)
    .set({ usedAt: now })
    .where(
      and(
        eq(setupLinks.hash, digest(token)),
        isNull(setupLinks.usedAt),
        gt(setupLinks.expiresAt, sql`now()`),
      ),
    )
    .returning({ hash: setupLinks.hash });
  if (used.length === 0) {
    throw new Problem(
      'forbidden',
      'setup_link_invalid',
      'This set-up link was used, replaced or is older than 24 hours: print a new one with `npm run cli -- setup-link`.',
    );
  }
}

/** Creates the owner with a set-up link: once, whoever comes first. @throws Problem 403, 409. */
export const completeSetup = instanceOperation({
  name: 'complete_setup',
  permission: 'users.manage',
  input: setupRequest,
  async run(context, input): Promise<UserView> {
    const { tx, now } = context;
    await lockPeople(tx);
    if (await ownerExists(tx)) throw conflict('owner_exists', 'The owner exists already: sign in instead.');
    await useLink(tx, input.token, now);
    await requireFreeEmail(tx, input.email);
    return addOwner(context, input);
  },
});

async function addOwner(
  context: OperationContext,
  person: { name: string; email: string; password: string },
): Promise<UserView> {
  const { tx, now } = context;
  const passwordHash = await hashPassword(person.password);
  const user = await insertPerson(tx, { ...person, passwordHash, grants: ownerGrants, isOwner: true }, now);
  context.audit({
    entityType: 'user',
    entityId: user.id,
    before: null,
    after: auditedUser(user, ownerGrants),
  });
  context.change('users', user.id);
  return getUser(tx, user.id);
}

async function promote(context: OperationContext, user: UserRow, newPassword: string): Promise<UserView> {
  const { tx, now } = context;
  const before = await writeGrants(tx, user.id, ownerGrants);
  await tx
    .update(users)
    .set({ isOwner: true, disabledAt: null, updatedAt: now })
    .where(eq(users.id, user.id));
  await writePassword(tx, user.id, await hashPassword(newPassword), now);
  context.audit({
    entityType: 'user',
    entityId: user.id,
    before: auditedUser(user, before),
    after: auditedUser({ ...user, isOwner: true, disabledAt: null }, ownerGrants),
  });
  context.change('users', user.id);
  return getUser(tx, user.id);
}

/**
 * Creates the owner unattended. Idempotent: an owner who exists is answered as they are, password and all;
 * a user with this address becomes the owner.
 */
export const createOwner = instanceOperation({
  name: 'create_owner',
  permission: 'users.manage',
  input: z.strictObject({ name: personName.optional(), email, password }),
  async run(context, input): Promise<UserView & { created: boolean }> {
    const { tx } = context;
    await lockPeople(tx);
    const [owner] = await tx.select().from(users).where(eq(users.isOwner, true));
    if (owner !== undefined) return { ...(await getUser(tx, owner.id)), created: false };
    const [known] = await tx
      .select()
      .from(users)
      .where(sql`lower(${users.email}) = ${input.email}`);
    const name = input.name ?? input.email.split('@')[0] ?? input.email;
    const view =
      known === undefined
        ? await addOwner(context, { ...input, name })
        : await promote(context, known, input.password);
    return { ...view, created: true };
  },
});
