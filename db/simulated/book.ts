import { and, asc, eq, inArray } from 'drizzle-orm';
import { type Decimal, decimal, sum, zero } from '#domain/core/decimal.ts';
import {
  type FeeContract,
  type TaxRates,
  feeContract,
  feesOn,
  saleTaxRates,
  settlementDay,
  usualFees,
} from '#domain/market/costs.ts';
import { calendarDay } from '#domain/time/calendar/calendar.ts';
import type { SimulatedWorld } from '#domain/simulation/market.ts';
import type { Execution, WorkingOrder } from '#domain/simulation/orders.ts';
import { type PaperAccount, bookFill, costsSoFar } from '#domain/simulation/paper-account.ts';
import type { Queryable, Transaction } from '#db/core/client.ts';
import { simulatedAccounts, simulatedFills, simulatedHoldings, simulatedOrders } from './schema.ts';

export type OrderRow = typeof simulatedOrders.$inferSelect;
export type AccountRow = typeof simulatedAccounts.$inferSelect;

export function remainingOf(order: OrderRow): Decimal {
  return order.role === 'cancel' ? zero : order.quantity.minus(order.filled).minus(order.cancelled);
}

/** Orders of a market that have something left, oldest first. */
export async function openOrders(q: Queryable, scope: string): Promise<OrderRow[]> {
  return q
    .select()
    .from(simulatedOrders)
    .where(and(eq(simulatedOrders.scope, scope), eq(simulatedOrders.open, true)))
    .orderBy(asc(simulatedOrders.number));
}

/** A row as the market meets it: whole won and shares. */
export function workingOrder(order: OrderRow): WorkingOrder {
  return {
    number: order.number,
    symbol: order.symbol,
    side: order.side,
    limit: order.price === null ? null : order.price.toNumber(),
    from: order.fillableFrom.getTime(),
    remaining: remainingOf(order).toNumber(),
  };
}

export interface Books {
  readonly row: AccountRow;
  paper: PaperAccount;
}

/** The books of an account. Its market's row must be locked. */
export async function readBooks(q: Queryable, scope: string, account: string): Promise<Books | null> {
  const [row] = await q
    .select()
    .from(simulatedAccounts)
    .where(and(eq(simulatedAccounts.scope, scope), eq(simulatedAccounts.account, account)));
  if (row === undefined) return null;
  const holdings = await q
    .select()
    .from(simulatedHoldings)
    .where(and(eq(simulatedHoldings.scope, scope), eq(simulatedHoldings.account, account)));
  return {
    row,
    paper: { cash: row.cash, holdings: new Map(holdings.map((held) => [held.symbol, held])) },
  };
}

/** The fee contract of an account on a trading day. */
export function contractOf(row: AccountRow, tradingDay: string): FeeContract {
  const [first, ...more] = row.fees.map((each) => feeContract.parse(each));
  return first === undefined ? usualFees.KRX : feesOn([first, ...more], tradingDay);
}

/** The rates on a sale of a symbol on a trading day. */
export function taxesOf(world: SimulatedWorld, symbol: string, tradingDay: string): TaxRates | null {
  const known = world.symbols.find((each) => each.symbol === symbol);
  if (known === undefined) return null;
  return saleTaxRates(known.market, known.kind, settlementDay('KRX', world.calendar, tradingDay));
}

/**
 * Writes down what the market did with orders: fills with their costs, the books of their accounts, and the end of
 * those whose day is over. The market's row must be locked; `orders` are changed in place.
 */
export async function bookExecutions(
  tx: Transaction,
  world: SimulatedWorld,
  scope: string,
  orders: readonly OrderRow[],
  executions: readonly Execution[],
  expired: readonly { readonly number: number; readonly at: number }[],
): Promise<void> {
  if (executions.length === 0 && expired.length === 0) return;
  const byNumber = new Map(orders.map((order) => [order.number, order]));
  const touched = new Set<OrderRow>();
  const books = new Map<string, Books>();
  const fills: (typeof simulatedFills.$inferInsert)[] = [];
  for (const execution of executions) {
    const order = byNumber.get(execution.number);
    if (order === undefined) throw new RangeError(`order ${execution.number} is not of this market`);
    const account = books.get(order.account) ?? (await readBooks(tx, scope, order.account));
    if (account === null) throw new RangeError(`${order.account} has no books`);
    books.set(order.account, account);
    fills.push(fillOrder(world, order, account, execution));
    touched.add(order);
  }
  for (const { number, at } of expired) {
    const order = byNumber.get(number);
    if (order === undefined) continue;
    order.cancelled = order.quantity.minus(order.filled);
    order.cancelledAt = new Date(at);
    order.open = false;
    touched.add(order);
  }
  if (fills.length > 0) await tx.insert(simulatedFills).values(fills);
  for (const order of touched) await writeOrder(tx, order);
  for (const account of books.values()) await writeBooks(tx, account);
}

