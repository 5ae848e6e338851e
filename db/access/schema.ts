import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Grant, Role } from '#domain/access/access.ts';
import { instant } from '#db/core/schema.ts';

export const users = pgTable('users', {
  id: text().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean('email_verified').notNull().default(false),
  image: text(),
  isOwner: boolean('is_owner').notNull().default(false),
  disabledAt: instant('disabled_at'),
  createdAt: instant('created_at').defaultNow().notNull(),
  updatedAt: instant('updated_at').defaultNow().notNull(),
});

/** Roles add up; `scope` is a scope's name or `*`. */
export const userRoles = pgTable(
  'user_roles',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    scope: text().notNull(),
    role: text().$type<Role>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.scope, table.role] })],
);

/** A user's authenticated sessions. */
export const signIns = pgTable(
  'sign_ins',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    token: text().notNull().unique(),
    expiresAt: instant('expires_at').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    createdAt: instant('created_at').defaultNow().notNull(),
    updatedAt: instant('updated_at').defaultNow().notNull(),
  },
  (table) => [index('sign_ins_user').on(table.userId)],
);

/** Passwords (hashed) and other ways in; better-auth calls these accounts. */
export const credentials = pgTable(
  'credentials',
  {
    id: text().primaryKey(),
    accountId: text('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: instant('access_token_expires_at'),
    refreshTokenExpiresAt: instant('refresh_token_expires_at'),
    scope: text(),
    password: text(),
    createdAt: instant('created_at').defaultNow().notNull(),
    updatedAt: instant('updated_at').defaultNow().notNull(),
  },
  (table) => [uniqueIndex('credentials_user_provider').on(table.userId, table.providerId)],
);

export const verifications = pgTable('verifications', {
  id: text().primaryKey(),
  identifier: text().notNull(),
  value: text().notNull(),
  expiresAt: instant('expires_at').notNull(),
  createdAt: instant('created_at').defaultNow().notNull(),
  updatedAt: instant('updated_at').defaultNow().notNull(),
});

/** better-auth's rate limiter, kept in the database so that it survives a restart. */
export const rateLimits = pgTable('rate_limits', {
  id: text().primaryKey(),
  key: text().notNull().unique(),
  count: integer().notNull(),
  lastRequest: bigint('last_request', { mode: 'number' }).notNull(),
});

export const apiKeys = pgTable('api_keys', {
  id: text().primaryKey(),
  name: text().notNull(),
  /** First characters of the key, to recognise it by; the lookup goes by them. */
  prefix: text().notNull().unique(),
  /** sha256 of the whole key: 256 random bits need no slow hash. */
  hash: text().notNull().unique(),
  grants: jsonb().$type<readonly Grant[]>().notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').defaultNow().notNull(),
  expiresAt: instant('expires_at'),
  lastUsedAt: instant('last_used_at'),
  revokedAt: instant('revoked_at'),
});

/** One-time links that make the first owner. */
export const setupLinks = pgTable('setup_links', {
  hash: text().primaryKey(),
  createdAt: instant('created_at').defaultNow().notNull(),
  expiresAt: instant('expires_at').notNull(),
  usedAt: instant('used_at'),
});
