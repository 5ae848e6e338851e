import { type Decimal, sum, zero } from '#domain/core/decimal.ts';
import { type Position, add, cost, noPosition, remove, split } from '#domain/ledger/position.ts';
import type { RoundTrip } from './trades.ts';

/** Whose a holding is: of a trader, or null: bought by hand, or brought in. */
export type Owner = string | null;

/** A round trip with what it was made of. `quantity` and amounts are sums of its fills. */
export interface Trip extends RoundTrip {
  readonly account: string;
  readonly trader: Owner;
  readonly symbol: string;
  /** The venue's day of its last fill. */
  readonly trading_day: string;
  readonly quantity: Decimal;
  readonly entry_amount: Decimal;
  readonly exit_quantity: Decimal;
  readonly exit_amount: Decimal;
  readonly entry_order: string | null;
  readonly exit_order: string | null;
}

/** A holding of one owner, from flat to flat. It goes on changing until it is flat, and its costs even after that. */
export interface Lot {
  readonly account: string;
  readonly trader: Owner;
  readonly symbol: string;
  readonly openedAt: Date;
  readonly entryOrder: string | null;
  position: Position;
  bought: Decimal;
  paid: Decimal;
  sold: Decimal;
  proceeds: Decimal;
  fees: Decimal;
  taxes: Decimal;
  exitOrder: string | null;
  closed: { readonly at: Date; readonly tradingDay: string } | null;
}

export function openLot(of: Pick<Lot, 'account' | 'trader' | 'symbol' | 'openedAt' | 'entryOrder'>): Lot {
  return {
    ...of,
    position: noPosition,
    bought: zero,
    paid: zero,
    sold: zero,
    proceeds: zero,
    fees: zero,
    taxes: zero,
    exitOrder: null,
    closed: null,
  };
}

export function buyInto(lot: Lot, quantity: Decimal, amount: Decimal): void {
  lot.position = add(lot.position, quantity, amount);
  lot.bought = lot.bought.plus(quantity);
  lot.paid = lot.paid.plus(amount);
}

/** A part of a sale (or of a removal: proceeds null) that falls on a lot. */
export interface Share {
  readonly lot: Lot;
  readonly quantity: Decimal;
  readonly proceeds: Decimal | null;
}

/** Takes a share out at the lot's average and answers the realised gain before costs. @throws RangeError when it lacks it. */
export function takeFrom({ lot, quantity, proceeds }: Share): Decimal {
  const change = remove(lot.position, quantity, proceeds);
  if (!change.ok) throw new RangeError(`${lot.symbol} of ${lot.account}: ${change.code}`);
  const realised = change.position.realised.minus(lot.position.realised);
  lot.position = change.position;
  if (proceeds !== null) {
    lot.sold = lot.sold.plus(quantity);
    lot.proceeds = lot.proceeds.plus(proceeds);
  }
  return realised;
}

export function splitLot(lot: Lot, numerator: number, denominator: number): void {
  const change = split(lot.position, numerator, denominator);
  if (!change.ok) throw new RangeError(`${lot.symbol} of ${lot.account}: ${change.code}`);
  lot.position = change.position;
}

/**
 * On whose lots a sale falls: first the seller's own, then what belongs to no trader, then the oldest. A sale by hand of
 * what a trader holds thus ends that trader's trip, and a trader's own trips never wait for shares that somebody keeps.
 * @param proceeds null: the shares went away without a sale. @throws RangeError when all lots together lack the quantity.
 */
export function sharesOf(
  lots: readonly Lot[],
  seller: Owner,
  quantity: Decimal,
  proceeds: Decimal | null,
): Share[] {
  const rank = (lot: Lot) => (lot.trader === seller ? 0 : lot.trader === null ? 1 : 2);
  const order = lots.toSorted((a, b) => rank(a) - rank(b) || a.openedAt.getTime() - b.openedAt.getTime());
  const parts: { lot: Lot; quantity: Decimal }[] = [];
  let left = quantity;
  for (const lot of order) {
    if (!left.gt(0)) break;
    const taken = lot.position.quantity.lt(left) ? lot.position.quantity : left;
    if (taken.gt(0)) parts.push({ lot, quantity: taken });
    left = left.minus(taken);
  }
  if (left.gt(0)) throw new RangeError(`sold ${quantity.toFixed()}, ${left.toFixed()} more than held`);
  if (proceeds === null) return parts.map((part) => ({ ...part, proceeds: null }));
  // The last part takes what the others leave, so that the parts add up to the last digit.
  const shares = parts.map((part) => ({
    ...part,
    proceeds: proceeds.times(part.quantity).div(quantity).toDecimalPlaces(8),
  }));
  const last = shares.at(-1);
  if (last !== undefined)
    last.proceeds = proceeds.minus(sum(shares.slice(0, -1).map((share) => share.proceeds)));
  return shares;
}

/** The trip of a lot that is flat again; null for one of which nothing was ever sold. */
export function tripOf(lot: Lot): Trip | null {
  if (lot.closed === null || lot.sold.isZero()) return null;
  return {
    account: lot.account,
    trader: lot.trader,
    symbol: lot.symbol,
    trading_day: lot.closed.tradingDay,
    entry_at: lot.openedAt,
    exit_at: lot.closed.at,
    quantity: lot.bought,
    entry_amount: lot.paid,
    exit_quantity: lot.sold,
    exit_amount: lot.proceeds,
    gross: lot.position.realised,
    fees: lot.fees,
    taxes: lot.taxes,
    entry_order: lot.entryOrder,
    exit_order: lot.exitOrder,
  };
}

/** What the held of a lot cost. */
export function costOfLot(lot: Lot): Decimal {
  return cost(lot.position);
}
