import { and, eq, gt, inArray, isNotNull, isNull, notInArray, or, sql } from 'drizzle-orm';
import { averageCost } from '#domain/ledger/position.ts';
import type { BrokerReport } from '#domain/orders/broker-order.ts';
import { type Decimal, zero } from '#domain/core/decimal.ts';
import type { AccountView, Explanations, HoldingOfOurs } from '#domain/orders/reconcile.ts';
import { calendarDay } from '#domain/time/calendar/calendar.ts';
import type { Database, Queryable } from '#db/core/client.ts';
import { bookCash } from '#db/ledger/append.ts';
import { positions } from '#db/ledger/schema.ts';
import { markReconciled } from '#db/locks/reconcile.ts';
import { symbolLocks } from '#db/locks/schema.ts';
import { isOpenRow } from '#db/orders/rows.ts';
import { brokerOrders, orders } from '#db/orders/schema.ts';
import { traders } from '#db/traders/schema.ts';
import { accounts, brokerPositions } from './schema.ts';
import { accountTerms, costsOn, instrumentOf } from './terms.ts';

/** Averages are compared as brokers show them. */
const averagePlaces = 4;

/** What our own book says, at one moment. */
export async function ownView(db: Database, scope: string, account: string): Promise<AccountView> {
  return db.transaction(
    async (tx) => {
      const rows = await tx
        .select()
        .from(positions)
        .where(
          and(eq(positions.scope, scope), eq(positions.account, account), gt(positions.quantity, sql`0`)),
        );
      const holdings = new Map<string, HoldingOfOurs>(
        rows.map((row) => [row.symbol, { quantity: row.quantity, average: averageCost(row, averagePlaces) }]),
      );
      return { holdings, cash: await bookCash(tx, scope, account) };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

/** What the broker says is held, as our tables take it. */
export interface BrokerView {
  readonly holdings: readonly {
    readonly symbol: string;
    readonly quantity: Decimal;
    readonly sellable: Decimal;
    readonly average: Decimal | null;
  }[];
  readonly cash: Decimal;
}

/** Keeps the broker's own view. @param at when it was asked for (scope time). */
export async function noteBalance(
  db: Database,
  scope: string,
  account: string,
  { holdings, cash }: BrokerView,
  at: Date,
): Promise<void> {
  await db.transaction(async (tx) => {
    const held = holdings.filter(({ quantity }) => quantity.gt(0));
    const mine = and(eq(brokerPositions.scope, scope), eq(brokerPositions.account, account));
    const symbols = held.map(({ symbol }) => symbol);
    await tx
      .delete(brokerPositions)
      .where(symbols.length === 0 ? mine : and(mine, notInArray(brokerPositions.symbol, symbols)));
    if (held.length > 0)
      await tx
        .insert(brokerPositions)
        .values(
          held.map(({ symbol, quantity, sellable, average }) => ({
            scope,
            account,
            symbol,
            quantity,
            sellable,
            average,
            at,
          })),
        )
        .onConflictDoUpdate({
          target: [brokerPositions.scope, brokerPositions.account, brokerPositions.symbol],
          set: {
            quantity: sql`excluded.quantity`,
            sellable: sql`excluded.sellable`,
            average: sql`excluded.average`,
            at: sql`excluded.at`,
          },
        });
    await tx
      .update(accounts)
      .set({ brokerCash: cash, brokerAt: at })
      .where(and(eq(accounts.scope, scope), eq(accounts.id, account)));
  });
}

/** Broker orders of nobody's that filled: they explain what our book does not know. */
export async function externalFills(
  q: Queryable,
  scope: string,
  account: string,
): Promise<Required<Pick<Explanations, 'external' | 'costs'>>> {
  const rows = await q
    .select()
    .from(brokerOrders)
    .where(
      and(
        eq(brokerOrders.scope, scope),
        eq(brokerOrders.account, account),
        isNull(brokerOrders.order),
        gt(brokerOrders.filled, sql`0`),
      ),
    );
  const external = rows.map(reportOf);
  if (external.length === 0) return { external, costs: () => zero };
  const terms = await accountTerms(q, scope, account);
  const costs = new Map<string, Decimal>();
  for (const { key, side, symbol, amount, at } of external) {
    const instrument = await instrumentOf(q, terms.row.venue, terms.row.feed, symbol);
    const { fee, tax } = costsOn(terms, instrument, calendarDay(terms.calendar, at), { side, amount });
    costs.set(key, fee.plus(tax));
  }
  return { external, costs: ({ key }) => costs.get(key) ?? zero };
}

/** A stored broker order as the broker told it; from where it came is not kept. */
export function reportOf(row: typeof brokerOrders.$inferSelect): BrokerReport {
  const { key, replaces, role, symbol, side, quantity, price, at, filled, amount, cancelled, rejected } = row;
  const counts = { filled, amount, cancelled, rejected };
  return { key, replaces, role, symbol, side, quantity, price, at, ...counts, origin: null };
}

/** Traders of an account that a difference concerns: of one symbol, or all of them. */
export async function tradersConcerned(
  q: Queryable,
  scope: string,
  account: string,
  symbol: string | null,
): Promise<string[]> {
  const mine = and(eq(traders.scope, scope), eq(traders.account, account), isNull(traders.deletedAt));
  const held = q
    .select({ trader: positions.trader })
    .from(positions)
    .where(
      and(
        eq(positions.scope, scope),
        eq(positions.account, account),
        eq(positions.symbol, symbol ?? ''),
        isNotNull(positions.trader),
      ),
    );
  const rows = await q
    .select({ id: traders.id })
    .from(traders)
    .where(symbol === null ? mine : and(mine, or(eq(traders.symbol, symbol), inArray(traders.id, held))));
  return rows.map(({ id }) => id);
}

/**
 * Frees the symbols of silent traders of an account after a comparison in which everything agreed. One with an order
 * that is not over stays.
 */
export async function freeSilentSymbols(
  db: Database,
  scope: string,
  account: string,
  differing: ReadonlySet<string>,
): Promise<void> {
  const rows = await db
    .select({ symbol: symbolLocks.symbol })
    .from(symbolLocks)
    .innerJoin(
      traders,
      and(
        eq(traders.scope, symbolLocks.scope),
        eq(traders.id, sql`coalesce(${symbolLocks.trader}, ${symbolLocks.lastTrader})`),
        eq(traders.account, account),
      ),
    )
    .where(and(eq(symbolLocks.scope, scope), eq(symbolLocks.needsReconcile, true)));
  for (const { symbol } of rows) {
    if (differing.has(symbol)) continue;
    await db.transaction(async (tx) => {
      const ofSymbol = and(
        eq(orders.scope, scope),
        eq(orders.account, account),
        eq(orders.symbol, symbol),
        isOpenRow,
      );
      const [open] = await tx.select({ id: orders.id }).from(orders).where(ofSymbol).limit(1);
      if (open !== undefined) return;
      const [held] = await tx
        .select({ quantity: positions.quantity })
        .from(positions)
        .where(and(eq(positions.scope, scope), eq(positions.account, account), eq(positions.symbol, symbol)));
      await markReconciled(tx, scope, symbol, held !== undefined && held.quantity.gt(0));
    });
  }
}
