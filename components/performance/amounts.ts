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
