import { sql } from 'drizzle-orm';
import { notFound } from '#domain/core/errors.ts';
import type { Queryable } from '#db/core/client.ts';

/** The scope's time: the database's in wall scopes, the simulated one in rehearsals. @throws Problem 404. */
export async function scopeTime(q: Queryable, scope: string): Promise<Date> {
  const [row] = await q.execute<{ now: string | null }>(sql`select scope_now(${scope}) as now`);
  if (row === undefined || row.now === null) throw notFound('scope', scope);
  return new Date(row.now);
}
