import type { ErrorParams } from '#domain/core/errors.ts';

/** What a file's rows are counted in: lines with the header's, or rows of a table from 1. */
export type RowUnit = 'line' | 'row';

/** One thing wrong with a candle file, and the way out. Lines and rows count from 1. */
export interface CandleProblem {
  readonly line: number;
  /** The column as the file names it; null for the line or the file itself. */
  readonly field: string | null;
  /** What stands there. */
  readonly value: string | null;
  readonly code: CandleProblemCode;
  readonly params: ErrorParams;
  /** English; pages render `code` and `params`. */
  readonly message: string;
}

/** Every code with its text; `{x}` are params. */
const texts = {
  no_header: 'no header in the first {lines} lines: name the columns date, open, high, low, close, volume',
  no_rows: 'the file has no rows: nothing to import',
  encoding: 'not UTF-8: save the file as "CSV UTF-8"',
  columns_missing: 'no column for {missing}: add it, or say which column it is',
  column_ambiguous: '{names} could each be the {role}: say which it is',
  column_unknown: 'there is no column "{name}" for {role}: name it as the header does',
  line_too_long: 'longer than {limit} characters: is it one candle a line?',
  quotes: 'a quote is not closed: end the field with " on the same line',
  fields: '{found} fields under {expected} columns: put numbers with thousands separators in quotes',
  missing: 'is empty: fill it in or delete the line',
  not_a_number: 'is no number: write digits, such as 70100 or 0.00051',
  thousands: 'has its commas in odd places: write 1,234,567 or 1234567, and "." before decimals',
  negative: 'is below zero: correct it or delete the line',
  not_positive: 'a price is above zero: correct it or delete the line',
  too_large: 'has too many digits: 24 before the point and 18 after it are kept',
  high_too_low: 'is below {other}, {bound}: the high is the highest of the four prices',
  low_too_high: 'is above {other}, {bound}: the low is the lowest of the four prices',
  moved_without_volume: 'is zero although the price moved: correct it or delete the line',
  time_form: 'is no date that is read: write 2026-11-23 or 2026-11-23 09:00',
  time_missing: 'has no time of day, which candles of {interval} need: write 2026-11-23 09:00',
  time_odd: 'does not exist or comes twice in {zone}, where the clock changes: write its offset, +09:00',
  closed_day: '{calendar} is closed on {date} ({name}): delete the line, or correct the calendar',
  outside_session: 'is outside the session of {date}, {open}–{close}: check the time zone',
  misaligned: 'no candle of {interval} {stamp}s then: the nearest {stamp}s at {nearest}',
  not_over: 'this candle is not over yet: import it after {end}',
  symbol_form: 'is no symbol of {venue}: {example}',
  other_symbol: 'is not {symbol}, whose candles these are: import the symbols apart, or without naming one',
  duplicate: 'has the time of {unit} {first}: keep one of them',
  out_of_order:
    'comes after {unit} {before} and is {direction} than it: sort the file by time, or import it in any order',
} as const;
export type CandleProblemCode = keyof typeof texts;
export const candleProblemCodes: readonly string[] = Object.keys(texts);

/** Where a problem stands. */
export interface ProblemPlace {
  readonly line: number;
  readonly field?: string | null | undefined;
  readonly value?: string | null | undefined;
  readonly unit?: RowUnit;
}

/** Longest piece of a file that a problem repeats. */
const shownMax = 80;

export function candleProblem(
  { line, field = null, value = null, unit = 'line' }: ProblemPlace,
  code: CandleProblemCode,
  params: Record<string, string | number> = {},
): CandleProblem {
  const filled = texts[code].replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    name === 'unit' ? unit : String(params[name] ?? whole),
  );
  const shown = value === null || value.length <= shownMax ? value : `${value.slice(0, shownMax)}…`;
  const what = [field, shown === null || shown === '' ? null : `"${shown}"`].filter((part) => part !== null);
  // Some texts say something of the value, the others stand for themselves.
  const joint = /^(is|has|does|comes) /.test(filled) ? ' ' : ': ';
  const message = what.length === 0 ? filled : `${what.join(' ')}${joint}${filled}`;
  return {
    line,
    field,
    value: shown,
    code,
    params,
    message: line === 0 ? message : `${unit} ${line}: ${message}`,
  };
}
