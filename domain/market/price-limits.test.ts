import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instrument, krxMarket } from './instrument.ts';
import { type Decimal, decimal } from '#domain/core/decimal.ts';
import { price, quantity } from './money.ts';
import { affordable, sizeProblem, wholeLots } from './lot.ts';
import { limitProblem, limitRate, limitsAround, limitsOf } from './price-limits.ts';
import { isOnTick } from './tick.ts';
import { krxTicks } from './ticks.ts';

const samsung = { venue: 'KRX', market: 'KOSPI', symbol: '005930', name: '삼성전자' } as const;
const limits = (fields: object, date = '2026-11-23') => {
  const found = limitsOf(instrument.parse({ ...samsung, ...fields }), date);
  return found === null ? null : [found.lower.toFixed(), found.upper.toFixed()];
};

describe('limits of a day', () => {
  it('are ±30 % rounded inward to the ticks', () => {
    expect(limits({ base_price: '70100' })).toEqual(['49100', '91100']);
    expect(limits({ base_price: '71300' })).toEqual(['49950', '92600']);
    expect(limits({ base_price: '835', market: 'KOSDAQ' }, '2021-01-04')).toEqual(['585', '1085']);
  });
  it('follow market, date and multiple', () => {
    expect(limits({ base_price: '10000' }, '2015-06-12')).toEqual(['8500', '11500']);
    expect(limits({ base_price: '10000' }, '2015-06-15')).toEqual(['7000', '13000']);
    expect(limits({ base_price: '10000', market: 'KONEX' })).toEqual(['8500', '11500']);
    expect(limits({ base_price: '10000', kind: 'etf', leverage: 2 })).toEqual(['4000', '16000']);
  });
  it('are what the exchange says where it says so', () => {
    expect(limits({ base_price: '70100', upper_limit: '91000' })).toEqual(['49100', '91000']);
    expect(limits({ base_price: null })).toBeNull();
    expect(
      limitsOf(instrument.parse({ venue: 'UPBIT', market: 'KRW', symbol: 'KRW-BTC', name: 'Bitcoin' }), 'x'),
    ).toBeNull();
  });
  it('refuse a price beyond them by name', () => {
    const around = limitsAround(price(70_100), decimal('0.3'), krxTicks('KOSPI', 'stock', '2026-11-23'));
    expect(limitProblem(around, price(91_200))?.message).toBe(
      "91200 is above the day's limit: 91100 is the highest",
    );
    expect(limitProblem(around, price(49_050))?.code).toBe('below_limit');
    expect(limitProblem(around, price(49_100))).toBeNull();
  });
  it('lie on ticks, within the rate, and no valid price further out does', () => {
    const market = fc.constantFrom(...krxMarket.options);
    const day = fc.constantFrom('2016-01-04', '2022-01-04', '2026-11-23');
    fc.assert(
      fc.property(market, day, fc.integer({ min: 4, max: 2_000_000 }), (market, day, won) => {
        const ticks = krxTicks(market, 'stock', day);
        const rate = limitRate({ market, kind: 'stock', leverage: 1 }, day);
        const { lower, upper } = limitsAround(price(won), rate, ticks);
        const inside = (at: Decimal) =>
          at.gte(rate.neg().plus(1).times(won)) && at.lte(rate.plus(1).times(won));
        for (const limit of [lower, upper]) expect(inside(limit) && isOnTick(ticks, limit)).toBe(true);
        for (let at = lower.toNumber() - 1; at > lower.toNumber() - 20 && at > 0; at -= 1)
          expect(isOnTick(ticks, decimal(at)) && inside(decimal(at))).toBe(false);
        for (let at = upper.toNumber() + 1; at < upper.toNumber() + 1_000; at += 37)
          expect(isOnTick(ticks, decimal(at)) && inside(decimal(at))).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

describe('sizes', () => {
  it('are whole lots, never more than asked or affordable', () => {
    expect(wholeLots(decimal('17.9'), 5).toFixed()).toBe('15');
    expect(wholeLots(decimal(-3), 1).toFixed()).toBe('0');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 2e6 }), (money, at) => {
        const count = affordable(decimal(money), price(at), 1);
        expect(count.times(at).lte(money) && count.plus(1).times(at).gt(money)).toBe(true);
      }),
    );
  });
  it('that no venue takes are refused', () => {
    const stock = instrument.parse({ ...samsung, lot: 10 });
    expect(sizeProblem(stock, quantity(15), price(70_000))).toMatchObject({ code: 'off_lot' });
    expect(sizeProblem(stock, quantity(0), price(70_000))).toMatchObject({ code: 'not_positive' });
    expect(sizeProblem(stock, quantity(20), price(70_000))).toBeNull();
    const coin = instrument.parse({ venue: 'UPBIT', market: 'KRW', symbol: 'KRW-XRP', name: 'XRP' });
    expect(sizeProblem(coin, quantity('1.5'), price(3_000))).toMatchObject({ code: 'below_minimum' });
    expect(sizeProblem(coin, quantity('1.66666667'), price(3_000))).toBeNull();
    expect(sizeProblem(coin, quantity('2.123456789'), price(3_000))).toMatchObject({ code: 'off_lot' });
  });
});
