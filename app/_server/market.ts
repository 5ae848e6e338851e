import { type Actor, allows, sees } from '#domain/access/access.ts';
import { Problem, notFound } from '#domain/core/errors.ts';
import type { Database } from '#db/core/client.ts';
import { listScopes } from '#db/scopes/queries.ts';

/**
 * Market data is of the whole instance: whoever sees traders anywhere reads it. @throws Problem 403.
 */
export async function requireMarketReader(db: Database, actor: Actor): Promise<void> {
  const scopes = await listScopes(db);
  if ([null, ...scopes.map(({ name }) => name)].some((scope) => allows(actor, 'traders.view', scope))) return;
  throw new Problem('forbidden', 'forbidden', `${actor.name} lacks the permission traders.view.`, {
    permission: 'traders.view',
    scope: '*',
  });
}

/** A simulated market shows what its scope does: only to those who see the scope. */
export function mayReadSource(actor: Actor, source: string): boolean {
  const [, scope] = /^simulator:(.+)$/.exec(source) ?? [];
  return scope === undefined || sees(actor, scope);
}

/** Both of the above for one source. @throws Problem 403 or 404. */
export async function requireSource(db: Database, actor: Actor, source: string): Promise<void> {
  await requireMarketReader(db, actor);
  if (!mayReadSource(actor, source)) throw notFound('source', source);
}
