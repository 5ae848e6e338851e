import { z } from 'zod';
import type { ErrorParams } from '#domain/core/errors.ts';

/**
 * Candidate discovery: which symbols of a whole market a trader looks at, in which order, and why each of the others
 * was passed over. Columns throughout: a market of some thousand symbols takes about a millisecond.
 */

/**
 * A market by symbol and day. Cells are at `day x symbols + symbol`, the latest day last; a cell of a day on which the
 * symbol was not listed has close 0. Prices in the quote currency, `value` is volume x price as the venue counts it.
 */
export interface CrossSection {
  readonly symbols: readonly string[];
  /** Segment of each symbol (KOSPI, KOSDAQ), empty where the venue has none. */
  readonly markets: readonly string[];
  /** 1 where the venue says the symbol does not trade now. */
  readonly halted: Uint8Array;
  readonly days: number;
  readonly open: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly value: Float64Array;
  /** Change against the day before, as a fraction. */
  readonly change: Float64Array;
}

const bound = z.number().min(0);
export const scorerName = z.enum(['value', 'volume_surge', 'momentum']);

export const candidateFilter = z
  .strictObject({
    price_min: bound.default(1_000).describe('Lowest price.'),
    price_max: bound.nullable().default(null).describe('Highest price; null: any.'),
    volume_min: bound.default(100_000).describe('Fewest units traded on the latest day.'),
    value_min: bound.default(1_000_000_000).describe('Smallest traded value of the latest day.'),
    change_min: z
      .number()
      .nullable()
      .default(0)
      .describe('Smallest change against the day before, a fraction.'),
    change_max: z.number().nullable().default(0.2).describe('Largest change: near the limit nobody sells.'),
    markets: z.array(z.string()).default([]).describe('Segments looked at; none named: all.'),
    allow: z.array(z.string()).default([]).describe('Only these symbols; none named: all.'),
    deny: z.array(z.string()).default([]).describe('Never these symbols, even if allowed.'),
    score: scorerName.default('value').describe('What the candidates are ranked by.'),
    limit: z.int().min(1).max(1_000).default(20).describe('Most candidates per scan.'),
  })
  .refine((f) => f.price_max === null || f.price_max >= f.price_min, {
    path: ['price_max'],
    error: 'must not be below price_min',
  })
  .refine((f) => f.change_max === null || f.change_min === null || f.change_max >= f.change_min, {
    path: ['change_max'],
    error: 'must not be below change_min',
  });
export type CandidateFilter = z.output<typeof candidateFilter>;

/** Why a symbol was passed over; the order is the order of the questions. */
export const passCodes = [
  'candidate_denied',
  'candidate_not_allowed',
  'candidate_other_market',
  'candidate_not_listed',
  'candidate_halted',
  'candidate_no_volume',
  'candidate_price_low',
  'candidate_price_high',
  'candidate_volume_low',
  'candidate_value_low',
  'candidate_change_low',
  'candidate_change_high',
  'candidate_bad_data',
  'candidate_outranked',
] as const;
export type PassCode = (typeof passCodes)[number];

/** A question of one's own: asked last, of the symbols every other question let through. */
export interface CandidateRule {
  /** Rendered as `reasons.<code>`. */
  readonly code: string;
  /** Parameters of the refusal, null to let it pass. `cell` is the latest day's. */
  readonly refuses: (section: CrossSection, symbol: number, cell: number) => ErrorParams | null;
}

export interface PassedOver {
  readonly code: string;
  readonly params: ErrorParams;
}

export interface Candidate {
  readonly symbol: string;
  readonly index: number;
  readonly score: number;
  /** From 1. */
  readonly rank: number;
}

export interface Discovery {
  readonly candidates: readonly Candidate[];
  /** How many were passed over, by reason. */
  readonly counts: Readonly<Record<string, number>>;
  /** Why a symbol (by its index) was passed over; null for a candidate. */
  readonly passedOver: (index: number) => PassedOver | null;
}

type Scorer = (section: CrossSection, symbol: number, cell: number) => number;

/** The built-in scores; higher is better. */
export const scorers: Readonly<Record<z.output<typeof scorerName>, Scorer>> = {
  value: ({ value }, _symbol, cell) => value[cell] ?? 0,
  momentum: ({ change }, _symbol, cell) => change[cell] ?? 0,
  /** Volume in multiples of the mean of the earlier days it traded on; 1 without any. */
  volume_surge: ({ volume, symbols, days }, symbol, cell) => {
    let sum = 0;
    let count = 0;
    for (let day = 0; day < days - 1; day += 1) {
      const before = volume[day * symbols.length + symbol] ?? 0;
      if (before > 0) {
        sum += before;
        count += 1;
      }
    }
    return count === 0 ? 1 : ((volume[cell] ?? 0) * count) / sum;
  },
};

/**
 * Looks over the market. Ties of the score go to the smaller symbol, so the same market gives the same list.
 * @param rules further questions; @param score a score of one's own in place of the filter's.
 */
