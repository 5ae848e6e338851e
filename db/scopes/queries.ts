import { asc } from 'drizzle-orm';
import { Problem } from '#domain/core/errors.ts';
import type { Queryable } from '#db/core/client.ts';
import { scopes } from './schema.ts';

/** Every scope, in the order of its number. */
export async function listScopes(
  q: Queryable,
): Promise<{ name: string; kind: 'real' | 'mock' | 'rehearsal'; number: number }[]> {
  return q
    .select({ name: scopes.name, kind: scopes.kind, number: scopes.number })
    .from(scopes)
    .orderBy(asc(scopes.number));
}

/**
 * The scopes a worker serves: the named ones, or all.
 * @throws Problem when a named scope does not exist.
 */
export async function boundScopes(q: Queryable, named: readonly string[] | null): Promise<string[]> {
  const known = (await listScopes(q)).map((scope) => scope.name);
  const unknown = named?.find((name) => !known.includes(name));
  if (unknown === undefined) return [...(named ?? known)];
  const message = `SCHEDULER_SCOPE names the scope "${unknown}", which does not exist; known: ${known.join(', ')}`;
  throw new Problem('invalid', 'scope_unknown', message, { scope: unknown, known });
}
