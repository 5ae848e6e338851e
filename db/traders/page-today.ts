import { and, asc, eq, inArray, or } from 'drizzle-orm';
import { type Decimal, zero } from '#domain/core/decimal.ts';
import { type Position, fill, noPosition } from '#domain/ledger/position.ts';
import type { Queryable } from '#db/core/client.ts';
import { ledgerEntries } from '#db/ledger/schema.ts';
import { openingPoints } from '#db/performance/points.ts';

/** What a trader made on a trading day, from the book's entries that name it. */
export interface TraderToday {
  /** Before fees and taxes. */
  readonly gross: Decimal;
  readonly costs: Decimal;
  /** Orders that bought and sold. */
  readonly buys: number;
  readonly sells: number;
}

export const nothingToday: TraderToday = { gross: zero, costs: zero, buys: 0, sells: 0 };

/** An account's trading day. */
export interface AccountDay {
  readonly account: string;
  readonly day: string;
}

const columns = {
  seq: ledgerEntries.seq,
  account: ledgerEntries.account,
  trader: ledgerEntries.trader,
  symbol: ledgerEntries.symbol,
  kind: ledgerEntries.kind,
  side: ledgerEntries.side,
  quantity: ledgerEntries.quantity,
  amount: ledgerEntries.amount,
  order: ledgerEntries.order,
  day: ledgerEntries.tradingDay,
};

async function entriesOf(q: Queryable, scope: string, days: readonly AccountDay[]) {
  if (days.length === 0) return [];
  return q
    .select(columns)
    .from(ledgerEntries)
    .where(
      and(
        eq(ledgerEntries.scope, scope),
        inArray(ledgerEntries.tradingDay, [...new Set(days.map(({ day }) => day))]),
        inArray(ledgerEntries.kind, ['fill', 'fee', 'tax']),
        or(
          ...days.map(({ account, day }) =>
            and(eq(ledgerEntries.account, account), eq(ledgerEntries.tradingDay, day)),
          ),
        ),
      ),
    )
    .orderBy(asc(ledgerEntries.account), asc(ledgerEntries.seq));
}
type Entry = Awaited<ReturnType<typeof entriesOf>>[number];

/** Realised by these fills, or null when they sell what they did not buy: what came before must be known. */
function replay(entries: readonly Entry[], day: string): Decimal | null {
  let held: Position = noPosition;
  let before = zero;
  for (const { side, quantity, amount, day: of } of entries) {
    if (side === null || quantity === null || amount === null) continue;
    const next = fill(held, side, quantity, amount);
    if (!next.ok) return null;
    held = next.position;
    if (of !== day) before = held.realised;
  }
  return held.realised.minus(before);
}

/** The fills of a trader in a symbol up to a day, for what it carried into it. */
async function allFills(q: Queryable, scope: string, { account, trader, symbol, day }: Entry) {
  if (trader === null || symbol === null) return [];
  const found = await q
    .select(columns)
    .from(ledgerEntries)
    .where(
      and(
        eq(ledgerEntries.scope, scope),
        eq(ledgerEntries.account, account),
        eq(ledgerEntries.trader, trader),
        eq(ledgerEntries.symbol, symbol),
        eq(ledgerEntries.kind, 'fill'),
      ),
    )
    .orderBy(asc(ledgerEntries.seq));
  return found.filter((entry) => entry.day <= day);
}

/** What each trader made on its account's trading day; traders without an entry are not in it. */
export async function tradersToday(
  q: Queryable,
  scope: string,
  days: readonly AccountDay[],
): Promise<ReadonlyMap<string, TraderToday>> {
  const entries = (await entriesOf(q, scope, days)).filter(({ trader }) => trader !== null);
  const result = new Map<string, TraderToday>();
  for (const [trader, own] of Map.groupBy(entries, (entry) => entry.trader ?? '')) {
    const fills = own.filter(({ kind }) => kind === 'fill');
    let gross = zero;
    for (const ofSymbol of Map.groupBy(fills, ({ symbol }) => symbol).values()) {
      const [first] = ofSymbol;
      if (first === undefined) continue;
      const made = replay(ofSymbol, first.day) ?? replay(await allFills(q, scope, first), first.day);
      gross = gross.plus(made ?? zero);
    }
    const costs = own
      .filter(({ kind }) => kind !== 'fill')
      .reduce((total, { amount }) => total.plus(amount ?? zero), zero);
    const ordersOf = (side: 'buy' | 'sell') =>
      new Set(fills.filter((entry) => entry.side === side).map(({ order }) => order)).size;
    result.set(trader, { gross, costs, buys: ordersOf('buy'), sells: ordersOf('sell') });
  }
  return result;
}

/**
 * Unrealised profit and loss that each trader brought into its trading day: it was made before, and is none of the
 * day's. By the last mark of an earlier day; who has none brought nothing.
 */
export async function carriedOf(
  q: Queryable,
  scope: string,
  traders: readonly { readonly id: string; readonly day: string }[],
): Promise<ReadonlyMap<string, Decimal>> {
  const byDay = [...Map.groupBy(traders, ({ day }) => day)];
  const found = await Promise.all(
    byDay.map(([day, own]) =>
      openingPoints(
        q,
        scope,
        own.map(({ id }) => ({ level: 'trader', subject: id })),
        day,
      ),
    ),
  );
  return new Map(found.flatMap((points) => [...points.values()].map((row) => [row.subject, row.unrealised])));
}
