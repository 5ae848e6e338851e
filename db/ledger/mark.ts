import { sql } from 'drizzle-orm';
import type { Queryable } from '#db/core/client.ts';

/** A text that is another whenever an entry was added to a book of the scope. */
export async function bookMark(q: Queryable, scope: string): Promise<string> {
  const [row] = await q.execute<{ mark: string }>(sql`
    select count(*) || ' ' || coalesce(sum(last_seq), 0) as mark from books where scope = ${scope}`);
  return row?.mark ?? '';
}
