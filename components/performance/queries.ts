import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import {
  type PnlView,
  type SummaryDayView,
  pnlView,
  summaryDayView,
  summaryRow,
} from '#domain/performance/view.ts';
import { api, queryString } from '#components/query/api.ts';
import type { Range } from '#components/performance/range.ts';
import type { PnlUrl, SummariesUrl } from '#components/performance/url.ts';

const path = (scope: string, rest: string) => `/api/v1/${encodeURIComponent(scope)}/${rest}`;

/** What the page asks of `/pnl`. */
export interface PnlAsked extends Range {
  readonly by: PnlUrl['by'];
  readonly trader: string | null;
}

export const pnlKey = (scope: string, asked: PnlAsked) =>
  [scope, 'performance', 'pnl', asked.from, asked.to, asked.by, asked.trader] as const;

export function pnlQuery(scope: string, asked: PnlAsked) {
  return queryOptions({
    queryKey: pnlKey(scope, asked),
    queryFn: ({ signal }): Promise<PnlView> =>
      api('GET', path(scope, `pnl${queryString({ ...asked })}`), { schema: pnlView, signal }),
    placeholderData: keepPreviousData,
  });
}

/** Where the breakdown is downloaded. */
export const pnlCsv = (scope: string, asked: PnlAsked) =>
  path(scope, `pnl${queryString({ ...asked, format: 'csv' })}`);

export const dayKey = (scope: string, date: string) => [scope, 'performance', 'day', date] as const;

export function dayQuery(scope: string, date: string) {
  return queryOptions({
    queryKey: dayKey(scope, date),
    queryFn: ({ signal }): Promise<SummaryDayView> =>
      api('GET', path(scope, `summaries/${date}`), { schema: summaryDayView, signal }),
  });
}

/** @throws ApiProblem 409 for a day that has not begun, or on which nothing was traded. */
export function generateDay(scope: string, date: string): Promise<SummaryDayView> {
  return api('POST', path(scope, `summaries/${date}/generate`), {
    schema: summaryDayView,
    idempotencyKey: crypto.randomUUID(),
  });
}

const summariesPage = z.object({ items: z.array(summaryRow), next_cursor: z.string().nullable() });
/** Rows read at a time. */
export const pageSize = 100;

export interface SummariesAsked extends Range {
  readonly level: SummariesUrl['level'];
}

export function summariesQuery(scope: string, asked: SummariesAsked) {
  return infiniteQueryOptions({
    queryKey: [scope, 'performance', 'summaries', asked.from, asked.to, asked.level],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api('GET', path(scope, `summaries${queryString({ ...asked, limit: pageSize, cursor: pageParam })}`), {
        schema: summariesPage,
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
}

export const summariesCsv = (scope: string, asked: SummariesAsked) =>
  path(scope, `summaries${queryString({ ...asked, format: 'csv' })}`);

export const dayHref = (scope: string, date: string) => `/${scope}/summaries/${date}`;
