import { and, asc, eq, gt, gte, sql } from 'drizzle-orm';
import type { LedgerEntry } from '#domain/ledger/entry.ts';
import type { Queryable } from '#db/core/client.ts';
import { entryOf } from './rows.ts';
import { ledgerEntries } from './schema.ts';

/** A text that is another whenever an entry was added to a book of the scope. */
export async function bookMark(q: Queryable, scope: string): Promise<string> {
  const [row] = await q.execute<{ mark: string }>(sql`
    select count(*) || ' ' || coalesce(sum(last_seq), 0) as mark from books where scope = ${scope}`);
  return row?.mark ?? '';
}

/** An account's entries of a trading day and later, by place. @param after only those behind this place. */
export async function entriesSince(
  q: Queryable,
  scope: string,
  account: string,
  day: string,
  after: number,
): Promise<readonly LedgerEntry[]> {
  const rows = await q
    .select()
    .from(ledgerEntries)
    .where(
      and(
        eq(ledgerEntries.scope, scope),
        eq(ledgerEntries.account, account),
        gte(ledgerEntries.tradingDay, day),
        gt(ledgerEntries.seq, after),
      ),
    )
    .orderBy(asc(ledgerEntries.seq));
  return rows.map(entryOf);
}

/** When the oldest position that is still held was opened (scope time); null while nothing is. */
export async function oldestHeld(q: Queryable, scope: string, account: string): Promise<Date | null> {
  const [row] = await q.execute<{ at: string | null }>(sql`
    select min(opened_at) as at from positions
    where scope = ${scope} and account = ${account} and quantity > 0`);
  return row?.at == null ? null : new Date(row.at);
}
