import { z } from 'zod';
import { role } from './access.ts';

export const passwordMinimum = 12;
export const passwordMaximum = 128;

/** A password: its length is what counts; no rule about kinds of characters. */
export const password = z.string().min(passwordMinimum).max(passwordMaximum);
export const email = z.string().trim().toLowerCase().pipe(z.email()).describe('Folded to lower case.');
export const personName = z.string().trim().min(1).max(80);

/** A scope's name, or `*` for all of them. */
export const grantScope = z.string().regex(/^(\*|[a-z][a-z0-9-]{0,39})$/, 'a scope\'s name, or "*" for all');
export const grantRequest = z.strictObject({ role, scope: grantScope });
const grants = z.array(grantRequest).max(100);

export const createUserRequest = z.strictObject({
  name: personName,
  email,
  password: password.optional().describe('Without one the person cannot sign in until a password is set.'),
  grants: grants.default([]),
});
export const setGrantsRequest = z.strictObject({ grants });
export const setPasswordRequest = z.strictObject({ password });
export const changePasswordRequest = z.strictObject({
  current_password: z.string().min(1).max(passwordMaximum),
  new_password: password,
});

export const createKeyRequest = z.strictObject({
  name: z.string().trim().min(1).max(80),
  grants: grants.min(1),
  expires_at: z.iso
    .datetime({ offset: true })
    .nullish()
    .describe('When the key stops working; without one it works until revoked.'),
});

export const signInRequest = z.strictObject({ email, password: z.string().min(1).max(passwordMaximum) });
export const setupRequest = z.strictObject({
  token: z.string().min(20).max(200),
  name: personName,
  email,
  password,
});
