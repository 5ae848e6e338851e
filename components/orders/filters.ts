import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { inferParserType } from 'nuqs/server';
import type { OrderState } from '#domain/orders/order.ts';

export const orderTabs = ['orders', 'fills', 'external'] as const;
export type OrderTab = (typeof orderTabs)[number];

/** Which ended orders the history shows. */
export const endings = ['all', 'filled', 'cancelled', 'rejected'] as const;

/** The page's whole state, in the URL. Days are trading days. */
export const ordersParsers = {
  tab: parseAsStringLiteral(orderTabs).withDefault('orders'),
  state: parseAsStringLiteral(endings).withDefault('all'),
  trader: parseAsString.withDefault(''),
  symbol: parseAsString.withDefault(''),
  from: parseAsString.withDefault(''),
  to: parseAsString.withDefault(''),
};
export type OrdersUrl = inferParserType<typeof ordersParsers>;

const day = (text: string) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined);
const named = (text: string) => (text.trim() === '' ? undefined : text.trim());

/** Who, what and when, as the API takes them. */
export function rangeOf(url: OrdersUrl) {
  return {
    trader: named(url.trader),
    symbol: named(url.symbol)?.toUpperCase(),
    from: day(url.from),
    to: day(url.to),
  };
}

/** The history's filter, as the API takes it. */
export function orderFilterOf(url: OrdersUrl) {
  const states: readonly OrderState[] = url.state === 'all' ? [] : [url.state];
  return { open: false, ...rangeOf(url), ...(states.length === 0 ? {} : { state: states }) };
}

/** Whether anything is filtered at all: an empty list then says so. */
export function isFiltered(url: OrdersUrl): boolean {
  return url.state !== 'all' || Object.values(rangeOf(url)).some((value) => value !== undefined);
}