export function discover(
  section: CrossSection,
  filter: CandidateFilter,
  rules: readonly CandidateRule[] = [],
  score: Scorer = scorers[filter.score],
): Discovery {
  const { symbols } = section;
  const ask = questions(section, filter);
  const codes = new Uint8Array(symbols.length);
  const custom = new Map<number, PassedOver>();
  const scores = new Float64Array(symbols.length);
  const open: number[] = [];
  const first = Math.max(section.days - 1, 0) * symbols.length;
  for (let symbol = 0; symbol < symbols.length; symbol += 1) {
    const code = section.days === 0 ? codeNumber('candidate_not_listed') : ask(symbol, first + symbol);
    codes[symbol] = code;
    if (code !== 0) continue;
    const refusal = refusalOf(section, rules, symbol, first + symbol);
    if (refusal !== null) {
      custom.set(symbol, refusal);
      continue;
    }
    const points = score(section, symbol, first + symbol);
    if (Number.isFinite(points)) {
      scores[symbol] = points;
      open.push(symbol);
    } else codes[symbol] = codeNumber('candidate_bad_data');
  }
  open.sort(
    (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (symbols[a] ?? '').localeCompare(symbols[b] ?? '', 'en'),
  );
  const ranks = new Map(open.map((symbol, index) => [symbol, index + 1]));
  for (const symbol of open.slice(filter.limit)) codes[symbol] = codeNumber('candidate_outranked');
  const passedOver = (symbol: number): PassedOver | null => {
    const own = custom.get(symbol);
    if (own !== undefined) return own;
    const code = passCodes[(codes[symbol] ?? 0) - 1];
    if (code === undefined) return null;
    return { code, params: passParams(code, section, filter, symbol, ranks.get(symbol) ?? 0) };
  };
  return {
    candidates: open.slice(0, filter.limit).map((index, at) => ({
      symbol: symbols[index] ?? '',
      index,
      score: scores[index] ?? 0,
      rank: at + 1,
    })),
    counts: countsOf(codes, custom),
    passedOver,
  };
}

/** Numbers of codes start at 1; 0 is "not passed over". */
function codeNumber(code: PassCode): number {
  return passCodes.indexOf(code) + 1;
}

/** The questions of a filter as one function from cell to code number. */
function questions(section: CrossSection, filter: CandidateFilter): (symbol: number, cell: number) => number {
  const { symbols, markets, halted, open, close, volume, value, change } = section;
  const deny = new Set(filter.deny);
  const allow = filter.allow.length === 0 ? null : new Set(filter.allow);
  const segments = filter.markets.length === 0 ? null : new Set(filter.markets);
  const priceMax = filter.price_max ?? Infinity;
  const changeMin = filter.change_min ?? -Infinity;
  const changeMax = filter.change_max ?? Infinity;
  return (symbol, cell) => {
    const name = symbols[symbol] ?? '';
    if (deny.has(name)) return codeNumber('candidate_denied');
    if (allow !== null && !allow.has(name)) return codeNumber('candidate_not_allowed');
    if (segments !== null && !segments.has(markets[symbol] ?? ''))
      return codeNumber('candidate_other_market');
    const price = close[cell] ?? 0;
    const units = volume[cell] ?? 0;
    if (price === 0) return codeNumber('candidate_not_listed');
    // A day without an opening price is how KRX lists a symbol whose trading is suspended.
    if (halted[symbol] === 1 || open[cell] === 0) return codeNumber('candidate_halted');
    if (units === 0) return codeNumber('candidate_no_volume');
    if (price < filter.price_min) return codeNumber('candidate_price_low');
    if (price > priceMax) return codeNumber('candidate_price_high');
    if (units < filter.volume_min) return codeNumber('candidate_volume_low');
    if ((value[cell] ?? 0) < filter.value_min) return codeNumber('candidate_value_low');
    const moved = change[cell] ?? 0;
    if (moved < changeMin) return codeNumber('candidate_change_low');
    if (moved > changeMax) return codeNumber('candidate_change_high');
    // What compares with nothing (NaN, infinite) would pass every bound.
    const sound = price > 0 && units > 0 && Number.isFinite(price + units + (value[cell] ?? NaN) + moved);
    return sound ? 0 : codeNumber('candidate_bad_data');
  };
}

function refusalOf(
  section: CrossSection,
  rules: readonly CandidateRule[],
  symbol: number,
  cell: number,
): PassedOver | null {
  for (const rule of rules) {
    const params = rule.refuses(section, symbol, cell);
    if (params !== null) return { code: rule.code, params };
  }
  return null;
}

function countsOf(codes: Uint8Array, custom: ReadonlyMap<number, PassedOver>): Record<string, number> {
  const counts: Record<string, number> = {};
  const byNumber = new Uint32Array(passCodes.length + 1);
  for (const code of codes) byNumber[code] = (byNumber[code] ?? 0) + 1;
  for (const [index, code] of passCodes.entries()) {
    const count = byNumber[index + 1] ?? 0;
    if (count > 0) counts[code] = count;
  }
  for (const { code } of custom.values()) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** What a reason's text needs: the symbol's own figure and the bound it missed. */
function passParams(
  code: PassCode,
  section: CrossSection,
  filter: CandidateFilter,
  symbol: number,
  rank: number,
): ErrorParams {
  const cell = Math.max(section.days - 1, 0) * section.symbols.length + symbol;
  const price = section.close[cell] ?? 0;
  const volume = section.volume[cell] ?? 0;
  const value = section.value[cell] ?? 0;
  const change = section.change[cell] ?? 0;
  switch (code) {
    case 'candidate_denied':
    case 'candidate_not_allowed':
    case 'candidate_not_listed':
    case 'candidate_halted':
    case 'candidate_no_volume':
      return {};
    case 'candidate_other_market':
      return { market: section.markets[symbol] ?? '' };
    case 'candidate_price_low':
      return { price, limit: filter.price_min };
    case 'candidate_price_high':
      return { price, limit: filter.price_max };
    case 'candidate_volume_low':
      return { volume, limit: filter.volume_min };
    case 'candidate_value_low':
      return { value, limit: filter.value_min };
    case 'candidate_change_low':
      return { change, limit: filter.change_min };
    case 'candidate_change_high':
      return { change, limit: filter.change_max };
    case 'candidate_bad_data':
      return { price: String(price), volume: String(volume), value: String(value), change: String(change) };
    case 'candidate_outranked':
      return { rank, limit: filter.limit };
  }
}
