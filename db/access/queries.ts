import { and, asc, desc, eq, gt, inArray, isNotNull, lt, max, or, sql } from 'drizzle-orm';
import type { Actor, Grant } from '#domain/access/access.ts';
import { tidyGrants } from '#domain/access/grants.ts';
import type { KeyView, SignInView, UserView } from '#domain/access/view.ts';
import { invalidField, notFound } from '#domain/core/errors.ts';
import type { Queryable } from '#db/core/client.ts';
import { apiKeys, credentials, signIns, userRoles, users } from './schema.ts';

export interface PageRequest {
  /** At most 200; 50 when left out. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}
export interface Page<Item> {
  readonly items: Item[];
  readonly next_cursor: string | null;
}

function limitOf(page: PageRequest): number {
  return Math.min(Math.max(page.limit ?? 50, 1), 200);
}

/** A page out of one row more than asked for; its cursor is the last row's key. */
function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  cursorOf: (row: Row) => string,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    next_cursor: rows.length > limit && last !== undefined ? cursorOf(last) : null,
  };
}

interface Details {
  readonly grants: Map<string, Grant[]>;
  readonly withPassword: Set<string>;
  readonly lastSeen: Map<string, string>;
}

/** What other tables hold of these users, in one query each. */
async function detailsOf(q: Queryable, ids: string[]): Promise<Details> {
  const details: Details = { grants: new Map(), withPassword: new Set(), lastSeen: new Map() };
  if (ids.length === 0) return details;
  const roles = await q.select().from(userRoles).where(inArray(userRoles.userId, ids));
  for (const row of roles)
    details.grants.set(row.userId, [
      ...(details.grants.get(row.userId) ?? []),
      { role: row.role, scope: row.scope },
    ]);
  const passwords = await q
    .select({ userId: credentials.userId })
    .from(credentials)
    .where(and(inArray(credentials.userId, ids), isNotNull(credentials.password)));
  for (const row of passwords) details.withPassword.add(row.userId);
  const seen = await q
    .select({ userId: signIns.userId, at: max(signIns.updatedAt) })
    .from(signIns)
    .where(inArray(signIns.userId, ids))
    .groupBy(signIns.userId);
  for (const row of seen) if (row.at !== null) details.lastSeen.set(row.userId, row.at.toISOString());
  return details;
}

function userView(user: typeof users.$inferSelect, details: Details): UserView {
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    is_owner: user.isOwner,
    disabled_at: user.disabledAt?.toISOString() ?? null,
    has_password: details.withPassword.has(user.id),
    grants: tidyGrants(details.grants.get(user.id) ?? []),
    last_seen_at: details.lastSeen.get(user.id) ?? null,
    created_at: user.createdAt.toISOString(),
  };
}

/** Every user by address, the disabled too. */
export async function listUsers(q: Queryable, page: PageRequest = {}): Promise<Page<UserView>> {
  const limit = limitOf(page);
  const rows = await q
    .select()
    .from(users)
    .where(page.cursor === undefined ? undefined : gt(users.email, page.cursor))
    .orderBy(asc(users.email))
    .limit(limit + 1);
  const details = await detailsOf(
    q,
    rows.map((row) => row.id),
  );
  return pageOf(
    rows,
    limit,
    (row) => userView(row, details),
    (row) => row.email,
  );
}

/** @throws Problem 404. */
export async function getUser(q: Queryable, id: string): Promise<UserView> {
  const [row] = await q.select().from(users).where(eq(users.id, id));
  if (row === undefined) throw notFound('user', id);
  return userView(row, await detailsOf(q, [id]));
}

/** Id of the user with this address, the disabled too; null for nobody. */
export async function findUserId(q: Queryable, email: string): Promise<string | null> {
  const [row] = await q
    .select({ id: users.id })
    .from(users)
    .where(sql`lower(${users.email}) = ${email.toLowerCase()}`);
  return row?.id ?? null;
}

/** The actor a user is, with what they hold now; null for an unknown or disabled user. */
export async function actorOfUser(q: Queryable, userId: string): Promise<(Actor & { kind: 'user' }) | null> {
  const rows = await q
    .select({ name: users.name, disabledAt: users.disabledAt, role: userRoles.role, scope: userRoles.scope })
    .from(users)
    .leftJoin(userRoles, eq(userRoles.userId, users.id))
    .where(eq(users.id, userId));
  const [first] = rows;
  if (first === undefined || first.disabledAt !== null) return null;
  const grants = rows.flatMap(({ role, scope }) =>
    role === null || scope === null ? [] : [{ role, scope }],
  );
  return { kind: 'user', id: userId, name: first.name, grants: tidyGrants(grants) };
}

