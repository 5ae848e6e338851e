import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decimal, decimal, plain, zero } from '#domain/core/decimal.ts';
import { averageCost, fill, noPosition } from '#domain/ledger/position.ts';
import { feeContract, saleTaxRates, usualFees } from '#domain/market/costs.ts';
import { type PaperAccount, bookFill, costsSoFar, paperAverage, paperHolding } from './paper-account.ts';

const empty: PaperAccount = { cash: decimal(1_000_000_000), holdings: new Map() };
const rates = saleTaxRates('KOSPI', 'stock', '2026-11-24');
const contracts = [
  usualFees.KRX,
  feeContract.parse({ since: '2020-01-01', commission: '0.00014', exchange: '0.000023', minimum: '500' }),
  feeContract.parse({ since: '2020-01-01', commission: '0.00014', exchange: '0', step: '10' }),
];
const piece = fc.record({
  quantity: fc.integer({ min: 1, max: 500 }),
  price: fc.integer({ min: 100, max: 5_000 }).map((hundreds) => hundreds * 100),
});

describe('the paper account', () => {
  it('charges an order the same to the won however its fills are cut', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...contracts),
        fc.constantFrom('buy' as const, 'sell' as const),
        (pieces, contract, side) => {
          let [amount, fee, tax] = [zero, zero, zero];
          for (const { quantity, price } of pieces) {
            const before = costsSoFar(side, amount, contract, rates);
            amount = amount.plus(quantity * price);
            const after = costsSoFar(side, amount, contract, rates);
            const [feeHere, taxHere] = [after.fee.minus(before.fee), after.tax.minus(before.tax)];
            expect(feeHere.gte(0) && taxHere.gte(0)).toBe(true);
            fee = fee.plus(feeHere);
            tax = tax.plus(taxHere);
          }
          const whole = costsSoFar(side, amount, contract, rates);
          expect([plain(fee), plain(tax)]).toEqual([plain(whole.fee), plain(whole.tax)]);
        },
      ),
    );
  });

  it('agrees with the ledger on quantity and average, though each reckons for itself', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), piece), { minLength: 1, maxLength: 40 }), (trades) => {
        let account = empty;
        let position = noPosition;
        for (const [buys, { quantity: wanted, price }] of trades) {
          const held: Decimal = paperHolding(account, 'X').quantity;
          const side = buys || held.isZero() ? 'buy' : 'sell';
          const quantity = side === 'buy' ? decimal(wanted) : decimal(Math.min(wanted, held.toNumber()));
          const amount = quantity.times(price);
          account = bookFill(account, { side, symbol: 'X', quantity, amount, fee: zero, tax: zero });
          const change = fill(position, side, quantity, amount);
          if (!change.ok) throw new Error(change.code);
          ({ position } = change);
          const own = paperHolding(account, 'X');
          expect(plain(own.quantity)).toBe(plain(position.quantity));
          expect(paperAverage(own)).toEqual(averageCost(position));
        }
      }),
    );
  });

  it('sells nothing that is not held', () => {
    const sale = {
      side: 'sell',
      symbol: 'X',
      quantity: decimal(1),
      amount: decimal(1),
      fee: zero,
      tax: zero,
    } as const;
    expect(() => bookFill(empty, sale)).toThrow(RangeError);
  });
});
