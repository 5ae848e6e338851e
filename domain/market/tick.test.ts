import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KrxMarket, krxKind, krxMarket } from './instrument.ts';
import { decimal } from '#domain/core/decimal.ts';
import { price } from './money.ts';
import { type TickTable, isOnTick, roundToTick, stepTicks, tickAt, tickProblem, tickTable } from './tick.ts';
import { krxTicks } from './ticks.ts';
import { upbitTicks } from './upbit-ticks.ts';

const today = krxTicks('KOSPI', 'stock', '2026-11-23');
const crypto = (symbol: string, date: string) => {
  const table = upbitTicks('KRW', symbol, date);
  if (table === null) throw new Error('no table');
  return table;
};
const texts = (table: TickTable, prices: readonly (string | number)[]) =>
  prices.map((at) => tickAt(table, price(at)).toFixed());

const stockTicks = (market: KrxMarket, date: string) =>
  texts(krxTicks(market, 'stock', date), [1_500, 15_000, 150_000, 600_000]).join();

describe('KRX ticks', () => {
  it('are those of today at the edges of every band', () => {
    const edges = [
      1, 1_999, 2_000, 4_999, 5_000, 19_999, 20_000, 49_999, 50_000, 199_999, 200_000, 499_999, 500_000,
    ];
    expect(texts(today, edges).join()).toBe('1,1,5,5,10,10,50,50,100,100,500,500,1000');
  });
  it('changed on 2023-01-25, and differed by market before', () => {
    expect(stockTicks('KOSPI', '2023-01-24')).toBe('5,50,500,1000');
    expect(stockTicks('KOSDAQ', '2023-01-24')).toBe('5,50,100,100');
    expect(stockTicks('KONEX', '2023-01-24')).toBe('5,50,100,100');
    for (const market of krxMarket.options) expect(stockTicks(market, '2023-01-25')).toBe('1,10,100,1000');
  });
  it('of ETFs and ETNs are 5 won, and 1 below 2,000 since the end of 2023', () => {
    expect(texts(krxTicks('KOSPI', 'etf', '2023-12-15'), [1_000, 30_000, 600_000]).join()).toBe('5,5,5');
    expect(texts(krxTicks('KOSPI', 'etn', '2026-11-23'), [1_999, 2_000, 600_000]).join()).toBe('1,5,5');
  });
});

describe('Upbit ticks', () => {
  it('are those of today at the edges of every band', () => {
    const edges = [
      1_000_000,
      999_500,
      499_900,
      99_950,
      49_990,
      9_995,
      4_999,
      999,
      '99.9',
      '9.99',
      '0.999',
      '0.0999',
    ];
    expect(texts(crypto('KRW-BTC', '2026-11-23'), edges).join()).toBe(
      '1000,500,100,50,10,5,1,1,0.1,0.01,0.001,0.0001',
    );
  });
  it('changed by date and by coin', () => {
    expect(texts(crypto('KRW-BTC', '2024-01-28'), [5_500, 1_500_000]).join()).toBe('5,500');
    expect(texts(crypto('KRW-BTC', '2024-01-29'), [5_500, 550]).join()).toBe('1,0.1');
    expect(texts(crypto('KRW-ADA', '2024-10-14'), [550, '55']).join()).toBe('1,0.01');
    expect(texts(crypto('KRW-USDT', '2025-03-20'), [1_400]).join()).toBe('1');
    expect(texts(crypto('KRW-USDT', '2025-03-21'), [1_400, 10_000]).join()).toBe('0.5,10');
    expect(texts(crypto('KRW-USDC', '2026-11-23'), [1_400, 6_000, 999]).join()).toBe('0.5,0.5,1');
    expect(upbitTicks('BTC', 'BTC-ETH', '2026-11-23')?.length).toBe(1);
    expect(upbitTicks('USDT', 'USDT-ETH', '2026-11-23')).toBeNull();
  });
});

