import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { inferParserType } from 'nuqs/server';
import { z } from 'zod';
import { accountView } from '#domain/accounts/view.ts';
import { entryKind, entryView, positionsView } from '#domain/ledger/view.ts';
import { ledgerRecorded } from '#domain/ledger/requests.ts';
import type { LedgerRequest } from '#domain/ledger/requests.ts';
import { api, queryString } from '#components/query/api.ts';

/** Rows read at a time. */
export const pageSize = 100;
/** Beyond this many a list asks for a narrower filter. */
export const mostShown = 1_000;

export const positionTabs = ['positions', 'accounts', 'ledger'] as const;
export const kindFilters = ['all', ...entryKind.options] as const;

/** The page's whole state, in the URL. Days are trading days. */
export const positionsParsers = {
  tab: parseAsStringLiteral(positionTabs).withDefault('positions'),
  account: parseAsString.withDefault(''),
  kind: parseAsStringLiteral(kindFilters).withDefault('all'),
  from: parseAsString.withDefault(''),
  to: parseAsString.withDefault(''),
};
export type PositionsUrl = inferParserType<typeof positionsParsers>;

export const path = (scope: string, rest: string) => `/api/v1/${encodeURIComponent(scope)}/${rest}`;
export const positionsKey = (scope: string) => [scope, 'positions', 'held'] as const;

/** What is held. Prices tell nobody when they move, so it is also read every 3 s. */
export function positionsQuery(scope: string) {
  return queryOptions({
    queryKey: positionsKey(scope),
    queryFn: ({ signal }) => api('GET', path(scope, 'positions'), { schema: positionsView, signal }),
    refetchInterval: 3_000,
  });
}

const accountsList = z.object({ items: z.array(accountView) });

/** The accounts with their gateways, which tell nobody when they fall silent. */
export function accountsQuery(scope: string) {
  return queryOptions({
    queryKey: [scope, 'accounts', 'list'],
    queryFn: ({ signal }) => api('GET', path(scope, 'accounts'), { schema: accountsList, signal }),
    select: ({ items }) => items,
    refetchInterval: 5_000,
  });
}

const day = (text: string) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined);

/** The ledger's filter, as the API takes it. */
export function ledgerFilterOf(url: PositionsUrl) {
  return {
    account: url.account === '' ? undefined : url.account,
    kind: url.kind === 'all' ? undefined : [url.kind],
    from: day(url.from),
    to: day(url.to),
  };
}

export function isLedgerFiltered(url: PositionsUrl): boolean {
  return Object.values(ledgerFilterOf(url)).some((value) => value !== undefined);
}

const entriesPage = z.object({ items: z.array(entryView), next_cursor: z.string().nullable() });

/** Lines of the books, newest first, page by page. */
export function ledgerQuery(scope: string, url: PositionsUrl) {
  return infiniteQueryOptions({
    queryKey: [scope, 'accounts', 'ledger', ledgerFilterOf(url)],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api(
        'GET',
        path(scope, `ledger${queryString({ ...ledgerFilterOf(url), limit: pageSize, cursor: pageParam })}`),
        { schema: entriesPage, signal },
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** @throws ApiProblem 422 when the book's rules refuse it. */
export function recordEntry(scope: string, body: LedgerRequest) {
  return api('POST', path(scope, 'ledger'), {
    schema: ledgerRecorded,
    body,
    idempotencyKey: crypto.randomUUID(),
  });
}
