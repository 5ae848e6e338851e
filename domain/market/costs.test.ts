import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { costsOf, feeContract, feesOn, saleTaxOn, saleTaxRates, settlementDay, usualFees } from './costs.ts';
import { type KrxMarket, instrument } from './instrument.ts';
import { decimal, plain, sum } from '#domain/core/decimal.ts';
import { decimalString, price, quantity, roundTo, valueOf, won } from './money.ts';

const krx = builtinCalendar('XKRX');
const stock = (market: string, kind = 'stock') =>
  instrument.parse({ venue: 'KRX', market, kind, symbol: '005930', name: '삼성전자' });
const percent = (market: KrxMarket, settles: string) => {
  const { transaction, rural } = saleTaxRates(market, 'stock', settles);
  return transaction.plus(rural).times(100).toFixed();
};

describe('taxes on a sale', () => {
  it('by market and date', () => {
    const dates = [
      '2019-06-02',
      '2019-06-03',
      '2021-01-04',
      '2023-01-02',
      '2024-01-02',
      '2025-01-02',
      '2026-01-02',
    ];
    expect(dates.map((date) => percent('KOSPI', date)).join()).toBe('0.3,0.25,0.23,0.2,0.18,0.15,0.2');
    expect(dates.map((date) => percent('KOSDAQ', date)).join()).toBe('0.3,0.25,0.23,0.2,0.18,0.15,0.2');
    expect(dates.map((date) => percent('KONEX', date)).join()).toBe('0.3,0.1,0.1,0.1,0.1,0.1,0.1');
  });

  it('are those of the day it settles: the new year begins some sessions early', () => {
    expect(settlementDay('KRX', krx, '2026-11-20')).toBe('2026-11-24');
    expect(settlementDay('KRX', krx, '2024-12-26')).toBe('2024-12-30');
    expect(settlementDay('KRX', krx, '2024-12-27')).toBe('2025-01-02');
    expect(settlementDay('UPBIT', builtinCalendar('CRYPTO'), '2026-11-21')).toBe('2026-11-21');
    // As brokers announced: 2025's rate for fills from 2024-12-27, 2019's for fills from 2019-05-30.
    const total = (day: string) => {
      const rates = saleTaxOn(stock('KOSDAQ'), krx, day);
      return rates?.transaction.toFixed();
    };
    expect([total('2024-12-26'), total('2024-12-27')]).toEqual(['0.0018', '0.0015']);
    expect([total('2019-05-29'), total('2019-05-30')]).toEqual(['0.003', '0.0025']);
  });

  it('are paid by sells only, not by funds, and cut to the won each', () => {
    const rates = saleTaxOn(stock('KOSPI'), krx, '2026-11-23');
    const free = feeContract.parse({ since: '2026-01-01', commission: '0', exchange: '0' });
    const sale = { side: 'sell', amount: won(679_999) } as const;
    const costs = costsOf(sale, free, rates);
    expect([costs.transaction_tax, costs.rural_tax, costs.tax].map(plain)).toEqual(['339', '1019', '1358']);
    expect(costsOf({ ...sale, side: 'buy' }, free, rates).tax.isZero()).toBe(true);
    expect(costsOf(sale, free, saleTaxOn(stock('KOSPI', 'etf'), krx, '2026-11-23')).tax.isZero()).toBe(true);
    const coin = instrument.parse({ venue: 'UPBIT', market: 'KRW', symbol: 'KRW-BTC', name: 'Bitcoin' });
    expect(saleTaxOn(coin, builtinCalendar('CRYPTO'), '2026-11-23')).toBeNull();
  });

  it('come to what a separate reckoning in whole numbers gives', () => {
    const markets = fc.constantFrom('KOSPI', 'KOSDAQ');
    fc.assert(
      fc.property(
        markets,
        fc.integer({ min: 1, max: 2_000_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        (market, at, count) => {
          const amount = BigInt(at) * BigInt(count);
          const costs = costsOf(
            { side: 'sell', amount: valueOf(price(at), quantity(count)) },
            feeContract.parse({ since: '2026-01-01', commission: '0.00014', exchange: '0.000023' }),
            saleTaxOn(stock(market), krx, '2026-11-23'),
          );
          const [transaction, rural] = market === 'KOSPI' ? [5n, 15n] : [20n, 0n];
          expect(costs.transaction_tax.toFixed()).toBe(String((amount * transaction) / 10_000n));
          expect(costs.rural_tax.toFixed()).toBe(String((amount * rural) / 10_000n));
          expect(costs.fee.toFixed()).toBe(String((amount * 163n) / 1_000_000n));
        },
      ),
    );
  });
});

describe('fees', () => {
  it('follow the contract of the day, with its least', () => {
    const contracts = [
      feeContract.parse({ since: '2026-01-01', commission: '0.00015', exchange: '0', minimum: '100' }),
      feeContract.parse({ since: '2026-07-01', commission: '0.0001', exchange: '0', step: '10' }),
    ] as const;
    const fee = (day: string, amount: number) =>
      costsOf({ side: 'buy', amount: won(amount) }, feesOn(contracts, day), null).fee.toFixed();
    expect([fee('2026-06-30', 10_000), fee('2026-06-30', 2_000_000)]).toEqual(['100', '300']);
    expect([fee('2026-07-01', 1_990_000), fee('2025-01-01', 0)]).toEqual(['190', '0']);
  });
  it('of Upbit keep their fractions', () => {
    const { fee } = costsOf({ side: 'buy', amount: won('12345.678') }, usualFees.UPBIT, null);
    expect(fee.toFixed()).toBe('6.172839');
  });
  it('a rate is a fraction', () => {
    expect(feeContract.safeParse({ since: '2026-01-01', commission: '1.5', exchange: '0' }).success).toBe(
      false,
    );
  });
});

describe('money', () => {
  it('is exact', () => {
    expect(sum(['0.1', '0.2', '0.00000001'].map((text) => won(text))).toFixed()).toBe('0.30000001');
    expect(roundTo(decimal('-1234.5'), 10, 'down').toFixed()).toBe('-1230');
    expect(roundTo(decimal('0.125'), '0.01', 'half_up').toFixed()).toBe('0.13');
    expect(plain(decimal('-0'))).toBe('0');
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n })), (amounts) => {
        const total = sum(amounts.map((amount) => decimal(amount.toString()).dividedBy(1e8)));
        expect(total.times(1e8).toFixed()).toBe(amounts.reduce((a, b) => a + b, 0n).toString());
      }),
    );
  });
  it('refuses what is no money', () => {
    for (const bad of [0, -1, Number.NaN, Infinity]) expect(() => price(bad)).toThrow(RangeError);
    expect(() => quantity(-1)).toThrow(RangeError);
    expect(() => won(Infinity)).toThrow(RangeError);
    for (const bad of ['', '1e5', '1,000', ' 1', 'NaN', '--1', '1.'])
      expect(decimalString.safeParse(bad).success).toBe(false);
  });
});
