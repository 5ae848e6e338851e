import { Decimal as Base } from 'decimal.js';
import { z } from 'zod';
import { type Decimal, decimal, decimalText } from '#domain/core/decimal.ts';

declare const unit: unique symbol;
/** Money for one unit of an instrument, in the currency it is quoted in; above zero. */
export type Price = Decimal & { readonly [unit]?: 'price' };
/** Shares or coins; never negative: the side is said apart. */
export type Quantity = Decimal & { readonly [unit]?: 'quantity' };
/** Korean won, signed. Crypto fees have fractions of a won. */
export type Won = Decimal & { readonly [unit]?: 'won' };

/** @throws RangeError unless it is above zero; decimal.js's error for text that is no number. */
export function price(value: string | number | Decimal): Price {
  const amount = decimal(value);
  if (!amount.greaterThan(0)) throw new RangeError(`a price is above zero, not ${amount.toFixed()}`);
  return amount;
}

/** @throws RangeError when it is below zero; decimal.js's error for text that is no number. */
export function quantity(value: string | number | Decimal): Quantity {
  const amount = decimal(value);
  if (amount.lessThan(0)) throw new RangeError(`a quantity is never negative: ${amount.toFixed()}`);
  return amount;
}

/** @throws RangeError for NaN and infinity; decimal.js's error for text that is no number. */
export function won(value: string | number | Decimal): Won {
  return decimal(value);
}

/** What so many cost at a price, exactly. */
export function valueOf(at: Price, count: Quantity): Won {
  return at.times(count);
}

export type RoundingMode = 'down' | 'half_up' | 'up';
const modes = { down: Base.ROUND_DOWN, half_up: Base.ROUND_HALF_UP, up: Base.ROUND_UP } as const;

/** Rounds to a multiple of `step` by size, whatever the sign: `down` is towards zero (절사). */
export function roundTo(amount: Decimal, step: string | number | Decimal, mode: RoundingMode): Decimal {
  return amount.dividedBy(step).toDecimalPlaces(0, modes[mode]).times(step);
}

/** A decimal as the API answers it: text, because JSON's numbers are binary. */
export const decimalString = z
  .string()
  .regex(/^-?\d{1,30}(\.\d{1,18})?$/, 'a decimal number in digits, as text')
  .describe('A decimal number as text: `"70100"`, `"0.00051"`.');

export const amountField = decimalText;
export const priceField = decimalText.refine((value) => value.greaterThan(0), {
  error: 'a price is above zero',
  params: { code: 'price_not_positive' },
});
export const quantityField = decimalText.refine((value) => value.greaterThanOrEqualTo(0), {
  error: 'a quantity is never negative',
  params: { code: 'quantity_negative' },
});