describe('a price off its tick', () => {
  it('is named with its tick and the two prices beside it', () => {
    expect(tickProblem(today, price(70_130))).toMatchObject({
      code: 'off_tick',
      message: '70130 is no multiple of the tick 100: use 70100 or 70200',
    });
    expect(tickProblem(today, price('1999.5'))?.message).toBe(
      '1999.5 is no multiple of the tick 1: use 1999 or 2000',
    );
    expect(tickProblem(today, price('0.5'))?.message).toBe('0.5 is no multiple of the tick 1: use 1');
    expect(tickProblem(today, price(70_100))).toBeNull();
  });
  it('rounds so that a side does no worse than it asked', () => {
    expect(roundToTick(today, price(70_130), 'buy')?.toFixed()).toBe('70100');
    expect(roundToTick(today, price(70_130), 'sell')?.toFixed()).toBe('70200');
    expect(roundToTick(today, price(70_150), 'nearest')?.toFixed()).toBe('70100');
    expect(roundToTick(today, price('0.4'), 'buy')).toBeNull();
    expect(() => roundToTick(today, decimal(0), 'buy')).toThrow(RangeError);
    expect(() => roundToTick(today, decimal(Number.NaN), 'buy')).toThrow(RangeError);
  });
  it('steps over the edges of bands', () => {
    expect(stepTicks(today, price(2_000), -1)?.toFixed()).toBe('1999');
    expect(stepTicks(today, price(1_999), 2)?.toFixed()).toBe('2005');
    expect(stepTicks(today, price(70_130), 1)?.toFixed()).toBe('70200');
    expect(stepTicks(today, price(70_130), -1)?.toFixed()).toBe('70100');
    expect(stepTicks(today, price(2), -2)).toBeNull();
    expect(stepTicks(today, price('0.5'), 2)?.toFixed()).toBe('2');
  });
  it('tables whose bands do not fit are refused', () => {
    expect(() => tickTable([[1, 1]])).toThrow(RangeError);
    expect(() =>
      tickTable([
        [0, 3],
        [10, 5],
      ]),
    ).toThrow(RangeError);
  });
});

const date = fc.constantFrom(
  '2015-06-15',
  '2023-01-24',
  '2023-01-25',
  '2024-10-14',
  '2025-07-31',
  '2026-11-23',
);
const table = fc.oneof(
  fc
    .record({
      market: fc.constantFrom(...krxMarket.options),
      kind: fc.constantFrom(...krxKind.options),
      date,
    })
    .map(({ market, kind, date }) => krxTicks(market, kind, date)),
  fc
    .record({ symbol: fc.constantFrom('KRW-BTC', 'KRW-USDT', 'KRW-ADA'), date })
    .map(({ symbol, date }) => crypto(symbol, date)),
);
const anyPrice = fc
  .record({ digits: fc.integer({ min: 1, max: 999_999_999 }), places: fc.integer({ min: 0, max: 8 }) })
  .map(({ digits, places }) => price(decimal(digits).times(decimal(10).pow(-places))));

describe('every table and price', () => {
  it('rounds to the valid prices next to it, as a walk over the bands finds them', () => {
    fc.assert(
      fc.property(table, anyPrice, (table, at) => {
        const [below, above] = [roundToTick(table, at, 'down'), roundToTick(table, at, 'up')];
        expect(above !== null && isOnTick(table, above) && above.greaterThanOrEqualTo(at)).toBe(true);
        if (below !== null) expect(isOnTick(table, below) && below.lessThanOrEqualTo(at)).toBe(true);
        // The oracle: the band by hand, and whole multiples of its tick.
        const { tick } = table.filter(({ from }) => from.lte(at)).at(-1) ?? { tick: decimal(1) };
        const floor = at.div(tick).floor().times(tick);
        expect(below?.toFixed() ?? '0').toBe(floor.toFixed());
        expect(above?.toFixed()).toBe(at.div(tick).ceil().times(tick).toFixed());
        expect(tickProblem(table, at) === null).toBe(isOnTick(table, at));
      }),
      { numRuns: 300 },
    );
  });
  it('steps up and down again to where it was', () => {
    fc.assert(
      fc.property(table, anyPrice, fc.integer({ min: 1, max: 40 }), (table, at, ticks) => {
        const from = roundToTick(table, at, 'up');
        const there = from === null ? null : stepTicks(table, from, ticks);
        expect(there?.greaterThan(from ?? 0)).toBe(true);
        expect(there === null ? null : stepTicks(table, there, -ticks)?.toFixed()).toBe(from?.toFixed());
      }),
      { numRuns: 200 },
    );
  });
});
