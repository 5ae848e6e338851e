import { randomBytes, randomUUID } from 'node:crypto';
import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Actor } from '#domain/access/access.ts';
import { keyPrefix, parseApiKey } from '#domain/access/api-key.ts';
import { createKeyRequest } from '#domain/access/requests.ts';
import type { CreatedKey, KeyView } from '#domain/access/view.ts';
import { invalidField, notFound } from '#domain/core/errors.ts';
import type { Queryable } from '#db/core/client.ts';
import { instanceOperation } from '#db/core/operation.ts';
import { checkGrants } from './guard.ts';
import { getKey } from './queries.ts';
import { apiKeys } from './schema.ts';
import { digest, randomSecret, sameDigest } from './secrets.ts';

/** Makes an API key. The answer is the only place the whole key is readable; the database keeps its sha256. */
export const createKey = instanceOperation({
  name: 'create_key',
  permission: 'keys.manage',
  input: createKeyRequest,
  async run(context, input): Promise<CreatedKey> {
    const { tx, actor, now } = context;
    const expiresAt =
      input.expires_at === null || input.expires_at === undefined ? null : new Date(input.expires_at);
    if (expiresAt !== null && expiresAt <= now)
      throw invalidField('expires_at', 'in_the_past', 'this time is past');
    const grants = await checkGrants(tx, actor, input.grants);
    const prefix = keyPrefix(randomBytes(8));
    const key = `${prefix}_${randomSecret()}`;
    const id = randomUUID();
    await tx.insert(apiKeys).values({
      id,
      name: input.name,
      prefix,
      hash: digest(key),
      grants,
      createdBy: actor.id,
      createdAt: now,
      expiresAt,
    });
    context.audit({
      entityType: 'api_key',
      entityId: id,
      before: null,
      after: { name: input.name, prefix, grants, expires_at: expiresAt?.toISOString() ?? null },
    });
    context.change('keys', id);
    return { ...(await getKey(tx, id)), key };
  },
});

/** Ends a key at once. Revoking it again changes nothing. */
export const revokeKey = instanceOperation({
  name: 'revoke_key',
  permission: 'keys.manage',
  input: z.strictObject({ key_id: z.string().min(1).max(200) }),
  async run(context, input): Promise<KeyView> {
    const { tx, now } = context;
    const [row] = await tx.select().from(apiKeys).where(eq(apiKeys.id, input.key_id)).for('update');
    if (row === undefined) throw notFound('key', input.key_id);
    if (row.revokedAt === null) {
      await tx.update(apiKeys).set({ revokedAt: now }).where(eq(apiKeys.id, row.id));
      context.audit({
        entityType: 'api_key',
        entityId: row.id,
        before: { revoked_at: null },
        after: { revoked_at: now.toISOString() },
      });
      context.change('keys', row.id);
    }
    return getKey(tx, row.id);
  },
});

/**
 * Who a presented key speaks for; null for a malformed, unknown, expired or revoked one, without saying which.
 * Notes the use at most once a minute.
 */
export async function authenticateKey(db: Queryable, presented: string): Promise<Actor | null> {
  const parsed = parseApiKey(presented);
  if (parsed === null) return null;
  const [row] = await db
    .select()
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.prefix, parsed.prefix),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`)),
      ),
    );
  if (row === undefined || !sameDigest(row.hash, digest(presented))) return null;
  if (row.lastUsedAt === null || Date.now() - row.lastUsedAt.getTime() > 60_000) {
    const stale = or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, sql`now() - interval '1 minute'`));
    await db
      .update(apiKeys)
      .set({ lastUsedAt: sql`now()` })
      .where(and(eq(apiKeys.id, row.id), stale));
  }
  return { kind: 'key', id: row.id, name: row.name, grants: row.grants };
}
