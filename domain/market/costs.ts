import { z } from 'zod';
import { type Decimal, decimal, greatest } from '#domain/core/decimal.ts';
import { type Calendar, dayOf } from '#domain/time/calendar/calendar.ts';
import { dateText, dayNumber } from '#domain/time/calendar/day.ts';
import { openDay } from '#domain/time/bounds.ts';
import { type DatedRules, ruleOn } from './dated.ts';
import type { Instrument, KrxKind, KrxMarket, Venue } from './instrument.ts';
import { type Won, amountField, decimalString, roundTo } from './money.ts';

/** Fractions of the amount sold: the securities transaction tax and, on KOSPI, the rural development tax beside it. */
export interface TaxRates {
  readonly transaction: Decimal;
  readonly rural: Decimal;
}

function taxes(transaction: string, rural = '0'): TaxRates {
  return { transaction: decimal(transaction), rural: decimal(rural) };
}

/** Securities Transaction Tax Act, its decree, and the Rural Development Tax Act; dated by the day of transfer. */
const saleTaxes: Record<KrxMarket, DatedRules<TaxRates>> = {
  KOSPI: [
    { since: '1996-04-29', rule: taxes('0.0015', '0.0015') },
    { since: '2019-06-03', rule: taxes('0.0010', '0.0015') },
    { since: '2021-01-01', rule: taxes('0.0008', '0.0015') },
    { since: '2023-01-01', rule: taxes('0.0005', '0.0015') },
    { since: '2024-01-01', rule: taxes('0.0003', '0.0015') },
    { since: '2025-01-01', rule: taxes('0', '0.0015') },
    { since: '2026-01-01', rule: taxes('0.0005', '0.0015') },
  ],
  KOSDAQ: [
    { since: '1996-07-01', rule: taxes('0.0030') },
    { since: '2019-06-03', rule: taxes('0.0025') },
    { since: '2021-01-01', rule: taxes('0.0023') },
    { since: '2023-01-01', rule: taxes('0.0020') },
    { since: '2024-01-01', rule: taxes('0.0018') },
    { since: '2025-01-01', rule: taxes('0.0015') },
    { since: '2026-01-01', rule: taxes('0.0020') },
  ],
  KONEX: [
    { since: '2013-07-01', rule: taxes('0.0030') },
    { since: '2019-06-03', rule: taxes('0.0010') },
  ],
};
const noTax = taxes('0');

/** The rates on a sale that settles on a date (YYYY-MM-DD); ETFs and ETNs pay none. */
export function saleTaxRates(market: KrxMarket, kind: KrxKind, settles: string): TaxRates {
  return kind === 'stock' ? ruleOn(saleTaxes[market], settles) : noTax;
}

/** KRX settles on the second session after the trade; crypto at once. */
const settlementSessions: Record<Venue, number> = { KRX: 2, UPBIT: 0 };

/** The day a trade of a trading day settles, both YYYY-MM-DD. @throws RangeError when the calendar never opens again. */
export function settlementDay(venue: Venue, calendar: Calendar, tradingDay: string): string {
  let day = dayNumber(tradingDay);
  for (let left = settlementSessions[venue]; left > 0; left -= 1) {
    const next = openDay(calendar, day, 1);
    if (next === null) throw new RangeError(`no session of ${calendar.id} follows ${dateText(day)}`);
    day = next;
  }
  return dayOf(calendar, day).date;
}

const rate = amountField.refine((value) => value.greaterThanOrEqualTo(0) && value.lessThan(1), {
  error: 'a rate is a fraction: "0.00015" is 0.015 %',
  params: { code: 'rate_range' },
});

/** What broker and exchange charge from a date on, as fractions of the traded amount; both sides pay. */
export const feeContract = z.strictObject({
  since: z.iso.date(),
  commission: rate.describe('The broker\'s rate: `"0.00014"` is 0.014 %.'),
  exchange: rate.describe('What exchange and depository take on top; `"0"` when the commission holds it.'),
  minimum: amountField.default(amountField.parse('0')).describe('Least commission of an order in won.'),
  step: decimalString
    .nullable()
    .default('1')
    .transform((text) => (text === null ? null : decimal(text)))
    .describe('Fees are cut to multiples of so many won; null: to the last digit.'),
});
export type FeeContract = z.output<typeof feeContract>;

/** Until an account states its own: KRX's fee of 0.0023 % without commission, Upbit's 0.05 % of the KRW market. */
export const usualFees: Record<Venue, FeeContract> = {
  KRX: feeContract.parse({ since: '2000-01-01', commission: '0', exchange: '0.000023' }),
  UPBIT: feeContract.parse({ since: '2017-10-24', commission: '0.0005', exchange: '0', step: null }),
};

/** The contract of a date; before the first the first holds. @param contracts oldest first. */
export function feesOn(contracts: readonly [FeeContract, ...FeeContract[]], date: string): FeeContract {
  return contracts.findLast(({ since }) => since <= date) ?? contracts[0];
}

export interface Costs {
  readonly fee: Won;
  readonly transaction_tax: Won;
  readonly rural_tax: Won;
  /** Both taxes. */
  readonly tax: Won;
}

export interface TradedAmount {
  readonly side: 'buy' | 'sell';
  /** Price times quantity. */
  readonly amount: Decimal;
}

/** Commission and exchange fee, together cut to the contract's step. @param amount price times quantity. */
export function feeOf(amount: Decimal, { commission, exchange, minimum, step }: FeeContract): Won {
  const broker = amount.isZero() ? amount : greatest(amount.times(commission), minimum);
  const fee = broker.plus(amount.times(exchange));
  return step === null ? fee : roundTo(fee, step, 'down');
}

/**
 * Fees and taxes of a traded amount. Each tax is cut to the won apart; only sells pay it. The broker's statement
 * rules: brokers may reckon per order or per day and symbol, which differs by less than a won for each fill and tax.
 * @param contract of {@link feesOn}. @param rates of {@link saleTaxOn}.
 */
export function costsOf(
  { side, amount }: TradedAmount,
  contract: FeeContract,
  rates: TaxRates | null,
): Costs {
  const fee = feeOf(amount, contract);
  const taxed = side === 'sell' && rates !== null ? rates : noTax;
  const transaction = roundTo(amount.times(taxed.transaction), 1, 'down');
  const rural = roundTo(amount.times(taxed.rural), 1, 'down');
  return { fee, transaction_tax: transaction, rural_tax: rural, tax: transaction.plus(rural) };
}

/** {@link saleTaxRates} of a fill on a trading day (YYYY-MM-DD); null where sales are not taxed. */
export function saleTaxOn(instrument: Instrument, calendar: Calendar, tradingDay: string): TaxRates | null {
  if (instrument.venue !== 'KRX') return null;
  return saleTaxRates(instrument.market, instrument.kind, settlementDay('KRX', calendar, tradingDay));
}
