import { and, eq, notInArray, sql } from 'drizzle-orm';
import { type Decimal, plain, sum, zero } from '#domain/core/decimal.ts';
import { type Position, averageCost, cost, unrealised } from '#domain/ledger/position.ts';
import type { AccountTotals, PositionFilter, PositionView, PositionsView } from '#domain/ledger/view.ts';
import { endedOrderStates } from '#domain/orders/order.ts';
import { moved } from '#domain/traders/rules.ts';
import { accounts, brokerPositions } from '#db/accounts/schema.ts';
import type { Queryable } from '#db/core/client.ts';
import { type QuoteRow, readQuotes } from '#db/market/quotes.ts';
import { instruments } from '#db/market/schema.ts';
import { orders } from '#db/orders/schema.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { traders } from '#db/traders/schema.ts';
import { books, positions } from './schema.ts';

type AccountRow = typeof accounts.$inferSelect;
type PositionRow = typeof positions.$inferSelect;
type BrokerRow = typeof brokerPositions.$inferSelect;

const text = (value: Decimal | null) => (value === null ? null : plain(value));

/** What is read of one account. */
interface Held {
  readonly account: AccountRow;
  readonly cash: Decimal;
  readonly own: ReadonlyMap<string, PositionRow>;
  readonly broker: ReadonlyMap<string, BrokerRow>;
  readonly quotes: ReadonlyMap<string, QuoteRow>;
  readonly names: ReadonlyMap<string, string>;
  readonly openOrders: ReadonlyMap<string, number>;
  readonly rules: ReadonlyMap<string, (typeof traders.$inferSelect)['definition']['rules']>;
}

async function readHeld(q: Queryable, account: AccountRow, now: Date): Promise<Held> {
  const { scope, id, venue, feed } = account;
  const [own, broker, [book], open, definitions] = await Promise.all([
    q
      .select()
      .from(positions)
      .where(and(eq(positions.scope, scope), eq(positions.account, id), sql`${positions.quantity} <> 0`)),
    q
      .select()
      .from(brokerPositions)
      .where(and(eq(brokerPositions.scope, scope), eq(brokerPositions.account, id))),
    q
      .select({ cash: books.cash })
      .from(books)
      .where(and(eq(books.scope, scope), eq(books.account, id))),
    q
      .select({ symbol: orders.symbol, count: sql<number>`count(*)::int` })
      .from(orders)
      .where(
        and(eq(orders.scope, scope), eq(orders.account, id), notInArray(orders.state, [...endedOrderStates])),
      )
      .groupBy(orders.symbol),
    q
      .select({ id: traders.id, definition: traders.definition })
      .from(traders)
      .where(and(eq(traders.scope, scope), eq(traders.account, id))),
  ]);
  const ofBroker = new Map(broker.map((row) => [row.symbol, row]));
  const symbols = [
    ...new Set([
      ...own.map(({ symbol }) => symbol),
      ...broker.filter(({ quantity }) => !quantity.isZero()).map(({ symbol }) => symbol),
    ]),
  ].sort();
  const [quotes, names] = await Promise.all([
    readQuotes(q, venue, feed, now, symbols),
    namesOf(q, account, symbols),
  ]);
  return {
    account,
    cash: book?.cash ?? zero,
    own: new Map(own.map((row) => [row.symbol, row])),
    broker: ofBroker,
    quotes,
    names,
    openOrders: new Map(open.map(({ symbol, count }) => [symbol, count])),
    rules: new Map(definitions.map((row) => [row.id, row.definition.rules])),
  };
}

async function namesOf(
  q: Queryable,
  { venue, feed }: AccountRow,
  symbols: readonly string[],
): Promise<Map<string, string>> {
  if (symbols.length === 0) return new Map();
  const rows = await q
    .select({ symbol: instruments.symbol, name: instruments.name })
    .from(instruments)
    .where(
      and(
        eq(instruments.venue, venue),
        eq(instruments.source, feed),
        sql`${instruments.symbol} = any(${sql.param([...symbols])}::text[])`,
      ),
    );
  return new Map(rows.map(({ symbol, name }) => [symbol, name]));
}

const nothing: Position = { quantity: zero, basisQuantity: zero, basisCost: zero, realised: zero };

/**
 * Whether the broker holds as much as our book. What it said before our book last moved says nothing of the present
 * unless it is the same: a fill that came a second ago is no disagreement.
 */
