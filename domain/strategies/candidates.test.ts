import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CrossSection, candidateFilter, discover, passCodes, scorers } from './candidates.ts';

interface Row {
  readonly symbol: string;
  readonly market: string;
  readonly halted: boolean;
  readonly open: number;
  readonly close: number;
  readonly volume: number;
  readonly value: number;
  readonly change: number;
}

/** One day of rows, with an earlier day of constant volume. */
function sectionOf(rows: readonly Row[], earlierVolume = 100): CrossSection {
  const column = (earlier: number, pick: (row: Row) => number) =>
    Float64Array.from([...rows.map(() => earlier), ...rows.map(pick)]);
  return {
    symbols: rows.map((row) => row.symbol),
    markets: rows.map((row) => row.market),
    halted: Uint8Array.from(rows, (row) => (row.halted ? 1 : 0)),
    days: 2,
    open: column(100, (row) => row.open),
    close: column(100, (row) => row.close),
    volume: column(earlierVolume, (row) => row.volume),
    value: column(10_000, (row) => row.value),
    change: column(0, (row) => row.change),
  };
}

const rowsOf = fc.uniqueArray(
  fc.record({
    symbol: fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(6, '0')),
    market: fc.constantFrom('KOSPI', 'KOSDAQ', 'KONEX'),
    halted: fc.boolean(),
    open: fc.constantFrom(0, 90, 100),
    close: fc.constantFrom(0, 50, 100, 150, NaN),
    volume: fc.constantFrom(0, 5, 10, 200, Infinity),
    value: fc.constantFrom(0, 500, 1_000, 20_000, NaN),
    change: fc.constantFrom(-0.3, 0, 0.1, 0.3),
  }),
  { selector: (row) => row.symbol, maxLength: 60, size: 'max' },
);
const filters = fc
  .record({
    price_min: fc.constantFrom(0, 60, 100),
    price_max: fc.constantFrom(null, 100, 120),
    volume_min: fc.constantFrom(0, 10),
    value_min: fc.constantFrom(0, 1_000),
    change_min: fc.constantFrom(null, 0),
    change_max: fc.constantFrom(null, 0.2),
    markets: fc.constantFrom<string[]>([], ['KOSPI', 'KOSDAQ']),
    allow: fc.constantFrom<string[]>([], ['000001', '000002', '000003', '000010']),
    deny: fc.constantFrom<string[]>([], ['000002', '000050']),
    score: fc.constantFrom('value', 'volume_surge', 'momentum'),
    limit: fc.integer({ min: 1, max: 8 }),
  })
  .map((raw) => candidateFilter.parse(raw));

describe('discover', () => {
  it('lets through exactly what the filter says, best first, and gives a reason for everything else', () => {
    fc.assert(
      fc.property(rowsOf, filters, (rows, filter) => {
        const found = discover(sectionOf(rows), filter);
        const fits = rows.filter(
          (row) =>
            !filter.deny.includes(row.symbol) &&
            (filter.allow.length === 0 || filter.allow.includes(row.symbol)) &&
            (filter.markets.length === 0 || filter.markets.includes(row.market)) &&
            !row.halted &&
            row.open > 0 &&
            Number.isFinite(row.volume) &&
            row.volume > 0 &&
            row.close >= Math.max(filter.price_min, 1) &&
            row.close <= (filter.price_max ?? Infinity) &&
            row.volume >= filter.volume_min &&
            row.value >= filter.value_min &&
            row.change >= (filter.change_min ?? -Infinity) &&
            row.change <= (filter.change_max ?? Infinity),
        );
        const points = (row: Row) =>
          filter.score === 'value' ? row.value : filter.score === 'momentum' ? row.change : row.volume / 100;
        const best = [...fits].sort((a, b) => points(b) - points(a) || (a.symbol < b.symbol ? -1 : 1));
        expect(found.candidates.map((each) => each.symbol)).toEqual(
          best.slice(0, filter.limit).map((row) => row.symbol),
        );
        const chosen = new Set(found.candidates.map((each) => each.index));
        let passed = 0;
        for (const index of rows.keys()) {
          const why = found.passedOver(index);
          expect(why === null).toBe(chosen.has(index));
          if (why !== null) passed += 1;
        }
        expect(Object.values(found.counts).reduce((a, b) => a + b, 0)).toBe(passed);
      }),
      { numRuns: 300 },
    );
  });

  it('names the figure and the bound, and refuses halted and idle symbols by name', () => {
    const row = {
      symbol: '',
      market: 'KOSPI',
      halted: false,
      open: 100,
      close: 100,
      volume: 10,
      value: 1e3,
      change: 0,
    };
    const rows: Row[] = [
      { ...row, symbol: '1', halted: true },
      { ...row, symbol: '2', open: 0, volume: 0 },
      { ...row, symbol: '3', volume: 0 },
      { ...row, symbol: '4', close: 40 },
      { ...row, symbol: '5', value: 2e3 },
      { ...row, symbol: '6', value: 3e3 },
      { ...row, symbol: '7', value: 4e3 },
      { ...row, symbol: '8', close: 0 },
    ];
    const filter = candidateFilter.parse({ price_min: 50, volume_min: 1, value_min: 0, limit: 1 });
    const even = {
      code: 'odd_only',
      refuses: (section: CrossSection, symbol: number) =>
        Number(section.symbols[symbol]) % 2 === 0 ? { symbol: section.symbols[symbol] ?? '' } : null,
    };
    const found = discover(sectionOf(rows), filter, [even]);
    expect(found.candidates).toEqual([{ symbol: '7', index: 6, score: 4e3, rank: 1 }]);
    expect(rows.map((_, index) => found.passedOver(index))).toEqual([
      { code: 'candidate_halted', params: {} },
      { code: 'candidate_halted', params: {} },
      { code: 'candidate_no_volume', params: {} },
      { code: 'candidate_price_low', params: { price: 40, limit: 50 } },
      { code: 'candidate_outranked', params: { rank: 2, limit: 1 } },
      { code: 'odd_only', params: { symbol: '6' } },
      null,
      { code: 'candidate_not_listed', params: {} },
    ]);
    expect(found.counts).toEqual({
      candidate_halted: 2,
      candidate_no_volume: 1,
      candidate_price_low: 1,
      candidate_outranked: 1,
      candidate_not_listed: 1,
      odd_only: 1,
    });
    expect(new Set(passCodes).size).toBe(passCodes.length);
  });

  it('counts a surge against the days a symbol traded on', () => {
    const row = {
      symbol: '1',
      market: '',
      halted: false,
      open: 1,
      close: 1,
      volume: 250,
      value: 1,
      change: 0,
    };
    expect(scorers.volume_surge(sectionOf([row]), 0, 1)).toBe(2.5);
    expect(scorers.volume_surge(sectionOf([row], 0), 0, 1)).toBe(1);
  });

  it('refuses a range that is upside down', () => {
    expect(candidateFilter.safeParse({ price_min: 10, price_max: 5 }).error?.issues[0]?.path).toEqual([
      'price_max',
    ]);
    expect(candidateFilter.safeParse({ change_min: 0.3 }).error?.issues[0]?.path).toEqual(['change_max']);
  });
});
