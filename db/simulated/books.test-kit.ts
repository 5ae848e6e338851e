import { and, eq } from 'drizzle-orm';
import { type Decimal, decimal, plain, sum, zero } from '#domain/core/decimal.ts';
import type { Queryable } from '#db/core/client.ts';
import { simulatedAccounts, simulatedFills, simulatedHoldings, simulatedOrders } from './schema.ts';

/**
 * Faults of an account's books, reckoned anew from its fills with plain sums: cash, holdings, quantities of orders and
 * the costs of whole orders. Fees of 0.0023 %, taxes of 0.05 % + 0.15 % (KOSPI) or 0.20 % (KOSDAQ), none for a fund.
 */
export async function faultsOfBooks(
  q: Queryable,
  scope: string,
  account: string,
  marketOf: (symbol: string) => 'KOSPI' | 'KOSDAQ' | 'fund',
): Promise<string[]> {
  const [row] = await q
    .select()
    .from(simulatedAccounts)
    .where(and(eq(simulatedAccounts.scope, scope), eq(simulatedAccounts.account, account)));
  if (row === undefined) return ['no account'];
  const fills = await q
    .select()
    .from(simulatedFills)
    .where(and(eq(simulatedFills.scope, scope), eq(simulatedFills.account, account)));
  const orders = await q
    .select()
    .from(simulatedOrders)
    .where(and(eq(simulatedOrders.scope, scope), eq(simulatedOrders.account, account)));
  const holdings = await q
    .select()
    .from(simulatedHoldings)
    .where(and(eq(simulatedHoldings.scope, scope), eq(simulatedHoldings.account, account)));
  const faults: string[] = [];
  const same = (what: string, is: Decimal, expected: Decimal) => {
    if (!is.eq(expected)) faults.push(`${what}: ${plain(is)}, not ${plain(expected)}`);
  };
  let cash = row.openingCash;
  const held = new Map<string, Decimal>();
  for (const order of orders) {
    const its = fills.filter(({ key }) => key === order.key);
    const amount = sum(its.map(({ quantity, price }) => quantity.times(price)));
    const quantity = sum(its.map((fill) => fill.quantity));
    same(`${order.key} filled`, order.filled, quantity);
    same(`${order.key} amount`, order.amount, amount);
    if (order.filled.plus(order.cancelled).gt(order.quantity)) faults.push(`${order.key} is overfilled`);
    if (order.role !== 'cancel' && !order.open && !order.filled.plus(order.cancelled).eq(order.quantity))
      faults.push(`${order.key} ended with something left`);
    for (const fill of its) {
      const worse =
        order.price !== null &&
        (order.side === 'buy' ? fill.price.gt(order.price) : fill.price.lt(order.price));
      if (worse) faults.push(`${order.key} filled beyond its limit`);
    }
    const market = marketOf(order.symbol);
    const cut = (rate: string) => decimal(amount.times(rate).floor());
    const fee = cut('0.000023');
    const tax =
      order.side === 'buy' || market === 'fund'
        ? zero
        : market === 'KOSPI'
          ? cut('0.0005').plus(cut('0.0015'))
          : cut('0.002');
    same(`${order.key} fee`, sum(its.map((fill) => fill.fee)), fee);
    same(`${order.key} tax`, sum(its.map((fill) => fill.tax)), tax);
    const sign = order.side === 'buy' ? 1 : -1;
    cash = cash.minus(amount.times(sign)).minus(fee).minus(tax);
    held.set(order.symbol, (held.get(order.symbol) ?? zero).plus(quantity.times(sign)));
  }
  same('cash', row.cash, cash);
  if (row.cash.lt(0)) faults.push('cash is below zero');
  for (const symbol of new Set([...held.keys(), ...holdings.map((each) => each.symbol)])) {
    const is = holdings.find((each) => each.symbol === symbol)?.quantity ?? zero;
    same(`${symbol} held`, is, held.get(symbol) ?? zero);
    if (is.lt(0)) faults.push(`${symbol} is sold short`);
  }
  return faults;
}
