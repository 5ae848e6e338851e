import { readConfig } from '#config';
import type { Actor } from '#domain/access/access.ts';
import { bearerOf } from '#domain/access/api-key.ts';
import { Problem } from '#domain/core/errors.ts';
import { authenticateKey } from '#db/access/keys.ts';
import { actorOfUser, hasOwner } from '#db/access/queries.ts';
import { signInOf } from './auth.ts';
import { requireOwnOrigin } from './auth-origin.ts';
import { db } from './db.ts';

const shared = globalThis as typeof globalThis & { bellkeeperOwned?: boolean };

/** Whether the instance has its owner; once it has, it always has. */
export async function isSetUp(): Promise<boolean> {
  if (shared.bellkeeperOwned === true) return true;
  shared.bellkeeperOwned = await hasOwner(db());
  return shared.bellkeeperOwned;
}

/** @throws Problem 503 setup_required until the owner exists. */
export async function requireSetUp(): Promise<void> {
  if (await isSetUp()) return;
  throw new Problem(
    'unavailable',
    'setup_required',
    'Bellkeeper has no owner yet: open the link printed in the terminal, or print one with `npm run cli -- setup-link`.',
  );
}

const named = new WeakMap<Request, Actor>();

/**
 * Says who a request speaks for, whatever it bears: for servers of ours that know their callers by the way they came.
 * Bound to this very object, so that nothing inside a request can claim it.
 */
export function speakFor(request: Request, actor: Actor): Request {
  named.set(request, actor);
  return request;
}

/**
 * Who a request speaks for: who a server of ours said, else the API key it bears, else the browser's sign-in. Null: nobody we know.
 * A request that bears a key never falls back to a cookie.
 * @throws Problem 403 origin_refused for a change from another site's page, 503 setup_required before there is an owner.
 */
export async function actorOf(request: Request): Promise<Actor | null> {
  const actor = await known(request);
  // A key made at the terminal works before the owner exists: whoever made it holds the machine.
  if (actor === null) await requireSetUp();
  return actor;
}

async function known(request: Request): Promise<Actor | null> {
  const said = named.get(request);
  if (said !== undefined) {
    await requireSetUp();
    return said;
  }
  const authorization = request.headers.get('authorization');
  if (authorization !== null) {
    const key = bearerOf(authorization);
    return key === null ? null : authenticateKey(db(), key);
  }
  const signIn = await signInOf(request.headers);
  if (signIn === null) return null;
  requireOwnOrigin(request, readConfig().origins);
  return actorOfUser(db(), signIn.userId);
}
