import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { fillView } from '#domain/ledger/view.ts';
import { type OrderDetail, brokerOrderView, orderDetail, orderView } from '#domain/orders/view.ts';
import { api, queryString } from '#components/query/api.ts';
import { type OrdersUrl, orderFilterOf, rangeOf } from '#components/orders/filters.ts';

/** Rows read at a time. */
export const pageSize = 100;
/** Beyond this many a list asks for a narrower filter. */
export const mostShown = 1_000;

export const ordersPage = z.object({ items: z.array(orderView), next_cursor: z.string().nullable() });
export type OrdersPageData = z.output<typeof ordersPage>;
const fillsPage = z.object({ items: z.array(fillView), next_cursor: z.string().nullable() });
const brokerPage = z.object({ items: z.array(brokerOrderView), next_cursor: z.string().nullable() });

export const path = (scope: string, rest: string) => `/api/v1/${encodeURIComponent(scope)}/${rest}`;
export const orderHref = (scope: string, orderId: string) => `/${scope}/orders/${orderId}`;
export const traderHref = (scope: string, trader: string) =>
  `/${scope}/traders/${encodeURIComponent(trader)}`;

export const openOrdersKey = (scope: string) => [scope, 'orders', 'open'] as const;
export const orderKey = (scope: string, orderId: string) => [scope, 'orders', 'one', orderId] as const;
export const historyKey = (scope: string, url: OrdersUrl) =>
  [scope, 'orders', 'history', orderFilterOf(url)] as const;

/** Orders that are not over: few, so they are read at once. */
export function openOrdersQuery(scope: string) {
  return queryOptions({
    queryKey: openOrdersKey(scope),
    queryFn: ({ signal }) =>
      api('GET', path(scope, `orders${queryString({ open: true, limit: 200 })}`), {
        schema: ordersPage,
        signal,
      }),
    refetchInterval: 15_000,
  });
}

/** Orders that are over, newest first, page by page. */
export function historyQuery(scope: string, url: OrdersUrl) {
  return infiniteQueryOptions({
    queryKey: historyKey(scope, url),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api(
        'GET',
        path(scope, `orders${queryString({ ...orderFilterOf(url), limit: pageSize, cursor: pageParam })}`),
        { schema: ordersPage, signal },
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Fills, newest first, page by page. */
export function fillsQuery(scope: string, url: OrdersUrl) {
  return infiniteQueryOptions({
    queryKey: [scope, 'orders', 'fills', rangeOf(url)],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api(
        'GET',
        path(scope, `fills${queryString({ ...rangeOf(url), limit: pageSize, cursor: pageParam })}`),
        {
          schema: fillsPage,
          signal,
        },
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** What the broker has that nobody owns. */
export function externalQuery(scope: string) {
  return infiniteQueryOptions({
    queryKey: [scope, 'orders', 'external'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api('GET', path(scope, `broker-orders${queryString({ limit: pageSize, cursor: pageParam })}`), {
        schema: brokerPage,
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function orderQuery(scope: string, orderId: string) {
  return queryOptions({
    queryKey: orderKey(scope, orderId),
    queryFn: ({ signal }) => api('GET', path(scope, `orders/${orderId}`), { schema: orderDetail, signal }),
  });
}

/** @throws ApiProblem 409 when the order is over already. */
export function cancelOrder(scope: string, orderId: string, reason: string): Promise<OrderDetail> {
  return api('POST', path(scope, `orders/${orderId}/cancel`), {
    schema: orderDetail,
    body: { reason },
    idempotencyKey: crypto.randomUUID(),
  });
}

/** What a person says of an unknown order. */
export type Resolve =
  | { readonly action: 'adopt'; readonly broker_key: string }
  | { readonly action: 'not_ours'; readonly broker_key: string };

/** @throws ApiProblem 409 when it is not unknown any more, or another order owns the broker's. */
export function resolveOrder(
  scope: string,
  orderId: string,
  body: Resolve & { readonly reason: string },
): Promise<OrderDetail> {
  return api('POST', path(scope, `orders/${orderId}/resolve`), {
    schema: orderDetail,
    body,
    idempotencyKey: crypto.randomUUID(),
  });
}
