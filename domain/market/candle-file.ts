import type { Decimal } from '#domain/core/decimal.ts';
import { symbolName } from '#domain/locks/symbol.ts';
import { type CandleColumns, type CandleRole, readColumns, rolesNamed } from './candle-columns.ts';
import { type CandleProblem, type RowUnit, candleProblem } from './candle-problem.ts';
import { type IdleReason, type Row, type RowRules, problemAt, readRow, textOf } from './candle-row.ts';
import { type Delimiter, bareLine, delimiterOf, splitLine } from './csv-line.ts';

/** How a candle file is read. */
export interface CandleFileOptions extends RowRules {
  /** Whose candles they are; null: each row says so. */
  readonly symbol: string | null;
  /**
   * `strict` (default): each symbol's rows run one way, from the oldest or from the newest, so that a file put together
   * wrongly shows. `any`: in any order; the reader then remembers every time to find duplicates.
   */
  readonly order?: 'strict' | 'any';
  /** Columns by role as the header names them, where guessing is wrong. */
  readonly columns?: Partial<Record<CandleRole, string>>;
}

/** A valid candle of a file. It was known from its end on. */
export interface FileCandle {
  readonly line: number;
  readonly symbol: string;
  readonly day: string;
  readonly start: Date;
  readonly end: Date;
  readonly available_at: Date;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly volume: Decimal;
  readonly value: Decimal | null;
}

export type CandleLine =
  /** Empty, or before the header. */
  | { readonly kind: 'passed' }
  | { readonly kind: 'header'; readonly columns: CandleColumns }
  | { readonly kind: 'candle'; readonly candle: FileCandle }
  /** A row without trades: no candle, and said rather than left out. */
  | {
      readonly kind: 'idle';
      readonly line: number;
      readonly symbol: string;
      readonly day: string;
      readonly start: Date;
      readonly end: Date;
      readonly reason: IdleReason;
    }
  | { readonly kind: 'refused'; readonly problems: readonly CandleProblem[] };

/** What became of the lines so far. */
export interface CandleFileCounts {
  readonly lines: number;
  readonly candles: number;
  readonly idle: number;
  readonly refused: number;
}

/** Reads a file line by line, in its order; in strict order it keeps a few words for each symbol and nothing of the rows. */
export interface CandleReader {
  readonly read: (line: string) => CandleLine;
  /** After the last line: what is wrong with the file as a whole. */
  readonly end: () => { readonly counts: CandleFileCounts; readonly problems: readonly CandleProblem[] };
}

/** Vendors put a line or two before the header. */
const headerWithin = 10;
const lineMax = 4_000;

/** Where a symbol's rows have come to. */
interface Progress {
  at: number;
  line: number;
  direction: -1 | 0 | 1;
  /** Line of each time, where rows come in any order. */
  readonly lines: Map<number, number> | null;
}

function orderProblem(
  progress: Map<string, Progress>,
  row: Row,
  symbol: string,
  start: Date,
  order: 'strict' | 'any',
): CandleProblem | null {
  const at = start.getTime();
  const last = progress.get(symbol);
  if (last === undefined) {
    const lines = order === 'any' ? new Map([[at, row.line]]) : null;
    progress.set(symbol, { at, line: row.line, direction: 0, lines });
    return null;
  }
  const first = at === last.at ? last.line : last.lines?.get(at);
  if (first !== undefined) return problemAt(row, 'start', 'duplicate', { first });
  const direction = at > last.at ? 1 : -1;
  if (last.lines === null && last.direction !== 0 && direction !== last.direction) {
    const than = direction === 1 ? 'later' : 'earlier';
    return problemAt(row, 'start', 'out_of_order', { before: last.line, direction: than });
  }
  last.lines?.set(at, row.line);
  [last.at, last.line, last.direction] = [at, row.line, direction];
  return null;
}

const examples = { KRX: 'six characters, such as 005930', UPBIT: 'such as KRW-BTC' } as const;

/** The symbol of a row; KRX's own files write `A005930`. */
function symbolOf(
  row: Row,
  { venue, symbol }: CandleFileOptions,
  first: string | null,
): string | CandleProblem {
  const given = textOf(row, 'symbol');
  if (symbol !== null) {
    const strange = given !== null && first !== null && given !== first;
    return strange ? problemAt(row, 'symbol', 'other_symbol', { symbol: first }) : symbol;
  }
  const written = (given ?? '').toUpperCase();
  const plain = venue === 'KRX' && /^A[0-9A-Z]{6}$/.test(written) ? written.slice(1) : written;
  const fits = venue === 'KRX' ? /^[0-9A-Z]{6}$/.test(plain) : /^[A-Z]+-[A-Z0-9]+$/.test(plain);
  if (fits && symbolName.safeParse(plain).success) return plain;
  return problemAt(row, 'symbol', 'symbol_form', { venue, example: examples[venue] });
}

interface Header {
  readonly columns: CandleColumns;
  readonly delimiter: Delimiter;
}

