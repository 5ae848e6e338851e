/** What a column of a candle file may hold. */
export const candleRoles = [
  'start',
  'time',
  'symbol',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'value',
] as const;
export type CandleRole = (typeof candleRoles)[number];

/** Names that are taken for a role, in English, Korean and as brokers' APIs write them. */
const aliases: Record<CandleRole, readonly string[]> = {
  // In order: the first that is there is used, for files say the same time twice.
  start: [
    'candle_date_time_utc',
    'candle_date_time_kst',
    'start',
    'datetime',
    'date_time',
    '일시',
    'date',
    '날짜',
    '일자',
    '거래일',
    '거래일자',
    '기준일',
    '기준일자',
    '영업일자',
    'stck_bsop_date',
    'timestamp',
    'unix',
    'unix_timestamp',
    'time',
    '시각',
    '시간',
  ],
  time: ['time', '시각', '시간', '체결시간', 'stck_cntg_hour'],
  symbol: [
    'symbol',
    'ticker',
    'code',
    '종목코드',
    '단축코드',
    '티커',
    '종목',
    'isu_srt_cd',
    'stck_shrn_iscd',
  ],
  open: ['open', '시가', '시초가', 'opening_price', 'open_price', 'stck_oprc', 'o'],
  high: ['high', '고가', 'high_price', 'stck_hgpr', 'h'],
  low: ['low', '저가', 'low_price', 'stck_lwpr', 'l'],
  close: ['close', '종가', '현재가', 'close_price', 'trade_price', 'stck_clpr', 'stck_prpr', 'c'],
  volume: ['volume', '거래량', 'vol', 'candle_acc_trade_volume', 'acml_vol', 'cntg_vol', 'v'],
  value: ['value', '거래대금', 'turnover', 'quote_volume', 'candle_acc_trade_price', 'acml_tr_pbmn'],
};
/** Zones that a column's name states. */
const namedZones: Readonly<Record<string, string>> = {
  candle_date_time_utc: 'UTC',
  candle_date_time_kst: 'Asia/Seoul',
};
const required = ['start', 'open', 'high', 'low', 'close', 'volume'] as const;

/** A header's name without case, spaces and units: `Volume BTC` is `volume_btc`, `시가(원)` is `시가`. */
function plainName(name: string): string {
  return name
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/\s*[([].*[)\]]$/, '')
    .replaceAll(/[\s_-]+/g, '_');
}

export interface Column {
  readonly index: number;
  /** As the file writes it. */
  readonly name: string;
}
export interface CandleColumns {
  readonly at: Partial<Record<CandleRole, Column>>;
  readonly count: number;
  /** The zone that the name of the time's column states. */
  readonly zone: string | null;
}

export type ColumnsProblem =
  | { readonly code: 'columns_missing'; readonly missing: readonly CandleRole[] }
  | { readonly code: 'column_ambiguous'; readonly role: CandleRole; readonly names: readonly string[] }
  | { readonly code: 'column_unknown'; readonly role: CandleRole; readonly name: string };

/** Columns that may hold a role; `volume_btc` beside `volume` may be it just as well. */
function candidates(role: CandleRole, columns: readonly Column[]): Column[] {
  const known = aliases[role];
  if (role === 'start') {
    const first = known.find((alias) => columns.some(({ name }) => plainName(name) === alias));
    return columns.filter(({ name }) => plainName(name) === first).slice(0, 1);
  }
  return columns.filter(({ name }) => {
    const plain = plainName(name);
    return known.includes(plain) || (role === 'volume' && plain.startsWith('volume_'));
  });
}

/** How many roles the fields of a line name: a header names several, prices and prose none. */
export function rolesNamed(fields: readonly string[]): number {
  const plain = fields.map(plainName);
  return candleRoles.filter((role) => plain.some((name) => aliases[role].includes(name))).length;
}

/**
 * Which column holds what. @param chosen columns by role as the user names them; they win over what is guessed.
 * @param needsSymbol the file itself must say whose candles they are.
 */
export function readColumns(
  fields: readonly string[],
  chosen: Partial<Record<CandleRole, string>>,
  needsSymbol: boolean,
): CandleColumns | ColumnsProblem {
  const columns = fields.map((name, index): Column => ({ name, index }));
  const at: Partial<Record<CandleRole, Column>> = {};
  for (const role of candleRoles) {
    const name = chosen[role];
    const found =
      name === undefined ? candidates(role, columns) : columns.filter((column) => column.name === name);
    if (name !== undefined && found.length === 0) return { code: 'column_unknown', role, name };
    const free = role === 'time' ? found.filter(({ index }) => index !== at.start?.index) : found;
    if (free.length > 1) return { code: 'column_ambiguous', role, names: free.map(({ name }) => name) };
    if (free[0] !== undefined) at[role] = free[0];
  }
  const missing = [...required, ...(needsSymbol ? (['symbol'] as const) : [])].filter(
    (role) => at[role] === undefined,
  );
  if (missing.length > 0) return { code: 'columns_missing', missing };
  return { at, count: fields.length, zone: namedZones[plainName(at.start?.name ?? '')] ?? null };
}
