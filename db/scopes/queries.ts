import { asc } from 'drizzle-orm';
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
