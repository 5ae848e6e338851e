import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Grant } from '#domain/access/access.ts';
import type { Transaction } from '#db/core/client.ts';
import { grantsOf, type UserRow } from './guard.ts';
import { credentials, signIns, userRoles, users } from './schema.ts';

/** What the audit keeps of a person: never a password or its hash. */
export function auditedUser(user: UserRow, grants: readonly Grant[]) {
  return {
    name: user.name,
    email: user.email,
    is_owner: user.isOwner,
    disabled_at: user.disabledAt?.toISOString() ?? null,
    grants,
  };
}

export interface NewPerson {
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string | null;
  readonly grants: readonly Grant[];
  readonly isOwner: boolean;
}

export async function insertPerson(tx: Transaction, person: NewPerson, now: Date): Promise<UserRow> {
  const [user] = await tx
    .insert(users)
    .values({
      id: randomUUID(),
      name: person.name,
      email: person.email,
      isOwner: person.isOwner,
      createdAt: now,
      updatedAt: now,
    })
    .returning();
  if (user === undefined) throw new Error('The user was not inserted.');
  await writeGrants(tx, user.id, person.grants);
  if (person.passwordHash !== null) await writePassword(tx, user.id, person.passwordHash, now);
  return user;
}

/** Replaces a user's grants and answers those that were. */
export async function writeGrants(
  tx: Transaction,
  userId: string,
  grants: readonly Grant[],
): Promise<Grant[]> {
  const before = await grantsOf(tx, userId);
  await tx.delete(userRoles).where(eq(userRoles.userId, userId));
  if (grants.length > 0) await tx.insert(userRoles).values(grants.map((grant) => ({ userId, ...grant })));
  return before;
}

export async function writePassword(tx: Transaction, userId: string, hash: string, now: Date): Promise<void> {
  await tx
    .insert(credentials)
    .values({
      id: randomUUID(),
      accountId: userId,
      providerId: 'credential',
      userId,
      password: hash,
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoUpdate({
      target: [credentials.userId, credentials.providerId],
      set: { password: hash, updatedAt: now },
    });
}

export async function passwordHashOf(tx: Transaction, userId: string): Promise<string | null> {
  const [row] = await tx
    .select({ password: credentials.password })
    .from(credentials)
    .where(and(eq(credentials.userId, userId), eq(credentials.providerId, 'credential')));
  return row?.password ?? null;
}

/** Ends a user's sign-ins, all or all but one; answers how many. */
export async function endSignIns(
  tx: Transaction,
  userId: string,
  except: string | null = null,
): Promise<number> {
  const rows = await tx.select({ id: signIns.id }).from(signIns).where(eq(signIns.userId, userId));
  const ended = rows.filter((row) => row.id !== except);
  for (const row of ended) await tx.delete(signIns).where(eq(signIns.id, row.id));
  return ended.length;
}
