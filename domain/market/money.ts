import { Decimal } from 'decimal.js';
import { z } from 'zod';

/**
 * Exact decimals for money. 40 significant digits hold any sum a desk can have together with eight places of crypto;
 * only a division can be inexact, and then by half-even. A constructor of our own, so that nobody's settings reach it.
 */
export const Amount = Decimal.clone({
  precision: 40,
  rounding: Decimal.ROUND_HALF_EVEN,
  toExpNeg: -30,
  toExpPos: 40,
});
export type Amount = Decimal;

declare const unit: unique symbol;
/** Money for one unit of an instrument, in the currency it is quoted in; above zero. */
export type Price = Amount & { readonly [unit]?: 'price' };
/** Shares or coins; never negative: the side is said apart. */
export type Quantity = Amount & { readonly [unit]?: 'quantity' };
/** Korean won, signed. Crypto fees have fractions of a won. */
export type Won = Amount & { readonly [unit]?: 'won' };

export type AmountInput = string | number | Decimal;

function finite(value: AmountInput, what: string): Amount {
  const amount = new Amount(value);
  if (!amount.isFinite()) throw new RangeError(`${String(value)} is no ${what}`);
  return amount;
}

/** @throws RangeError unless it is above zero; decimal.js's error for text that is no number. */
export function price(value: AmountInput): Price {
  const amount = finite(value, 'price');
  if (!amount.greaterThan(0)) throw new RangeError(`a price is above zero, not ${amount.toFixed()}`);
  return amount;
}

/** @throws RangeError when it is below zero; decimal.js's error for text that is no number. */
export function quantity(value: AmountInput): Quantity {
  const amount = finite(value, 'quantity');
  if (amount.isNegative() && !amount.isZero())
    throw new RangeError(`a quantity is never negative: ${amount.toFixed()}`);
  return amount;
}

/** @throws RangeError for NaN and infinity; decimal.js's error for text that is no number. */
export function won(value: AmountInput): Won {
  return finite(value, 'amount of won');
}

/** What so many cost at a price, exactly. */
export function valueOf(at: Price, count: Quantity): Won {
  return at.times(count);
}

export function sumOf(amounts: Iterable<Amount>): Amount {
  let sum = new Amount(0);
  for (const amount of amounts) sum = sum.plus(amount);
  return sum;
}

export type RoundingMode = 'down' | 'half_up' | 'up';
const modes = {
  down: Decimal.ROUND_DOWN,
  half_up: Decimal.ROUND_HALF_UP,
  up: Decimal.ROUND_UP,
} as const;

/** Rounds to a multiple of `step` by size, whatever the sign: `down` is towards zero (절사). */
export function roundTo(amount: Amount, step: AmountInput, mode: RoundingMode): Amount {
  return amount.dividedBy(step).toDecimalPlaces(0, modes[mode]).times(step);
}

const plainNumber = /^-?\d{1,24}(\.\d{1,18})?$/;

/** A decimal as the API takes and answers it: text, because JSON's numbers are binary. */
export const decimalText = z
  .string()
  .regex(plainNumber, 'a decimal number in digits, as text')
  .describe('A decimal number as text: `"70100"`, `"0.00051"`.');

/** {@link decimalText} read to an exact amount. */
export const amountField = decimalText.transform((text): Amount => new Amount(text));
export const priceField = amountField.refine((value) => value.greaterThan(0), {
  error: 'a price is above zero',
  params: { code: 'price_not_positive' },
});
export const quantityField = amountField.refine((value) => value.greaterThanOrEqualTo(0), {
  error: 'a quantity is never negative',
  params: { code: 'quantity_negative' },
});

/** Digits without an exponent, as {@link decimalText} has them. */
export function amountText(amount: Amount): string {
  return amount.isZero() ? '0' : amount.toFixed();
}
