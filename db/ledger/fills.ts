import { type Decimal, decimal, plain, zero } from '#domain/core/decimal.ts';
import type { Instrument } from '#domain/market/instrument.ts';
import type { Fill } from '#domain/orders/broker-order.ts';
import type { Order } from '#domain/orders/order.ts';
import { type AccountTerms, costsOn, settlesOn } from '#db/accounts/terms.ts';
import type { EntryDraft } from './append.ts';

/** Fees and taxes that are in the book for a broker order. */
export interface Booked {
  readonly fee: string;
  readonly tax: string;
}

export interface FillBooking {
  readonly terms: AccountTerms;
  readonly instrument: Instrument | null;
  readonly order: Order;
  readonly fill: Fill;
  /** Amount of the broker order with this fill. */
  readonly amount: Decimal;
  readonly booked: Booked | null;
  readonly tradingDay: string;
  readonly at: Date;
}

/**
 * The entries of a fill: itself, and what fees and taxes its broker order owes more than before. They are reckoned on
 * the order's whole amount, so however it is cut into fills they come to the same won.
 */
export function fillEntries(booking: FillBooking): {
  readonly entries: readonly EntryDraft[];
  readonly booked: Booked;
} {
  const { terms, instrument, order, fill, amount, tradingDay, at } = booking;
  const { side, symbol, trader, id: order_id } = order;
  const costs = costsOn(terms, instrument, tradingDay, { side, amount });
  const common = {
    at,
    trading_day: tradingDay,
    settles_on: settlesOn(terms, tradingDay),
    order_id,
    trader,
    symbol,
  };
  const fee = costs.fee.minus(decimal(booking.booked?.fee ?? zero));
  const tax = costs.tax.minus(decimal(booking.booked?.tax ?? zero));
  const { quantity, amount: traded } = fill;
  const entries: EntryDraft[] = [
    { kind: 'fill', ...common, id: `fill:${fill.id}`, side, quantity, amount: traded },
  ];
  if (fee.gt(0)) entries.push({ kind: 'fee', ...common, id: `fee:${fill.id}`, amount: fee });
  if (tax.gt(0)) entries.push({ kind: 'tax', ...common, id: `tax:${fill.id}`, amount: tax });
  return { entries, booked: { fee: plain(costs.fee), tax: plain(costs.tax) } };
}
