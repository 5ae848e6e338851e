import { z } from 'zod';
import { grant } from './access.ts';

const instantText = z.iso.datetime({ offset: true });

export const userView = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  is_owner: z.boolean(),
  disabled_at: instantText.nullable(),
  has_password: z.boolean(),
  grants: z.array(grant),
  last_seen_at: instantText.nullable().describe('Newest activity of a live sign-in, to within five minutes.'),
  created_at: instantText,
});
export type UserView = z.output<typeof userView>;

export const keyView = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  grants: z.array(grant),
  created_by: z.string().describe('Name of who made it.'),
  created_at: instantText,
  expires_at: instantText.nullable(),
  last_used_at: instantText.nullable(),
  revoked_at: instantText.nullable(),
  state: z.enum(['active', 'expired', 'revoked']),
});
export type KeyView = z.output<typeof keyView>;

/** Answer of making a key: the only time `key` is shown. */
export const createdKey = keyView.extend({ key: z.string() });
export type CreatedKey = z.output<typeof createdKey>;

export const signInView = z.object({
  id: z.string(),
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  address: z.string().nullable(),
  user_agent: z.string().nullable(),
  current: z.boolean(),
  created_at: instantText,
  last_seen_at: instantText,
  expires_at: instantText,
});
export type SignInView = z.output<typeof signInView>;

export const auditView = z.object({
  id: z.string(),
  at: instantText,
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  operation: z.string(),
  scope: z.string().nullable(),
  entity_type: z.string(),
  entity_id: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  request_id: z.string().nullable(),
});
export type AuditView = z.output<typeof auditView>;

/** Filters of the audit; all of them narrow. */
export const auditFilter = z.object({
  actor: z.string().max(200).optional().describe('Id of a user, key or process.'),
  operation: z.string().max(80).optional(),
  scope: z.string().max(40).optional(),
  entity_type: z.string().max(80).optional(),
  entity_id: z.string().max(200).optional(),
  from: instantText.optional(),
  to: instantText.optional(),
});
export type AuditFilter = z.output<typeof auditFilter>;

export const meView = z.object({
  id: z.string(),
  kind: z.enum(['user', 'key']),
  name: z.string(),
  email: z.string().nullable(),
  grants: z.array(grant),
});
export type MeView = z.output<typeof meView>;
