import { and, eq, inArray } from 'drizzle-orm';
import { type Decimal, zero } from '#domain/core/decimal.ts';
import { type Book, type Posting, emptyBook, positionOf, post } from '#domain/ledger/book.ts';
import type { LedgerEntry } from '#domain/ledger/entry.ts';
import type { Position } from '#domain/ledger/position.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Queryable, Transaction } from '#db/core/client.ts';
import { rowOf } from './rows.ts';
import { books, ledgerEntries, positions } from './schema.ts';

/** An account's book, locked until the transaction ends. */
export interface LockedBook {
  readonly scope: string;
  readonly account: string;
  readonly lastSeq: number;
  readonly cash: Decimal;
}

type Without<Entry, Key extends PropertyKey> = Entry extends unknown ? Omit<Entry, Key> : never;
/** An entry before it has its place in the book. */
export type EntryDraft = Without<LedgerEntry, 'account' | 'seq'>;

/** The rules of the book refuse an entry: more sold than held, a split that leaves odd shares. */
export class BookRefused extends Error {
  override readonly name = 'BookRefused';
  readonly code: Extract<Posting, { ok: false }>['code'];
  readonly params: Readonly<Record<string, string>>;
  constructor(refused: Extract<Posting, { ok: false }>, entry: LedgerEntry) {
    super(`Entry ${entry.id}: ${refused.code} ${JSON.stringify(refused.params)}`);
    this.code = refused.code;
    this.params = refused.params;
  }
}

/** Locks an account's book; the first time makes it. After symbol locks, before orders. */
export async function lockBook(tx: Transaction, scope: string, account: string): Promise<LockedBook> {
  await tx.insert(books).values({ scope, account, cash: zero }).onConflictDoNothing();
  const [row] = await tx
    .select({ lastSeq: books.lastSeq, cash: books.cash })
    .from(books)
    .where(and(eq(books.scope, scope), eq(books.account, account)))
    .for('update');
  if (row === undefined) throw new Error(`The book of ${account} vanished.`);
  return { scope, account, ...row };
}

/** Positions of these symbols as they are kept beside the book. */
async function cachedPositions(
  q: Queryable,
  { scope, account }: LockedBook,
  symbols: readonly string[],
): Promise<Map<string, Position>> {
  if (symbols.length === 0) return new Map();
  const rows = await q
    .select()
    .from(positions)
    .where(
      and(
        eq(positions.scope, scope),
        eq(positions.account, account),
        inArray(positions.symbol, [...symbols]),
      ),
    );
  return new Map(
    rows.map(({ symbol, quantity, basisQuantity, basisCost, realised }) => [
      symbol,
      { quantity, basisQuantity, basisCost, realised },
    ]),
  );
}

const symbolOf = (entry: EntryDraft): string | null =>
  'symbol' in entry && entry.kind !== 'fee' && entry.kind !== 'tax' ? entry.symbol : null;

/**
 * Adds entries at the end of the book and keeps positions and cash beside it. An entry whose id is there already is
 * passed over: reports come twice.
 * @returns those that were added, and the book after them.
 * @throws BookRefused; nothing is written then.
 */
export async function appendEntries(
  tx: Transaction,
  locked: LockedBook,
  drafts: readonly EntryDraft[],
): Promise<{ readonly added: readonly LedgerEntry[]; readonly book: LockedBook }> {
  if (drafts.length === 0) return { added: [], book: locked };
  const { scope, account } = locked;
  const fresh = await notYet(tx, locked, drafts);
  const symbols = [...new Set(fresh.map(symbolOf).filter((symbol) => symbol !== null))];
  const before: Book = {
    ...emptyBook,
    positions: await cachedPositions(tx, locked, symbols),
    cash: locked.cash,
    lastSeq: locked.lastSeq,
  };
  let book = before;
  const added: LedgerEntry[] = [];
  for (const draft of fresh) {
    const entry: LedgerEntry = { ...draft, account, seq: book.lastSeq + 1 };
    const posted = post(book, entry);
    if (!posted.ok) throw new BookRefused(posted, entry);
    ({ book } = posted);
    added.push(entry);
  }
  if (added.length === 0) return { added, book: locked };
  await tx.insert(ledgerEntries).values(added.map((entry) => rowOf(scope, entry)));
  await keepPositions(tx, scope, account, before, book, added);
  await tx
    .update(books)
    .set({ lastSeq: book.lastSeq, cash: book.cash })
    .where(and(eq(books.scope, scope), eq(books.account, account)));
  await writeChanges(tx, [
    { topic: 'accounts', entity: account, scope },
    ...symbols.map((symbol) => ({ topic: 'positions' as const, entity: symbol, scope })),
  ]);
  return { added, book: { scope, account, lastSeq: book.lastSeq, cash: book.cash } };
}

async function notYet(
  tx: Transaction,
  { scope, account }: LockedBook,
  drafts: readonly EntryDraft[],
): Promise<EntryDraft[]> {
  const rows = await tx
    .select({ id: ledgerEntries.id })
    .from(ledgerEntries)
    .where(
      and(
        eq(ledgerEntries.scope, scope),
        eq(ledgerEntries.account, account),
        inArray(
          ledgerEntries.id,
          drafts.map(({ id }) => id),
        ),
      ),
    );
  const known = new Set(rows.map(({ id }) => id));
  return drafts.filter(({ id }) => !known.has(id) && known.add(id));
}

async function keepPositions(
  tx: Transaction,
  scope: string,
  account: string,
  before: Book,
  after: Book,
  added: readonly LedgerEntry[],
): Promise<void> {
  for (const symbol of new Set(added.map(symbolOf).filter((each) => each !== null))) {
    const position = positionOf(after, symbol);
    const moves = added.filter((entry) => symbolOf(entry) === symbol);
    const last = moves.at(-1);
    if (last === undefined) continue;
    const fill = moves.findLast((entry) => entry.kind === 'fill');
    const was = positionOf(before, symbol).quantity;
    const flat = position.quantity.isZero();
    const values = {
      ...position,
      seq: last.seq,
      updatedAt: last.at,
      ...(fill === undefined ? {} : { trader: fill.trader }),
      ...(flat ? { openedAt: null } : was.isZero() ? { openedAt: moves[0]?.at ?? last.at } : {}),
    };
    await tx
      .insert(positions)
      .values({ scope, account, symbol, ...values })
      .onConflictDoUpdate({ target: [positions.scope, positions.account, positions.symbol], set: values });
  }
}

/** Cash of the book without locking it; zero before the first entry. */
export async function bookCash(q: Queryable, scope: string, account: string): Promise<Decimal> {
  const [row] = await q
    .select({ cash: books.cash })
    .from(books)
    .where(and(eq(books.scope, scope), eq(books.account, account)));
  return row?.cash ?? zero;
}
