import { type SQL, and, desc, eq, gte, inArray, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Decimal, plain, zero } from '#domain/core/decimal.ts';
import type { EntryFilter, EntryView, FillFilter, FillView } from '#domain/ledger/view.ts';
import { averagePrice } from '#domain/orders/broker-order.ts';
import { accounts } from '#db/accounts/schema.ts';
import type { Queryable } from '#db/core/client.ts';
import { instruments } from '#db/market/schema.ts';
import { ledgerEntries } from './schema.ts';

type Row = typeof ledgerEntries.$inferSelect;

const text = (value: Decimal | null) => (value === null ? null : plain(value));

/** Costs are booked beside their fill, under its name. */
const costOf = (kind: 'fee' | 'tax') => sql<string>`coalesce((
  select c.amount from ledger_entries c
  where c.scope = ${ledgerEntries.scope} and c.account = ${ledgerEntries.account}
    and c.id = ${`${kind}:`} || substr(${ledgerEntries.id}, 6)), 0)::text`;

/** Newest first; the day leads, so that its index serves every page. */
const newestFirst = [
  desc(ledgerEntries.tradingDay),
  desc(ledgerEntries.at),
  desc(ledgerEntries.account),
  desc(ledgerEntries.seq),
];
const place = z.tuple([z.iso.date(), z.iso.datetime(), z.string().max(40), z.coerce.number().int()]);

function after(cursor: string | undefined): SQL | undefined {
  const { data } = place.safeParse((cursor ?? '').split('~'));
  if (data === undefined) return undefined;
  const [day, at, account, seq] = data;
  return sql`(${ledgerEntries.tradingDay}, ${ledgerEntries.at}, ${ledgerEntries.account}, ${ledgerEntries.seq})
    < (${day}::date, ${at}::timestamptz, ${account}, ${seq}::bigint)`;
}

const cursorOf = ({ tradingDay, at, account, seq }: Row) =>
  [tradingDay, at.toISOString(), account, seq].join('~');

function conditions(scope: string, filter: Omit<EntryFilter, 'kind'>): (SQL | undefined)[] {
  const { account, trader, symbol, from, to } = filter;
  return [
    eq(ledgerEntries.scope, scope),
    account === undefined ? undefined : eq(ledgerEntries.account, account),
    trader === undefined ? undefined : eq(ledgerEntries.trader, trader),
    symbol === undefined ? undefined : eq(ledgerEntries.symbol, symbol.toUpperCase()),
    from === undefined ? undefined : gte(ledgerEntries.tradingDay, from),
    to === undefined ? undefined : lte(ledgerEntries.tradingDay, to),
    after(filter.cursor),
  ];
}

const namesOf = {
  account: and(eq(accounts.scope, ledgerEntries.scope), eq(accounts.id, ledgerEntries.account)),
  instrument: and(
    eq(instruments.venue, accounts.venue),
    eq(instruments.source, accounts.feed),
    eq(instruments.symbol, ledgerEntries.symbol),
  ),
};

interface Page<Item> {
  readonly items: Item[];
  readonly next_cursor: string | null;
}

function pageOf<Item, Read extends { readonly row: Row }>(
  rows: readonly Read[],
  limit: number,
  view: (read: Read) => Item,
): Page<Item> {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(view),
    next_cursor: last === undefined ? null : cursorOf(last.row),
  };
}

const common = (row: Row) => ({
  account: row.account,
  seq: row.seq,
  at: row.at.toISOString(),
  trading_day: row.tradingDay,
  settles_on: row.settlesOn,
  order_id: row.order,
  trader: row.trader,
});

/** Fills of a scope with their costs, newest first. */
export async function listFills(q: Queryable, scope: string, filter: FillFilter): Promise<Page<FillView>> {
  const rows = await q
    .select({
      row: ledgerEntries,
      name: instruments.name,
      currency: accounts.currency,
      fee: costOf('fee'),
      tax: costOf('tax'),
    })
    .from(ledgerEntries)
    .leftJoin(accounts, namesOf.account)
    .leftJoin(instruments, namesOf.instrument)
    .where(
      and(
        eq(ledgerEntries.kind, 'fill'),
        ...conditions(scope, filter),
        filter.side === undefined ? undefined : eq(ledgerEntries.side, filter.side),
      ),
    )
    .orderBy(...newestFirst)
    .limit(filter.limit + 1);
  return pageOf(rows, filter.limit, ({ row, name, currency, fee, tax }) => {
    const quantity = row.quantity ?? zero;
    const amount = row.amount ?? zero;
    return {
      fill_id: row.id,
      ...common(row),
      symbol: row.symbol ?? '',
      symbol_name: name,
      currency: currency ?? 'KRW',
      side: row.side ?? 'buy',
      quantity: plain(quantity),
      price: plain(averagePrice(amount, quantity) ?? zero),
      amount: plain(amount),
      fee: trimmed(fee),
      tax: trimmed(tax),
    };
  });
}

/** `numeric` keeps the zeros it was given. */
function trimmed(numeric: string): string {
  return numeric.includes('.') ? numeric.replace(/\.?0+$/, '') : numeric;
}

/** Change of cash that a line brings. */
function cashOf(row: Row): Decimal {
  const amount = row.amount ?? zero;
  switch (row.kind) {
    case 'fill':
      return row.side === 'buy' ? amount.neg() : amount;
    case 'deposit':
    case 'dividend':
      return amount;
    case 'fee':
    case 'tax':
    case 'withdrawal':
      return amount.neg();
    case 'split':
      return zero;
    case 'adjustment':
      return row.cash ?? zero;
  }
}

/** Lines of the accounts' books, newest first. */
export async function listEntries(
  q: Queryable,
  scope: string,
  filter: EntryFilter,
): Promise<Page<EntryView>> {
  const rows = await q
    .select({ row: ledgerEntries, name: instruments.name, currency: accounts.currency })
    .from(ledgerEntries)
    .leftJoin(accounts, namesOf.account)
    .leftJoin(instruments, namesOf.instrument)
    .where(
      and(
        ...conditions(scope, filter),
        filter.kind === undefined || filter.kind.length === 0
          ? undefined
          : inArray(ledgerEntries.kind, filter.kind),
      ),
    )
    .orderBy(...newestFirst)
    .limit(filter.limit + 1);
  return pageOf(rows, filter.limit, ({ row, name, currency }) => ({
    entry_id: row.id,
    ...common(row),
    kind: row.kind,
    symbol: row.symbol,
    symbol_name: name,
    currency: currency ?? 'KRW',
    side: row.side,
    quantity: text(row.quantity),
    amount: text(row.amount),
    cash: plain(cashOf(row)),
    numerator: row.numerator,
    denominator: row.denominator,
    cost: text(row.cost),
    actor: row.actor,
    reason: row.reason,
  }));
}
