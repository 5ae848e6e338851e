import { sql } from 'drizzle-orm';
import { writeChanges } from '#db/core/changes.ts';
import type { Database } from '#db/core/client.ts';
import { admit } from './admit.ts';

/** One admission pass in a transaction of its own. @returns how many runs were dispatched. */
export async function admitScope(db: Database, scope: string): Promise<number> {
  return db.transaction(async (tx) => {
    const result = await admit(tx, scope);
    await writeChanges(tx, result.changes);
    return result.admitted;
  });
}

/** Scopes that have a ready run: where an admission pass may do something. */
export async function scopesWithReadyRuns(db: Database): Promise<string[]> {
  const rows = await db.execute<{ scope: string }>(sql`select name as scope from scopes where exists
    (select 1 from runs where runs.scope = scopes.name and runs.state = 'ready' and runs.task <> 'external')`);
  return [...rows].map((row) => row.scope);
}
