import { and, asc, eq, gt } from 'drizzle-orm';
import { type Decimal, plain, zero } from '#domain/core/decimal.ts';
import { type Book, emptyBook, post } from '#domain/ledger/book.ts';
import type { LedgerEntry } from '#domain/ledger/entry.ts';
import { type Position, noPosition } from '#domain/ledger/position.ts';
import type { Queryable } from '#db/core/client.ts';
import { entryOf } from './rows.ts';
import { books, ledgerEntries, positions } from './schema.ts';

const page = 5_000;

/** All entries of an account's book by place, a page at a time. */
export async function* entriesOf(q: Queryable, scope: string, account: string): AsyncGenerator<LedgerEntry> {
  for (let after = 0; ;) {
    const rows = await q
      .select()
      .from(ledgerEntries)
      .where(
        and(eq(ledgerEntries.scope, scope), eq(ledgerEntries.account, account), gt(ledgerEntries.seq, after)),
      )
      .orderBy(asc(ledgerEntries.seq))
      .limit(page);
    for (const row of rows) yield entryOf(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    after = last.seq;
  }
}

/** A number that is kept beside the book and is not what the entries come to. */
export interface BookDifference {
  /** Null: of the account. */
  readonly symbol: string | null;
  readonly what: 'cash' | 'last_seq' | 'gap' | keyof Position;
  readonly kept: string;
  readonly reckoned: string;
}

/**
 * The book reckoned anew from its entries, and where the kept positions and cash differ from it. Call it in a
 * repeatable-read transaction, or while nothing is being booked.
 * @throws RangeError for entries that cannot follow each other.
 */
export async function rebuildBook(
  q: Queryable,
  scope: string,
  account: string,
): Promise<{ readonly book: Book; readonly differences: readonly BookDifference[] }> {
  let book = emptyBook;
  const differences: BookDifference[] = [];
  const differs = (symbol: string | null, what: BookDifference['what'], kept: string, reckoned: string) =>
    void (kept === reckoned ? null : differences.push({ symbol, what, kept, reckoned }));
  for await (const entry of entriesOf(q, scope, account)) {
    differs(null, 'gap', String(entry.seq), String(book.lastSeq + 1));
    const posted = post(book, entry);
    if (!posted.ok)
      throw new RangeError(`Entry ${entry.id}: ${posted.code} ${JSON.stringify(posted.params)}`);
    ({ book } = posted);
  }
  const [kept] = await q
    .select()
    .from(books)
    .where(and(eq(books.scope, scope), eq(books.account, account)));
  differs(null, 'cash', plain(kept?.cash ?? zero), plain(book.cash));
  differs(null, 'last_seq', String(kept?.lastSeq ?? 0), String(book.lastSeq));
  const rows = await q
    .select()
    .from(positions)
    .where(and(eq(positions.scope, scope), eq(positions.account, account)));
  const cached = new Map<string, Position>(rows.map((row) => [row.symbol, row]));
  const parts = ['quantity', 'basisQuantity', 'basisCost', 'realised'] as const;
  for (const symbol of new Set([...cached.keys(), ...book.positions.keys()])) {
    const value = (of: Position | undefined, part: (typeof parts)[number]): Decimal =>
      (of ?? noPosition)[part];
    for (const part of parts)
      differs(
        symbol,
        part,
        plain(value(cached.get(symbol), part)),
        plain(value(book.positions.get(symbol), part)),
      );
  }
  return { book, differences };
}
