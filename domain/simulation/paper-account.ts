import { type Decimal, decimal, zero } from '#domain/core/decimal.ts';
import { type FeeContract, type TaxRates, costsOf } from '#domain/market/costs.ts';
import type { Side } from '#domain/orders/broker-order.ts';

/*
 * The books that the simulated broker keeps of an account: its own reckoning, apart from `domain/ledger`, so that the
 * two can be compared. The fee contract and the taxes are the same, as they are with a real broker.
 */

/** Shares and what they cost; the average changes with buys only. */
export interface PaperHolding {
  readonly quantity: Decimal;
  /** Shares and their cost after the last buy: the average is the one over the other. */
  readonly boughtQuantity: Decimal;
  readonly boughtCost: Decimal;
}

export interface PaperAccount {
  readonly cash: Decimal;
  readonly holdings: ReadonlyMap<string, PaperHolding>;
}

const nothing: PaperHolding = { quantity: zero, boughtQuantity: zero, boughtCost: zero };
/** Places to which the cost of a part of a holding is rounded when the next buy mixes it in. */
const places = 12;

export function paperHolding(account: PaperAccount, symbol: string): PaperHolding {
  return account.holdings.get(symbol) ?? nothing;
}

/** Average cost to four places, as brokers show it; null when nothing is held. */
export function paperAverage({ quantity, boughtQuantity, boughtCost }: PaperHolding): Decimal | null {
  return quantity.isZero() ? null : decimal(boughtCost.div(boughtQuantity).toDecimalPlaces(4));
}

export interface OrderCosts {
  readonly fee: Decimal;
  readonly tax: Decimal;
}

/**
 * Costs of a whole broker order that has traded so much so far. Those of a fill are the difference of two of these, so
 * their sum is the same to the won however the order is cut into fills.
 */
export function costsSoFar(
  orderSide: Side,
  amount: Decimal,
  contract: FeeContract,
  rates: TaxRates | null,
): OrderCosts {
  if (amount.isZero()) return { fee: zero, tax: zero };
  const { fee, tax } = costsOf({ side: orderSide, amount }, contract, rates);
  return { fee, tax };
}

export interface PaperFill extends OrderCosts {
  readonly side: Side;
  readonly symbol: string;
  readonly quantity: Decimal;
  readonly amount: Decimal;
}

/** @throws RangeError for a sale of more than is held: the checks of new orders make that impossible. */
export function bookFill(account: PaperAccount, fill: PaperFill): PaperAccount {
  const held = paperHolding(account, fill.symbol);
  const costs = fill.fee.plus(fill.tax);
  const holdings = new Map(account.holdings);
  if (fill.side === 'buy') {
    const quantity = held.quantity.plus(fill.quantity);
    const before = held.quantity.eq(held.boughtQuantity)
      ? held.boughtCost
      : decimal(held.boughtCost.times(held.quantity).div(held.boughtQuantity).toDecimalPlaces(places));
    holdings.set(fill.symbol, { quantity, boughtQuantity: quantity, boughtCost: before.plus(fill.amount) });
    return { cash: account.cash.minus(fill.amount).minus(costs), holdings };
  }
  const quantity = held.quantity.minus(fill.quantity);
  if (quantity.lt(0))
    throw new RangeError(`${fill.symbol}: sold ${fill.quantity.toFixed()} of ${held.quantity.toFixed()}`);
  holdings.set(fill.symbol, { ...held, quantity });
  return { cash: account.cash.plus(fill.amount).minus(costs), holdings };
}
