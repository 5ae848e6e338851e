import { type Decimal, decimal } from '#domain/core/decimal.ts';
import type { Instrument, UpbitMarket } from './instrument.ts';
import { type Price, type Quantity, quantity, valueOf } from './money.ts';

/** Smallest order in the quote currency (docs.upbit.com: 5,000 KRW, 0.00005 BTC, 0.5 USDT). */
const upbitMinimum: Record<UpbitMarket, Decimal> = {
  KRW: decimal(5_000),
  BTC: decimal('0.00005'),
  USDT: decimal('0.5'),
};

/** Smallest value of an order in the quote currency; null where the venue asks for none. */
export function smallestOrder(instrument: Instrument): Decimal | null {
  if (instrument.venue !== 'UPBIT') return null;
  return instrument.min_order_value ?? upbitMinimum[instrument.market];
}

/** The quantity in whole lots, never more than asked; zero when it is less than one. */
export function wholeLots(asked: Decimal, lot: Decimal | number): Quantity {
  if (!asked.greaterThan(0)) return quantity(0);
  return quantity(asked.dividedToIntegerBy(lot).times(lot));
}

/** What money buys at a price in whole lots, costs apart. */
export function affordable(money: Decimal, at: Price, lot: Decimal | number): Quantity {
  return wholeLots(money.dividedBy(at), lot);
}

export interface SizeProblem {
  readonly code: 'not_positive' | 'off_lot' | 'below_minimum';
  readonly message: string;
  /** The lot or the smallest value that it misses. */
  readonly limit: Decimal;
}

/** Why an order of this size is refused; null when it may be sent. */
export function sizeProblem(instrument: Instrument, asked: Decimal, at: Price): SizeProblem | null {
  const lot = decimal(instrument.lot);
  if (!asked.greaterThan(0))
    return { code: 'not_positive', limit: lot, message: `an order of ${asked.toFixed()} is no order` };
  if (!asked.modulo(lot).isZero())
    return {
      code: 'off_lot',
      limit: lot,
      message: `${asked.toFixed()} is no multiple of the lot ${lot.toFixed()}: ${wholeLots(asked, lot).toFixed()} is`,
    };
  const least = smallestOrder(instrument);
  if (least === null || valueOf(at, asked).greaterThanOrEqualTo(least)) return null;
  return {
    code: 'below_minimum',
    limit: least,
    message: `an order is worth ${least.toFixed()} ${instrument.venue === 'UPBIT' ? instrument.market : 'KRW'} at least`,
  };
}