function agreement(askedAt: Date | null, moved: Date | null, said: Decimal, held: Decimal): boolean | null {
  if (askedAt === null) return null;
  if (said.eq(held)) return true;
  return moved !== null && askedAt <= moved ? null : false;
}

function viewOf(held: Held, symbol: string): PositionView {
  const { account, own, broker, quotes, names, openOrders, rules } = held;
  const row = own.get(symbol);
  const position: Position = row ?? nothing;
  const said = broker.get(symbol);
  const quote = quotes.get(symbol);
  const last = quote?.last ?? null;
  const average = averageCost(position);
  const paid = cost(position);
  const gain = last === null || average === null ? null : unrealised(position, last);
  const rule = row?.trader === null || row?.trader === undefined ? undefined : rules.get(row.trader);
  const level = (share: number | null | undefined) =>
    average === null || share === null || share === undefined ? null : plain(moved(average, share));
  return {
    account: account.id,
    symbol,
    symbol_name: names.get(symbol) ?? null,
    venue: account.venue,
    currency: account.currency,
    trader: row?.trader ?? null,
    quantity: plain(position.quantity),
    average: text(average),
    cost: plain(paid),
    opened_at: row?.openedAt?.toISOString() ?? null,
    last: text(last),
    last_at: quote?.at.toISOString() ?? null,
    value: last === null ? null : plain(position.quantity.times(last)),
    unrealised: text(gain),
    change: gain === null || paid.isZero() ? null : plain(gain.div(paid).toDecimalPlaces(6)),
    stop: level(rule?.stop_loss === null || rule === undefined ? null : -rule.stop_loss),
    target: level(rule?.take_profit),
    open_orders: openOrders.get(symbol) ?? 0,
    broker:
      said === undefined
        ? null
        : {
            quantity: plain(said.quantity),
            sellable: plain(said.sellable),
            average: text(said.average),
            at: said.at.toISOString(),
          },
    agrees: agreement(account.brokerAt, row?.updatedAt ?? null, said?.quantity ?? zero, position.quantity),
  };
}

function totalsOf({ account, cash, own, quotes }: Held): AccountTotals {
  const priced = [...own.values()].flatMap((row) => {
    const last = quotes.get(row.symbol)?.last ?? null;
    return last === null ? [] : [{ row, last }];
  });
  const value = sum(priced.map(({ row, last }) => row.quantity.times(last)));
  const unpriced = own.size - priced.length;
  return {
    account: account.id,
    name: account.name,
    currency: account.currency,
    cash: plain(cash),
    broker_cash: text(account.brokerCash),
    broker_at: account.brokerAt?.toISOString() ?? null,
    value: plain(value),
    cost: plain(sum([...own.values()].map((row) => cost(row)))),
    unrealised: plain(sum(priced.map(({ row, last }) => unrealised(row, last)))),
    equity: unpriced > 0 ? null : plain(cash.plus(value)),
    positions: own.size,
    unpriced,
  };
}

/**
 * What every account of a scope holds at the scope's time: by our books, with the broker's own figures beside them. What
 * only the broker holds is listed too. Totals are of whole accounts, whatever the filter.
 */
export async function listPositions(
  q: Queryable,
  scope: string,
  filter: PositionFilter = {},
): Promise<PositionsView> {
  const [now, rows] = await Promise.all([
    scopeTime(q, scope),
    q
      .select()
      .from(accounts)
      .where(
        and(
          eq(accounts.scope, scope),
          filter.account === undefined ? undefined : eq(accounts.id, filter.account),
        ),
      )
      .orderBy(accounts.id),
  ]);
  const held = await Promise.all(rows.map((account) => readHeld(q, account, now)));
  const items = held.flatMap((each) => {
    const elsewhere = [...each.broker.values()].filter(({ quantity }) => !quantity.isZero());
    const symbols = [...new Set([...each.own.keys(), ...elsewhere.map(({ symbol }) => symbol)])].sort();
    return symbols.map((symbol) => viewOf(each, symbol));
  });
  return {
    at: now.toISOString(),
    accounts: held.map(totalsOf),
    items: items.filter(
      (item) =>
        (filter.trader === undefined || item.trader === filter.trader) &&
        (filter.symbol === undefined || item.symbol === filter.symbol.toUpperCase()),
    ),
  };
}
