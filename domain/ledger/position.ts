import { type Decimal, decimal, zero } from '#domain/core/decimal.ts';
import type { Side } from '#domain/orders/broker-order.ts';

/** Costs are rounded to so many places where an average must be taken; sums stay exact to the last digit. */
const costPlaces = 12;
/** Quantities of crypto have at most eight places. */
const quantityPlaces = 8;

/**
 * What is held of one symbol. The average moves with buys only (KRX: moving average, without fees), so what sells take
 * out is told from the basis: however a sale is cut into partial fills, their costs add up to the same digit.
 */
export interface Position {
  readonly quantity: Decimal;
  /** Quantity and cost when the average last moved. */
  readonly basisQuantity: Decimal;
  readonly basisCost: Decimal;
  /** Proceeds less cost of what was sold, before fees and taxes. */
  readonly realised: Decimal;
}

export const noPosition: Position = {
  quantity: zero,
  basisQuantity: zero,
  basisCost: zero,
  realised: zero,
};

function costOf(position: Position, quantity: Decimal): Decimal {
  if (quantity.isZero()) return zero;
  if (quantity.eq(position.basisQuantity)) return position.basisCost;
  return decimal(position.basisCost.times(quantity).div(position.basisQuantity).toDecimalPlaces(costPlaces));
}

/** What the held quantity cost. */
export function cost(position: Position): Decimal {
  return costOf(position, position.quantity);
}

/** Average cost per share to stated places, as brokers show it (KIS: 4); null when nothing is held. */
export function averageCost(position: Position, places = 4): Decimal | null {
  if (position.quantity.isZero()) return null;
  return decimal(position.basisCost.div(position.basisQuantity).toDecimalPlaces(places));
}

/** Profit or loss that closing at this price would bring, before fees and taxes. */
export function unrealised(position: Position, price: Decimal): Decimal {
  return position.quantity.times(price).minus(cost(position));
}

export type PositionChange =
  | { readonly ok: true; readonly position: Position }
  | {
      readonly ok: false;
      readonly code: 'sold_more_than_held' | 'split_odd_lot';
      readonly params: Readonly<Record<string, string>>;
    };

/** Adds a quantity with its cost: a buy, or shares that came in otherwise. */
export function add(position: Position, quantity: Decimal, paid: Decimal): Position {
  return {
    ...position,
    quantity: position.quantity.plus(quantity),
    basisQuantity: position.quantity.plus(quantity),
    basisCost: cost(position).plus(paid),
  };
}

/** Takes a quantity out at the average. A quantity below zero is refused: nothing here is sold short. */
export function remove(position: Position, quantity: Decimal, proceeds: Decimal | null): PositionChange {
  const left = position.quantity.minus(quantity);
  if (left.lt(0))
    return {
      ok: false,
      code: 'sold_more_than_held',
      params: { held: position.quantity.toFixed(), quantity: quantity.toFixed() },
    };
  const released = cost(position).minus(costOf(position, left));
  const realised = proceeds === null ? position.realised : position.realised.plus(proceeds.minus(released));
  return { ok: true, position: { ...position, quantity: left, realised } };
}

export function fill(position: Position, side: Side, quantity: Decimal, amount: Decimal): PositionChange {
  return side === 'buy'
    ? { ok: true, position: add(position, quantity, amount) }
    : remove(position, quantity, amount);
}

/**
 * So many new shares for so many old ones; the cost stays. A quantity that would not come out in full digits is refused:
 * the odd shares that the broker pays out are adjusted first.
 */
export function split(position: Position, numerator: number, denominator: number): PositionChange {
  const quantity = position.quantity.times(numerator).div(denominator);
  if (quantity.decimalPlaces() > quantityPlaces)
    return {
      ok: false,
      code: 'split_odd_lot',
      params: {
        held: position.quantity.toFixed(),
        odd: position.quantity.mod(denominator).toFixed(),
      },
    };
  const next = decimal(quantity);
  return {
    ok: true,
    position: { ...position, quantity: next, basisQuantity: next, basisCost: cost(position) },
  };
}
