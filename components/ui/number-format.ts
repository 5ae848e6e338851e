/** How numbers are written. Amounts travel as decimal text and are never turned into binary numbers on the way. */

/** Currencies that venues quote in; each has its own mark and digits. */
export type Currency = 'KRW' | 'USD' | 'USDT';

/** Decimal text of the API, or a number of our own; null where a figure is not defined. */
export type Amount = string | number | null;

export type Direction = 'up' | 'down' | 'flat';

const digits: Record<Currency, number> = { KRW: 0, USD: 2, USDT: 2 };
/** As readers of each language write it; in Korean won stands behind. */
const marks: Record<
  Currency,
  { readonly ko: readonly [string, string]; readonly en: readonly [string, string] }
> = {
  KRW: { ko: ['', '원'], en: ['₩', ''] },
  USD: { ko: ['$', ''], en: ['$', ''] },
  USDT: { ko: ['', ' USDT'], en: ['', ' USDT'] },
};

function isNumeric(value: string | number): value is `${number}` {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
}

/** Which way it goes; text is read by its digits, so no size is too large for it. */
export function directionOf(value: string | number): Direction {
  const text = String(value);
  if (Number.isNaN(Number(text)) || !/[1-9]/.test(text)) return 'flat';
  return text.startsWith('-') ? 'down' : 'up';
}

/** Formatters cost more than what they write. */
const formatters = new Map<string, Intl.NumberFormat>();
function formatter(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formatters.get(key) ?? new Intl.NumberFormat(locale, options);
  formatters.set(key, known);
  return known;
}

function write(value: string | number, locale: string, options: Intl.NumberFormatOptions): string {
  const format = formatter(locale, { ...options, signDisplay: 'never' });
  if (isNumeric(value)) return format.format(value);
  const number = Number(value);
  return Number.isFinite(number) ? format.format(number) : String(value);
}

/**
 * The sign that stands before it: `-` always, `+` where gains are told from losses. A plain hyphen, so that a copied
 * figure is a number to a spreadsheet; what is rounded to nothing has no sign.
 */
function signed(value: string | number, size: string, plus: boolean): string {
  if (!/[1-9]/.test(size)) return size;
  const direction = directionOf(value);
  return direction === 'down' ? `-${size}` : direction === 'up' && plus ? `+${size}` : size;
}

export interface MoneyFormat {
  /** Written with its mark where given. */
  readonly currency?: Currency | undefined;
  /** A plus before gains. */
  readonly plus?: boolean;
  /** Most decimals; without it the currency's own, and up to four where the amount has them. */
  readonly places?: number | undefined;
}

/** An amount of money or a price. */
export function formatMoney(
  value: string | number,
  locale: string,
  { currency, plus = false, places }: MoneyFormat = {},
): string {
  const least = currency === undefined ? 0 : digits[currency];
  const most = Math.max(least, places ?? 4);
  const size = write(value, locale, { minimumFractionDigits: least, maximumFractionDigits: most });
  const [before, after] =
    currency === undefined ? ['', ''] : marks[currency][locale.startsWith('ko') ? 'ko' : 'en'];
  const text = signed(value, size, plus);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return `${sign}${before}${text.slice(sign.length)}${after}`;
}

/** A fraction as per cent: `0.0123` is 1.23 %. */
export function formatPercent(
  value: string | number,
  locale: string,
  { plus = false, places = 2 }: { readonly plus?: boolean; readonly places?: number } = {},
): string {
  const size = write(value, locale, {
    style: 'percent',
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
  return signed(value, size, plus);
}

/** Shares or coins: whole where they are whole, at most eight decimals. */
export function formatQuantity(value: string | number, locale: string): string {
  return signed(value, write(value, locale, { maximumFractionDigits: 8 }), false);
}
