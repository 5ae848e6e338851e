import { type Decimal, decimal } from '#domain/core/decimal.ts';

export type NumberFault = 'missing' | 'not_a_number' | 'thousands' | 'negative' | 'too_large';

const empty = /^(-|–|null|none|nan|n\/a|#n\/a)?$/i;
const plain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i;
const grouped = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/;

/** A number of a file: digits, thousands separators in their places, or with an exponent. */
export function readNumber(text: string): Decimal | NumberFault {
  if (empty.test(text)) return /^nan$/i.test(text) ? 'not_a_number' : 'missing';
  const isGrouped = grouped.test(text);
  if (!isGrouped && !plain.test(text)) return /^[+-]?[\d,.]+$/.test(text) ? 'thousands' : 'not_a_number';
  if (text.length > 60) return 'too_large';
  const amount = decimal(isGrouped ? text.replaceAll(',', '') : text);
  if (amount.isNegative() && !amount.isZero()) return 'negative';
  const tooLarge = amount.greaterThanOrEqualTo('1e24') || amount.decimalPlaces() > 18;
  return tooLarge ? 'too_large' : amount.abs();
}
