import { headers } from 'next/headers';
import { forbidden, notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import { type Actor, type Grant, type Permission, allows, permissions, sees } from '#domain/access/access.ts';
import { nextPath } from '#domain/access/next-path.ts';
import { actorOfUser } from '#db/access/queries.ts';
import { listScopes } from '#db/scopes/queries.ts';
import { isSetUp } from './actor.ts';
import { signInOf } from './auth.ts';
import { db } from './db.ts';

/** Header in which the proxy names the page asked for; used for nothing but the way back after signing in. */
export const pathHeader = 'x-bellkeeper-path';

export interface ViewerScope {
  readonly name: string;
  readonly kind: 'real' | 'mock' | 'rehearsal';
}

/** The signed-in person a page is rendered for, with the scopes they see. */
export interface Viewer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly grants: readonly Grant[];
  readonly scopes: readonly ViewerScope[];
  /** Of the whole instance, and those of each scope they see. */
  readonly permissions: {
    readonly instance: readonly Permission[];
    readonly scopes: Readonly<Record<string, readonly Permission[]>>;
  };
}

interface Seen {
  readonly viewer: Viewer;
  readonly actor: Actor & { kind: 'user' };
  readonly signInId: string;
}

/** Reads the viewer once per rendering. */
const look = cache(async (): Promise<Seen | null> => {
  const signIn = await signInOf(await headers());
  if (signIn === null) return null;
  const actor = await actorOfUser(db(), signIn.userId);
  if (actor === null) return null;
  const scopes = (await listScopes(db()))
    .filter((scope) => sees(actor, scope.name))
    .map(({ name, kind }) => ({ name, kind }));
  const held = (scope: string | null) => permissions.filter((permission) => allows(actor, permission, scope));
  const viewer: Viewer = {
    id: actor.id,
    name: actor.name,
    email: signIn.email,
    grants: actor.grants,
    scopes,
    permissions: {
      instance: held(null),
      scopes: Object.fromEntries(scopes.map(({ name }) => [name, held(name)])),
    },
  };
  return { viewer, actor, signInId: signIn.id };
});

async function requireSeen(): Promise<Seen> {
  const seen = await look();
  if (seen !== null) return seen;
  if (!(await isSetUp())) redirect('/setup');
  const next = nextPath((await headers()).get(pathHeader));
  redirect(next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`);
}

/** The person this page is for; sends others to sign in, or to the set-up while there is no owner. */
export async function requireViewer(): Promise<Viewer> {
  return (await requireSeen()).viewer;
}

/** The signed-in person, or null; for pages that are open to all. */
export async function currentViewer(): Promise<Viewer | null> {
  return (await look())?.viewer ?? null;
}

/**
 * Lets a page be rendered only for those who may see it.
 * @param scope the scope of the page, or null for a page of the whole instance.
 * A scope they do not see is not there (404); a permission they lack is named (403).
 */
export async function requirePageAccess(scope: string | null, permission: Permission): Promise<Seen> {
  const seen = await requireSeen();
  if (scope !== null && !seen.viewer.scopes.some((known) => known.name === scope)) notFound();
  if (!allows(seen.actor, permission, scope)) forbidden();
  return seen;
}