function fillOrder(
  world: SimulatedWorld,
  order: OrderRow,
  account: Books,
  { at, price, quantity: shares }: Execution,
): typeof simulatedFills.$inferInsert {
  const quantity = decimal(shares);
  const amount = decimal(price).times(quantity);
  const tradingDay = calendarDay(world.calendar, new Date(at));
  const total = order.amount.plus(amount);
  const rates = order.side === 'sell' ? taxesOf(world, order.symbol, tradingDay) : null;
  const costs = costsSoFar(order.side, total, contractOf(account.row, tradingDay), rates);
  const fee = costs.fee.minus(order.fee);
  const tax = costs.tax.minus(order.tax);
  const { side, symbol } = order;
  account.paper = bookFill(account.paper, { side, symbol, quantity, amount, fee, tax });
  order.filled = order.filled.plus(quantity);
  order.amount = total;
  order.fee = costs.fee;
  order.tax = costs.tax;
  order.open = remainingOf(order).gt(0);
  return {
    scope: order.scope,
    account: order.account,
    key: order.key,
    cumulative: order.filled,
    at: new Date(at),
    quantity,
    price: decimal(price),
    fee,
    tax,
    tradingDay,
    settlesOn: settlementDay('KRX', world.calendar, tradingDay),
  };
}

/** Stores what changes of an order: it never gets another price or quantity. */
export async function writeOrder(tx: Transaction, order: OrderRow): Promise<void> {
  const { filled, amount, fee, tax, cancelled, cancelledAt, open } = order;
  await tx
    .update(simulatedOrders)
    .set({ filled, amount, fee, tax, cancelled, cancelledAt, open })
    .where(
      and(
        eq(simulatedOrders.scope, order.scope),
        eq(simulatedOrders.account, order.account),
        eq(simulatedOrders.key, order.key),
      ),
    );
}

async function writeBooks(tx: Transaction, { row, paper }: Books): Promise<void> {
  const { scope, account } = row;
  await tx
    .update(simulatedAccounts)
    .set({ cash: paper.cash })
    .where(and(eq(simulatedAccounts.scope, scope), eq(simulatedAccounts.account, account)));
  for (const [symbol, { quantity, boughtQuantity, boughtCost }] of paper.holdings) {
    const held = { quantity, boughtQuantity, boughtCost };
    await tx
      .insert(simulatedHoldings)
      .values({ scope, account, symbol, ...held })
      .onConflictDoUpdate({
        target: [simulatedHoldings.scope, simulatedHoldings.account, simulatedHoldings.symbol],
        set: held,
      });
  }
}

/** What open orders of an account hold back: cash of buys, shares of sells of one symbol. */
export async function reservedOf(
  q: Queryable,
  world: SimulatedWorld,
  books: Books,
  upperOf: (symbol: string) => Decimal,
  tradingDay: string,
): Promise<{ readonly cash: Decimal; readonly shares: ReadonlyMap<string, Decimal> }> {
  const { scope, account } = books.row;
  const open = (await openOrders(q, scope)).filter((order) => order.account === account);
  const contract = contractOf(books.row, tradingDay);
  const cash = open
    .filter(({ side }) => side === 'buy')
    .map((order) => {
      const left = remainingOf(order).times(order.price ?? upperOf(order.symbol));
      const { fee } = costsSoFar('buy', order.amount.plus(left), contract, null);
      return left.plus(fee).minus(order.fee);
    });
  const shares = new Map<string, Decimal>();
  for (const order of open)
    if (order.side === 'sell')
      shares.set(order.symbol, (shares.get(order.symbol) ?? zero).plus(remainingOf(order)));
  return { cash: sum(cash), shares };
}

/** Fills of these orders, oldest first. */
export async function fillsOf(
  q: Queryable,
  scope: string,
  account: string,
  keys: readonly OrderRow['key'][],
) {
  if (keys.length === 0) return [];
  return q
    .select()
    .from(simulatedFills)
    .where(
      and(
        eq(simulatedFills.scope, scope),
        eq(simulatedFills.account, account),
        inArray(simulatedFills.key, [...keys]),
      ),
    )
    .orderBy(asc(simulatedFills.at), asc(simulatedFills.cumulative));
}
