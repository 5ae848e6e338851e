import type { InferSelectModel } from 'drizzle-orm';
import { type Decimal, plain } from '#domain/core/decimal.ts';
import { type LedgerEntry, ledgerEntry } from '#domain/ledger/entry.ts';
import type { ledgerEntries } from './schema.ts';

type EntryRow = InferSelectModel<typeof ledgerEntries>;
export type NewEntryRow = Omit<EntryRow, 'recordedAt'>;

const nothing = {
  order: null,
  trader: null,
  symbol: null,
  side: null,
  quantity: null,
  amount: null,
  numerator: null,
  denominator: null,
  cost: null,
  cash: null,
  actor: null,
  reason: null,
} satisfies Partial<NewEntryRow>;

function particulars(entry: LedgerEntry): Partial<NewEntryRow> {
  switch (entry.kind) {
    case 'fill': {
      const { order_id: order, trader, symbol, side, quantity, amount } = entry;
      return { order, trader, symbol, side, quantity, amount };
    }
    case 'fee':
    case 'tax': {
      const { order_id: order, trader, symbol, amount } = entry;
      return { order, trader, symbol, amount };
    }
    case 'deposit':
    case 'withdrawal':
      return { amount: entry.amount };
    case 'dividend':
      return { symbol: entry.symbol, amount: entry.amount };
    case 'split':
      return { symbol: entry.symbol, numerator: entry.numerator, denominator: entry.denominator };
    case 'adjustment': {
      const { symbol, quantity, cost, cash, actor, reason } = entry;
      return { symbol, quantity, cost, cash, actor, reason };
    }
  }
}

export function rowOf(scope: string, entry: LedgerEntry): NewEntryRow {
  const { account, seq, id, kind, at, trading_day: tradingDay, settles_on: settlesOn } = entry;
  return { ...nothing, scope, account, seq, id, kind, at, tradingDay, settlesOn, ...particulars(entry) };
}

const text = (value: Decimal | null) => (value === null ? undefined : plain(value));

/** @throws ZodError for a row that is no entry: the book's tables are written by `appendEntries` alone. */
export function entryOf(row: EntryRow): LedgerEntry {
  const { account, seq, id, kind, at, symbol } = row;
  const common = { kind, id, account, seq, at, trading_day: row.tradingDay, settles_on: row.settlesOn };
  const placed = { order_id: row.order, trader: row.trader, symbol };
  const amount = text(row.amount);
  switch (kind) {
    case 'fill':
      return ledgerEntry.parse({
        ...common,
        ...placed,
        side: row.side,
        quantity: text(row.quantity),
        amount,
      });
    case 'fee':
    case 'tax':
      return ledgerEntry.parse({ ...common, ...placed, amount });
    case 'deposit':
    case 'withdrawal':
      return ledgerEntry.parse({ ...common, amount });
    case 'dividend':
      return ledgerEntry.parse({ ...common, symbol, amount });
    case 'split':
      return ledgerEntry.parse({
        ...common,
        symbol,
        numerator: row.numerator,
        denominator: row.denominator,
      });
    case 'adjustment':
      return ledgerEntry.parse({
        ...common,
        symbol,
        quantity: text(row.quantity),
        cost: text(row.cost),
        cash: text(row.cash),
        actor: row.actor,
        reason: row.reason,
      });
  }
}
