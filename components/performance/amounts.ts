import { formatMoney } from '#components/ui/number-format.ts';

/** A short amount for an axis or a small cell: `+1.2만`, `-350K`. */
export function shortMoney(value: string | number, locale: string, plus = false): string {
  const number = Number(value);
  if (!Number.isFinite(number)) return '–';
  if (Math.abs(number) < 1_000) return formatMoney(Math.round(number), locale, { plus });
  return new Intl.NumberFormat(locale, {
    notation: 'compact',
    maximumSignificantDigits: 3,
    signDisplay: plus ? 'exceptZero' : 'auto',
  }).format(number);
}

/**
 * The amounts of an axis: in as many digits as tell its lines apart, so that a curve that moves by a thousandth of its
 * height does not stand between three lines of the same name.
 * @param span from the lowest to the highest value.
 */
export function axisMoney(value: number, locale: string, span: number): string {
  const step = Math.abs(span) / 6;
  const digits = step > 0 && value !== 0 ? Math.ceil(Math.log10(Math.abs(value) / step)) + 1 : 3;
  return new Intl.NumberFormat(locale, {
    notation: 'compact',
    maximumSignificantDigits: Math.min(Math.max(digits, 3), 9),
  }).format(value);
}
