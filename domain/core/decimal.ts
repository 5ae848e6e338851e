import { Decimal as Base } from 'decimal.js';
import { z } from 'zod';

/**
 * Money, prices and quantities. Sums and products of them are exact in 60 digits; a division is rounded where it is
 * made, to stated places. A constructor of our own, so that nobody's settings reach it.
 */
export const Exact = Base.clone({ precision: 60, rounding: Base.ROUND_HALF_UP, toExpNeg: -40, toExpPos: 60 });
export type Decimal = Base;

export const zero: Decimal = new Exact(0);

/** @throws Error on what is no finite number: check text of others with `decimalText` first. */
export function decimal(value: string | number | Decimal): Decimal {
  const made = new Exact(value);
  if (!made.isFinite()) throw new RangeError(`${String(value)} is not a finite number.`);
  return made;
}

/** A decimal in plain digits as it travels and is stored: `70000`, `-1.25`; at most 30 digits and 18 places. */
export const decimalText = z
  .string()
  .regex(/^-?\d{1,30}(\.\d{1,18})?$/, 'a number in plain digits, such as 70000 or -1.25')
  .transform(decimal);

/** Plain digits without an exponent or trailing zeros. */
export function plain(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed();
}

export function sum(values: Iterable<Decimal>): Decimal {
  let total = zero;
  for (const value of values) total = total.plus(value);
  return total;
}

export function least(first: Decimal, ...rest: readonly Decimal[]): Decimal {
  return rest.reduce((low, value) => (value.lt(low) ? value : low), first);
}

export function greatest(first: Decimal, ...rest: readonly Decimal[]): Decimal {
  return rest.reduce((high, value) => (value.gt(high) ? value : high), first);
}

export function atLeastZero(value: Decimal): Decimal {
  return value.lt(0) ? zero : value;
}