/** Whether somebody owns this instance; until then nothing but the set-up is reachable. */
export async function hasOwner(q: Queryable): Promise<boolean> {
  const rows = await q.select({ id: users.id }).from(users).where(eq(users.isOwner, true)).limit(1);
  return rows.length > 0;
}

const keyColumns = {
  key: apiKeys,
  maker: users.name,
  expired: sql<boolean>`coalesce(${apiKeys.expiresAt} <= now(), false)`,
};

function keyView(row: { key: typeof apiKeys.$inferSelect; maker: string | null; expired: boolean }): KeyView {
  const { key } = row;
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    grants: [...key.grants],
    created_by: row.maker ?? key.createdBy,
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
    state: key.revokedAt === null ? (row.expired ? 'expired' : 'active') : 'revoked',
  };
}

/** Every key by name, the ended too. */
export async function listKeys(q: Queryable, page: PageRequest = {}): Promise<Page<KeyView>> {
  const limit = limitOf(page);
  const [, after] = /^([0-9a-f-]{36})$/.exec(page.cursor ?? '') ?? [];
  if (page.cursor !== undefined && after === undefined)
    throw invalidField('cursor', 'invalid_cursor', 'not a cursor of this list');
  const beyond = sql`(${apiKeys.name}, ${apiKeys.id}) > (select name, id from ${apiKeys} as last where last.id = ${after ?? null})`;
  const rows = await q
    .select(keyColumns)
    .from(apiKeys)
    .leftJoin(users, eq(users.id, apiKeys.createdBy))
    .where(after === undefined ? undefined : beyond)
    .orderBy(asc(apiKeys.name), asc(apiKeys.id))
    .limit(limit + 1);
  return pageOf(rows, limit, keyView, (row) => row.key.id);
}

/** @throws Problem 404. */
export async function getKey(q: Queryable, id: string): Promise<KeyView> {
  const [row] = await q
    .select(keyColumns)
    .from(apiKeys)
    .leftJoin(users, eq(users.id, apiKeys.createdBy))
    .where(eq(apiKeys.id, id));
  if (row === undefined) throw notFound('key', id);
  return keyView(row);
}

export interface SignInFilter extends PageRequest {
  /** Whose; left out: everybody's. */
  readonly userId?: string | undefined;
  /** The sign-in of the request, to be marked as the current one. */
  readonly currentId?: string | null;
}

/** Live sign-ins, newest first. */
export async function listSignIns(q: Queryable, filter: SignInFilter): Promise<Page<SignInView>> {
  const limit = limitOf(filter);
  const [at, id] = filter.cursor?.split('~') ?? [];
  if (at !== undefined && (id === undefined || Number.isNaN(Date.parse(at)))) {
    throw invalidField('cursor', 'invalid_cursor', 'not a cursor of this list');
  }
  const createdMs = sql`date_trunc('milliseconds', ${signIns.createdAt})`;
  const beyond =
    at === undefined || id === undefined
      ? undefined
      : or(
          lt(createdMs, sql`${at}::timestamptz`),
          and(eq(createdMs, sql`${at}::timestamptz`), lt(signIns.id, id)),
        );
  const rows = await q
    .select({ signIn: signIns, name: users.name, email: users.email })
    .from(signIns)
    .innerJoin(users, eq(users.id, signIns.userId))
    .where(
      and(
        gt(signIns.expiresAt, sql`now()`),
        filter.userId === undefined ? undefined : eq(signIns.userId, filter.userId),
        beyond,
      ),
    )
    .orderBy(desc(createdMs), desc(signIns.id))
    .limit(limit + 1);
  return pageOf(
    rows,
    limit,
    ({ signIn, name, email }) => ({
      id: signIn.id,
      user: { id: signIn.userId, name, email },
      address: signIn.ipAddress === '' ? null : signIn.ipAddress,
      user_agent: signIn.userAgent === '' ? null : signIn.userAgent,
      current: signIn.id === filter.currentId,
      created_at: signIn.createdAt.toISOString(),
      last_seen_at: signIn.updatedAt.toISOString(),
      expires_at: signIn.expiresAt.toISOString(),
    }),
    ({ signIn }) => `${signIn.createdAt.toISOString()}~${signIn.id}`,
  );
}
