import { type SQL, and, asc, eq, gte, lte, sql } from 'drizzle-orm';
import type { LedgerEntry } from '#domain/ledger/entry.ts';
import { type AccountHistory, HistoryReader } from '#domain/performance/fold.ts';
import type { Queryable } from '#db/core/client.ts';
import { ledgerEntries } from '#db/ledger/schema.ts';

type Row = typeof ledgerEntries.$inferSelect;

function needed<T>(value: T | null, row: Row, field: string): T {
  if (value === null) throw new Error(`Ledger entry ${row.id} (${row.kind}) has no ${field}.`);
  return value;
}

/** A stored row as an entry of domain/ledger. It was checked before it was stored. */
function entryOf(row: Row): LedgerEntry {
  const common = {
    id: row.id,
    account: row.account,
    seq: row.seq,
    at: row.at,
    trading_day: row.tradingDay,
    settles_on: row.settlesOn,
  };
  const symbol = () => needed(row.symbol, row, 'symbol');
  const amount = () => needed(row.amount, row, 'amount');
  const placed = () => ({ order_id: row.order, trader: row.trader, symbol: symbol() });
  switch (row.kind) {
    case 'fill':
      return {
        kind: row.kind,
        ...common,
        ...placed(),
        side: needed(row.side, row, 'side'),
        quantity: needed(row.quantity, row, 'quantity'),
        amount: amount(),
      };
    case 'fee':
    case 'tax':
      return { kind: row.kind, ...common, ...placed(), amount: amount() };
    case 'deposit':
    case 'withdrawal':
      return { kind: row.kind, ...common, amount: amount() };
    case 'dividend':
      return { kind: row.kind, ...common, symbol: symbol(), amount: amount() };
    case 'split':
      return {
        kind: row.kind,
        ...common,
        symbol: symbol(),
        numerator: needed(row.numerator, row, 'numerator'),
        denominator: needed(row.denominator, row, 'denominator'),
      };
    case 'adjustment':
      return {
        kind: row.kind,
        ...common,
        symbol: row.symbol,
        quantity: needed(row.quantity, row, 'quantity'),
        cost: needed(row.cost, row, 'cost'),
        cash: needed(row.cash, row, 'cash'),
        actor: needed(row.actor, row, 'actor'),
        reason: needed(row.reason, row, 'reason'),
      };
  }
}

/** Entries this old are committed, whoever wrote them: no transaction of ours lives a fraction as long. */
const settledMs = 10 * 60_000;

/** What an account's settled entries came to when they were last read; the book is only ever added to. */
interface Read {
  readonly reader: HistoryReader;
  readonly lastId: string;
  /** The newest trading day among them. */
  readonly lastDay: string;
}
const known = new Map<string, Read>();
const knownMax = 32;

interface AccountOf {
  readonly scope: string;
  readonly account: string;
  /** The account's number: unique in its database for ever. */
  readonly number: number;
}

/** One database may stand beside others in a process of tests. */
async function keyOf(q: Queryable, { number }: AccountOf): Promise<string> {
  const [row] = await q.execute<{ name: string }>(sql`select current_database() as name`);
  return `${row?.name ?? ''} ${number}`;
}

/**
 * What an account's entries come to. What was settled when it was last read in this process is not read again.
 * @param through only entries of trading days up to this one.
 */
export async function readHistory(
  q: Queryable,
  of: AccountOf,
  through: string | null = null,
): Promise<AccountHistory> {
  const key = await keyOf(q, of);
  const before = known.get(key);
  const usable = before !== undefined && (through === null || before.lastDay <= through) ? before : null;
  const rows = await rowsFrom(q, of, usable?.reader.lastSeq ?? 1, through);
  // The last entry that was read is read again: a book that has another one there is not the same book.
  const same = usable !== null && rows[0]?.seq === usable.reader.lastSeq && rows[0].id === usable.lastId;
  if (usable !== null && !same) {
    known.delete(key);
    return readHistory(q, of, through);
  }
  const reader = usable === null ? new HistoryReader(of.account) : usable.reader.fork();
  const fresh = usable === null ? rows : rows.slice(1);
  const old = Date.now() - settledMs;
  let lastDay = usable?.lastDay ?? '';
  let settled: Read | null = null;
  for (const [index, row] of fresh.entries()) {
    reader.take(entryOf(row));
    if (row.tradingDay > lastDay) lastDay = row.tradingDay;
    const next = fresh[index + 1];
    const ends = row.recordedAt.getTime() < old && (next === undefined || next.recordedAt.getTime() >= old);
    if (ends && through === null) settled ??= { reader: reader.fork(), lastId: row.id, lastDay };
  }
  if (settled !== null) remember(key, settled);
  return reader.result();
}

function remember(key: string, read: Read): void {
  const oldest = known.size >= knownMax ? known.keys().next() : undefined;
  if (oldest?.done === false) known.delete(oldest.value);
  known.set(key, read);
}

function rowsFrom(
  q: Queryable,
  { scope, account }: AccountOf,
  seq: number,
  through: string | null,
): Promise<Row[]> {
  const conditions: SQL[] = [
    eq(ledgerEntries.scope, scope),
    eq(ledgerEntries.account, account),
    gte(ledgerEntries.seq, seq),
  ];
  if (through !== null) conditions.push(lte(ledgerEntries.tradingDay, through));
  return q
    .select()
    .from(ledgerEntries)
    .where(and(...conditions))
    .orderBy(asc(ledgerEntries.seq));
}
