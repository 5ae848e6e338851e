import { type SQL, and, asc, eq, lte } from 'drizzle-orm';
import type { LedgerEntry } from '#domain/ledger/entry.ts';
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

/** An account's entries by `seq`. @param through only of trading days up to this one. */
export async function accountEntries(
  q: Queryable,
  scope: string,
  account: string,
  through: string | null = null,
): Promise<LedgerEntry[]> {
  const conditions: SQL[] = [eq(ledgerEntries.scope, scope), eq(ledgerEntries.account, account)];
  if (through !== null) conditions.push(lte(ledgerEntries.tradingDay, through));
  const rows = await q
    .select()
    .from(ledgerEntries)
    .where(and(...conditions))
    .orderBy(asc(ledgerEntries.seq));
  return rows.map(entryOf);
}
