import { z } from 'zod';
import { type Decimal, atLeastZero, decimal, greatest, sum, zero } from '#domain/core/decimal.ts';

export const side = z.enum(['buy', 'sell']);
export type Side = z.output<typeof side>;

/**
 * What a broker's order is called, unique in its account for ever. KIS numbers are unique for a day only, so the day
 * and the branch belong to the name.
 */
export const brokerKey = z.string().min(1).max(120).brand<'BrokerKey'>();
export type BrokerKey = z.output<typeof brokerKey>;

/**
 * Name of a KIS order: `2026-11-20/06010/0001569157`.
 * @param day order date (`ord_dt`) as YYYY-MM-DD in Seoul; @param branch `KRX_FWDG_ORD_ORGNO` or `ord_gno_brno`;
 * @param number `ODNO`, padded to ten digits here, because replies and lists differ in that.
 */
export function kisBrokerKey(day: string, branch: string, number: string): BrokerKey {
  return brokerKey.parse(`${day}/${branch.trim()}/${number.trim().padStart(10, '0')}`);
}

/** `cancel` carries no quantity of its own; `revise` takes over what was left of the one it replaces. */
export const brokerRole = z.enum(['new', 'revise', 'cancel']);
export type BrokerRole = z.output<typeof brokerRole>;

/** What a broker says of one of its orders. Quantities and amount are cumulative. */
export interface BrokerReport {
  readonly key: BrokerKey;
  /** The broker order that this one revises or cancels. */
  readonly replaces: BrokerKey | null;
  readonly role: BrokerRole;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Decimal;
  /** Limit; null at the market's price. */
  readonly price: Decimal | null;
  /** When the broker took it. */
  readonly at: Date;
  readonly filled: Decimal;
  /** Sum of price × quantity over its fills: exact, unlike an average. */
  readonly amount: Decimal;
  /** Confirmed as cancelled, or moved to the order that revises it. */
  readonly cancelled: Decimal;
  /** Refused by the exchange after the broker had accepted it. */
  readonly rejected: Decimal;
  /** Whether the broker marks it as placed from our connection; null where it does not say. */
  readonly origin: 'ours' | 'elsewhere' | null;
}

/** A broker order that belongs to an order of ours, with the most that was ever reported of it. */
export interface BrokerOrder {
  readonly key: BrokerKey;
  readonly replaces: BrokerKey | null;
  readonly role: BrokerRole;
  readonly quantity: Decimal;
  readonly price: Decimal | null;
  readonly filled: Decimal;
  readonly amount: Decimal;
  readonly cancelled: Decimal;
  readonly rejected: Decimal;
}

export function freshBrokerOrder(
  parts: Pick<BrokerOrder, 'key' | 'replaces' | 'role' | 'quantity' | 'price'>,
): BrokerOrder {
  const { key, replaces, role, quantity, price } = parts;
  return {
    key,
    replaces,
    role,
    quantity,
    price,
    filled: zero,
    amount: zero,
    cancelled: zero,
    rejected: zero,
  };
}

/** What may still be filled of it. */
export function brokerRemaining(order: BrokerOrder): Decimal {
  if (order.role === 'cancel') return zero;
  const gone = sum([order.filled, order.cancelled, order.rejected]);
  return atLeastZero(order.quantity.minus(gone));
}

/** A piece of an order that was filled between two reports. */
export interface Fill {
  /** `{broker key}#{cumulative quantity}`: the same report gives the same name whenever and however often it is read. */
  readonly id: string;
  readonly brokerKey: BrokerKey;
  readonly quantity: Decimal;
  /** Price × quantity; the price alone may have no finite digits. */
  readonly amount: Decimal;
  /** Cumulative quantity of the broker order after it. */
  readonly cumulative: Decimal;
}

export function fillId(key: BrokerKey, cumulative: Decimal): string {
  return `${key}#${cumulative.toFixed()}`;
}

export type Ingested =
  | { readonly kind: 'ok'; readonly order: BrokerOrder; readonly fill: Fill | null }
  | {
      readonly kind: 'bad';
      readonly code: 'report_overfilled' | 'report_amount' | 'report_negative' | 'report_unbalanced';
      readonly params: Readonly<Record<string, string>>;
    };

/**
 * Takes a report in. Everything in it only grows, so reports may come late, twice or not at all: a cumulative quantity
 * that is not larger brings no fill, and the price of a larger one is the difference of the amounts.
 */
export function ingest(order: BrokerOrder, report: BrokerReport): Ingested {
  const params = {
    key: order.key,
    quantity: order.quantity.toFixed(),
    filled: report.filled.toFixed(),
    amount: report.amount.toFixed(),
  };
  if ([report.filled, report.amount, report.cancelled, report.rejected].some((value) => value.lt(0)))
    return { kind: 'bad', code: 'report_negative', params };
  if (report.filled.gt(order.quantity)) return { kind: 'bad', code: 'report_overfilled', params };
  const grown = report.filled.gt(order.filled);
  const quantity = report.filled.minus(order.filled);
  const amount = report.amount.minus(order.amount);
  // More was filled for no more money, or the same for another amount: one of the two reports is wrong.
  if (grown ? amount.lte(0) : quantity.isZero() && !amount.isZero())
    return { kind: 'bad', code: 'report_amount', params };
  const next: BrokerOrder = {
    ...order,
    filled: grown ? report.filled : order.filled,
    amount: grown ? report.amount : order.amount,
    cancelled: greatest(order.cancelled, report.cancelled),
    rejected: greatest(order.rejected, report.rejected),
  };
  if (sum([next.filled, next.cancelled, next.rejected]).gt(next.quantity))
    return { kind: 'bad', code: 'report_unbalanced', params };
  const fill: Fill | null = grown
    ? {
        id: fillId(order.key, report.filled),
        brokerKey: order.key,
        quantity,
        amount,
        cumulative: report.filled,
      }
    : null;
  return { kind: 'ok', order: next, fill };
}

/** Average price to stated places, null while nothing is filled. The exact value is amount over quantity. */
export function averagePrice(amount: Decimal, quantity: Decimal, places = 4): Decimal | null {
  return quantity.isZero() ? null : decimal(amount.div(quantity).toDecimalPlaces(places));
}
