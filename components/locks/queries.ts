import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import {
  type NamedLockView,
  type SymbolLockView,
  idempotencyKeyView,
  lockReleased,
  namedLockView,
  namedLocksView,
  symbolCounts,
  symbolLockView,
} from '#domain/locks/view.ts';
import { api, queryString } from '#components/query/api.ts';
import type { LocksUrl } from '#components/locks/filters.ts';

/** Rows read at a time. */
export const pageSize = 100;
/** Beyond this many a list asks for a narrower filter. */
export const mostShown = 1_000;

const path = (scope: string, rest: string) => `/api/v1/${encodeURIComponent(scope)}/${rest}`;

export const namedLocksKey = (scope: string) => [scope, 'locks', 'named'] as const;

/** The named locks. Sessions outside tell nobody when they take or leave one, so it is also read every 5 s. */
export function namedLocksQuery(scope: string) {
  return queryOptions({
    queryKey: namedLocksKey(scope),
    queryFn: ({ signal }) => api('GET', path(scope, 'locks'), { schema: namedLocksView, signal }),
    refetchInterval: 5_000,
  });
}

const symbolsPage = z.object({
  at: instantText,
  items: z.array(symbolLockView),
  counts: symbolCounts,
  next_cursor: z.string().nullable(),
});
export type SymbolsPage = z.output<typeof symbolsPage>;

/** The symbols that a filter lets through. Renewals tell nobody, so they are also read every 10 s. */
export function symbolsQuery(scope: string, filter: Pick<LocksUrl, 'q' | 'state'>) {
  const state = filter.state === 'all' ? undefined : filter.state;
  return infiniteQueryOptions({
    queryKey: [scope, 'locks', 'symbols', filter.q, filter.state],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api(
        'GET',
        path(scope, `symbol-locks${queryString({ q: filter.q, state, limit: pageSize, cursor: pageParam })}`),
        { schema: symbolsPage, signal },
      ),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 10_000,
  });
}

/** How many symbols are in each state, for the tabs. */
export function symbolCountsQuery(scope: string) {
  return queryOptions({
    queryKey: [scope, 'locks', 'counts'],
    queryFn: ({ signal }) => api('GET', path(scope, 'symbol-locks?limit=1'), { schema: symbolsPage, signal }),
    select: ({ counts }) => counts,
    refetchInterval: 10_000,
  });
}

const keysPage = z.object({ items: z.array(idempotencyKeyView), next_cursor: z.string().nullable() });

/** Claims of keys, newest first. */
export function keysQuery(scope: string, filter: Pick<LocksUrl, 'q' | 'duplicates'>) {
  const duplicates = filter.duplicates ? true : undefined;
  return infiniteQueryOptions({
    queryKey: [scope, 'locks', 'keys', filter.q, filter.duplicates],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api(
        'GET',
        path(
          scope,
          `idempotency-keys${queryString({ q: filter.q, duplicates, limit: pageSize, cursor: pageParam })}`,
        ),
        { schema: keysPage, signal },
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** @throws ApiProblem 409 when nobody holds it, or a session outside does. */
export function releaseNamed(scope: string, name: string, reason: string) {
  return api('POST', path(scope, `locks/${encodeURIComponent(name)}/release`), {
    schema: lockReleased,
    body: { reason },
    idempotencyKey: crypto.randomUUID(),
  });
}

export function defineNamed(
  scope: string,
  body: { readonly name: string; readonly description: string; readonly lock_id?: number },
): Promise<NamedLockView> {
  return api('POST', path(scope, 'locks'), { schema: namedLockView, body });
}

/** @throws ApiProblem 409 while a job names it or somebody holds it. */
export function removeNamed(scope: string, name: string): Promise<unknown> {
  return api('DELETE', path(scope, `locks/${encodeURIComponent(name)}`));
}

export function releaseSymbol(scope: string, symbol: string, reason: string): Promise<SymbolLockView> {
  return api('POST', path(scope, `symbol-locks/${encodeURIComponent(symbol)}/release`), {
    schema: symbolLockView,
    body: { reason },
    idempotencyKey: crypto.randomUUID(),
  });
}

export function reconciledSymbol(
  scope: string,
  symbol: string,
  body: { readonly reason: string; readonly position: boolean },
): Promise<SymbolLockView> {
  return api('POST', path(scope, `symbol-locks/${encodeURIComponent(symbol)}/reconciled`), {
    schema: symbolLockView,
    body,
    idempotencyKey: crypto.randomUUID(),
  });
}