/** Which of the named columns holds what, or why that cannot be told. */
function columnsOf(
  names: readonly string[],
  line: number,
  options: CandleFileOptions,
): CandleColumns | CandleProblem {
  const columns = readColumns(names, options.columns ?? {}, options.symbol === null);
  if (!('code' in columns)) return columns;
  switch (columns.code) {
    case 'columns_missing':
      return candleProblem({ line }, columns.code, { missing: columns.missing.join(', ') });
    case 'column_ambiguous':
      return candleProblem({ line }, columns.code, { role: columns.role, names: columns.names.join(', ') });
    case 'column_unknown':
      return candleProblem({ line }, columns.code, { role: columns.role, name: columns.name });
  }
}

/** A line as the header; a problem ends the reading; null: it is none yet. */
function readHeader(text: string, line: number, options: CandleFileOptions): Header | CandleProblem | null {
  if (text.includes('\uFFFD')) return candleProblem({ line }, 'encoding');
  const delimiter = delimiterOf(text);
  const fields = splitLine(text, delimiter);
  const chosen = Object.values(options.columns ?? {});
  const names = fields !== null && (rolesNamed(fields) >= 3 || chosen.some((name) => fields.includes(name)));
  if (fields === null || !names)
    return line < headerWithin ? null : candleProblem({ line }, 'no_header', { lines: headerWithin });
  const columns = columnsOf(fields, line, options);
  return 'code' in columns ? columns : { columns, delimiter };
}

/** What is kept over the rows of one file. */
function rowsOf(options: CandleFileOptions, unit: RowUnit) {
  const counts = { lines: 0, candles: 0, idle: 0, refused: 0 };
  const progress = new Map<string, Progress>();
  let firstSymbol: string | null = null;

  const refuse = (...problems: CandleProblem[]): CandleLine => {
    counts.refused += 1;
    return { kind: 'refused', problems };
  };
  const readFields = (fields: readonly string[], columns: CandleColumns): CandleLine => {
    const row: Row = { line: counts.lines, unit, columns, fields };
    const symbol = symbolOf(row, options, firstSymbol);
    firstSymbol ??= textOf(row, 'symbol');
    const answer = readRow(row, options);
    if (typeof symbol !== 'string') return refuse(symbol, ...(answer.ok ? [] : answer.problems));
    if (!answer.ok) return refuse(...answer.problems);
    const order = orderProblem(progress, row, symbol, answer.span.start, options.order ?? 'strict');
    if (order !== null) return refuse(order);
    const { start, end, day } = answer.span;
    if (answer.idle !== null) {
      counts.idle += 1;
      return { kind: 'idle', line: row.line, symbol, day, start, end, reason: answer.idle };
    }
    counts.candles += 1;
    return {
      kind: 'candle',
      candle: { line: row.line, symbol, day, start, end, available_at: end, ...answer.numbers },
    };
  };
  return { counts, refuse, readFields };
}

/** A reader for one file. Give it each line with or without its end, quoted fields and byte order mark as they are. */
export function candleReader(options: CandleFileOptions): CandleReader {
  const { counts, refuse, readFields } = rowsOf(options, 'line');
  let header: Header | null = null;
  let fatal: CandleProblem | null = null;

  function readData(text: string, { columns, delimiter }: Header): CandleLine {
    const line = counts.lines;
    const fields = splitLine(text, delimiter);
    if (fields === null) return refuse(candleProblem({ line, value: text }, 'quotes'));
    const extra = fields.slice(columns.count).some((field) => field !== '');
    if (fields.length < columns.count || extra)
      return refuse(
        candleProblem({ line, value: text }, 'fields', { found: fields.length, expected: columns.count }),
      );
    return readFields(fields, columns);
  }

  return {
    read(line) {
      counts.lines += 1;
      const text = bareLine(line);
      if (fatal !== null || text.trim() === '') return { kind: 'passed' };
      if (text.length > lineMax)
        return refuse(candleProblem({ line: counts.lines }, 'line_too_long', { limit: lineMax }));
      if (header !== null) return readData(text, header);
      const found = readHeader(text, counts.lines, options);
      if (found === null) return { kind: 'passed' };
      if ('code' in found) {
        fatal = found;
        return refuse(found);
      }
      header = found;
      return { kind: 'header', columns: found.columns };
    },
    end() {
      const none = header === null && fatal === null;
      const missing = candleProblem({ line: counts.lines }, 'no_header', { lines: counts.lines });
      return { counts: { ...counts }, problems: none ? [missing] : fatal === null ? [] : [fatal] };
    },
  };
}

/** Reads the rows of a table whose columns have names: Parquet. Each row as text by column; rows count from 1. */
export interface CandleTableReader {
  readonly columns: CandleColumns;
  readonly read: (fields: readonly string[]) => CandleLine;
  readonly counts: () => CandleFileCounts;
}

/** A reader for one table, or why its columns are no candles. */
export function candleTableReader(
  names: readonly string[],
  options: CandleFileOptions,
): CandleTableReader | CandleProblem {
  const columns = columnsOf(names, 0, options);
  if ('code' in columns) return columns;
  const { counts, readFields } = rowsOf(options, 'row');
  return {
    columns,
    read(fields) {
      counts.lines += 1;
      return readFields(fields, columns);
    },
    counts: () => ({ ...counts }),
  };
}
