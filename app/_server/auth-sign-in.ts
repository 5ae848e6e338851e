import { isAPIError } from 'better-auth/api';
import { readConfig } from '#config';
import type { Actor } from '#domain/access/access.ts';
import { signInRequest } from '#domain/access/requests.ts';
import { Problem } from '#domain/core/errors.ts';
import { actorOfUser, findUserId } from '#db/access/queries.ts';
import { countSignIn, forgetSignIn } from '#db/access/rate-limit.ts';
import { recordFailedSignIn, recordSignIn, revokeSignIn } from '#db/access/sign-ins.ts';
import { perform } from '#db/core/operation.ts';
import { addressHeader, clientAddress } from './auth-address.ts';
import { outliving } from './auth-cookie.ts';
import { auth, signInOf } from './auth.ts';
import { db } from './db.ts';

const signInActor: Actor = { kind: 'system', id: 'sign-in', name: 'sign-in' };

/**
 * Signs a person in: counted, checked, audited.
 * @returns the Set-Cookie headers of the new sign-in.
 * @throws Problem 400 for a malformed body, 401 sign_in_failed, 429 too_many_sign_ins.
 */
export async function signIn(headers: Headers, body: unknown, requestId?: string): Promise<string[]> {
  const parsed = signInRequest.safeParse(body);
  if (!parsed.success) throw refused();
  const { email, password } = parsed.data;
  const address = clientAddress(headers, readConfig());
  const source = { address: address ?? 'unknown', email };
  const device = { address, user_agent: headers.get('user-agent')?.slice(0, 500) ?? null };
  const options = requestId === undefined ? {} : { requestId };
  await countSignIn(db(), source);
  const userId = await findUserId(db(), email);
  const cookies = await check(headers, address, email, password);
  if (cookies === null) {
    // Only of known people: what is typed into the email field is now and then a password.
    if (userId !== null)
      await perform(db(), signInActor, recordFailedSignIn, null, { user_id: userId, ...device }, options);
    throw refused();
  }
  await forgetSignIn(db(), source);
  const actor = userId === null ? null : await actorOfUser(db(), userId);
  if (actor !== null) await perform(db(), actor, recordSignIn, null, device, options);
  return cookies;
}

function refused(): Problem {
  return new Problem(
    'unauthenticated',
    'sign_in_failed',
    'No such email and password, or the account is disabled.',
  );
}

async function check(
  headers: Headers,
  address: string | null,
  email: string,
  password: string,
): Promise<string[] | null> {
  const own = new Headers();
  const agent = headers.get('user-agent');
  if (agent !== null) own.set('user-agent', agent.slice(0, 500));
  if (address !== null) own.set(addressHeader, address);
  try {
    const answer = await auth().api.signInEmail({
      body: { email, password },
      headers: own,
      returnHeaders: true,
    });
    return answer.headers.getSetCookie().map(outliving);
  } catch (error) {
    if (isAPIError(error) && error.statusCode < 500) return null;
    throw error;
  }
}

/**
 * Ends the sign-in of the request's cookie.
 * @returns the Set-Cookie headers that clear it; also for a cookie that named none.
 */
export async function signOut(headers: Headers, requestId: string): Promise<string[]> {
  const current = await signInOf(headers);
  const actor = current === null ? null : await actorOfUser(db(), current.userId);
  if (current !== null && actor !== null)
    await perform(db(), actor, revokeSignIn, null, { sign_in_id: current.id }, { requestId });
  const answer = await auth().api.signOut({ headers, returnHeaders: true });
  return answer.headers.getSetCookie();
}

/** Counts a password given by somebody already signed in as an attempt; `forget` takes a correct one back. */
export async function countPassword(headers: Headers, email: string): Promise<{ forget(): Promise<void> }> {
  const source = { address: clientAddress(headers, readConfig()) ?? 'unknown', email };
  await countSignIn(db(), source);
  return { forget: () => forgetSignIn(db(), source) };
}
