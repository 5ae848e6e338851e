import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import type { TraderDefinition } from '#domain/traders/definition.ts';
import {
  type TraderDayView,
  type TraderView,
  scanView,
  traderCounts,
  traderDayView,
  traderView,
  transitionView,
} from '#domain/traders/view.ts';
import { api, queryString } from '#components/query/api.ts';
import { pacedReader } from '#components/query/paced.ts';
import type { TradersUrl } from './filters.ts';

/** Traders read at a time. */
export const tradersPerPage = 100;
/** Prices and PnL move without a change of the trader: they are read again this often. */
const priceMs = 5_000;

const root = (scope: string) => `/api/v1/${encodeURIComponent(scope)}/traders`;
const one = (scope: string, id: string) => `${root(scope)}/${encodeURIComponent(id)}`;

export const traderHref = {
  list: (scope: string) => `/${scope}/traders`,
  create: (scope: string) => `/${scope}/traders/new`,
  one: (scope: string, id: string) => `/${scope}/traders/${encodeURIComponent(id)}`,
  edit: (scope: string, id: string) => `/${scope}/traders/${encodeURIComponent(id)}/edit`,
};

const tradersPage = z.object({
  items: z.array(traderView),
  counts: traderCounts,
  next_cursor: z.string().nullable(),
});
export type TradersPageData = z.output<typeof tradersPage>;

export type TradersFilter = Pick<TradersUrl, 'q' | 'phase' | 'strategy' | 'account'>;

/** What the API is asked of a filter. */
export function apiFilter({ q, phase, strategy, account }: TradersFilter) {
  return {
    ...(q === '' ? {} : { q }),
    ...(phase === null ? {} : { phase }),
    ...(strategy === null ? {} : { strategy }),
    ...(account === null ? {} : { account }),
  };
}

export const tradersKey = (scope: string, filter: TradersFilter) =>
  [scope, 'traders', 'list', filter.q, filter.phase, filter.strategy, filter.account] as const;

/** Traders by id. */
export function tradersQuery(scope: string, filter: TradersFilter) {
  return infiniteQueryOptions({
    queryKey: tradersKey(scope, filter),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api(
        'GET',
        `${root(scope)}${queryString({ ...apiFilter(filter), limit: tradersPerPage, cursor: pageParam })}`,
        { schema: tradersPage, signal },
      ),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: priceMs,
  });
}

export const traderKey = (scope: string, id: string) => [scope, 'traders', 'one', id] as const;
const readTrader = pacedReader<TraderView>(500);

/** One trader; a busy one changes several times a second. */
export function traderQuery(scope: string, id: string) {
  const queryKey = traderKey(scope, id);
  return queryOptions({
    queryKey,
    queryFn: ({ client }) =>
      readTrader(client, queryKey, () => api('GET', one(scope, id), { schema: traderView })),
    refetchInterval: priceMs,
  });
}

export const playbackKey = (scope: string, id: string, day: string | null) =>
  [scope, 'traders', 'playback', id, day] as const;
const readDay = pacedReader<TraderDayView>(2_000);

/**
 * A trader's day.
 * @param day null: the newest on which it did something.
 */
export function playbackQuery(scope: string, id: string, day: string | null) {
  const queryKey = playbackKey(scope, id, day);
  return queryOptions({
    queryKey,
    queryFn: ({ client }) =>
      readDay(client, queryKey, () =>
        api('GET', `${one(scope, id)}/playback${queryString({ day })}`, { schema: traderDayView }),
      ),
  });
}

const scansPage = z.object({ items: z.array(scanView), next_cursor: z.string().nullable() });

/** Scans with their candidates, newest first. */
export function scansQuery(scope: string, id: string, limit: number) {
  return queryOptions({
    queryKey: [scope, 'traders', 'scans', id, limit],
    queryFn: ({ signal }) =>
      api('GET', `${one(scope, id)}/candidates${queryString({ limit })}`, { schema: scansPage, signal }),
  });
}

const transitionsPage = z.object({ items: z.array(transitionView), next_cursor: z.string().nullable() });

/** Transitions, newest first. */
export function transitionsQuery(scope: string, id: string) {
  return infiniteQueryOptions({
    queryKey: [scope, 'traders', 'transitions', id],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api('GET', `${one(scope, id)}/transitions${queryString({ limit: 50, cursor: pageParam })}`, {
        schema: transitionsPage,
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
}

export interface NewTrader {
  readonly trader_id: string;
  readonly account: string;
  readonly definition: TraderDefinition | Readonly<Record<string, unknown>>;
}

const post = (scope: string, id: string, verb: string, body?: unknown): Promise<TraderView> =>
  api('POST', `${one(scope, id)}/${verb}`, {
    schema: traderView,
    idempotencyKey: crypto.randomUUID(),
    ...(body === undefined ? {} : { body }),
  });

/** What one may ask of a trader. Each @throws ApiProblem. */
export const traderCalls = {
  create: (scope: string, { trader_id, account, definition }: NewTrader, key: string): Promise<TraderView> =>
    api('POST', root(scope), {
      schema: traderView,
      body: { trader_id, account, definition },
      idempotencyKey: key,
    }),
  edit: (scope: string, id: string, version: number, definition: NewTrader['definition']) =>
    api('PUT', one(scope, id), { schema: traderView, body: { version, definition } }),
  start: (scope: string, id: string) => post(scope, id, 'start'),
  stop: (scope: string, id: string) => post(scope, id, 'stop'),
  halt: (scope: string, id: string, reason: string) => post(scope, id, 'halt', { reason }),
  resume: (scope: string, id: string, body: { readonly reason?: string; readonly confirm?: string }) =>
    post(scope, id, 'resume', body),
  remove: (scope: string, id: string): Promise<unknown> => api('DELETE', one(scope, id)),
};
