import { queryOptions } from '@tanstack/react-query';
import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { z } from 'zod';
import { venue } from '#domain/market/instrument.ts';
import {
  type CandleImportResult,
  type MarketSourceView,
  candleImportResult,
  marketSourceView,
  quoteView,
} from '#domain/market/view.ts';
import { api, queryString, sendFile } from '#components/query/api.ts';

export const sourcesKey = ['instance', 'market', 'sources'] as const;
const sources = z.object({ sources: z.array(marketSourceView) });
const quotes = z.object({ quotes: z.array(quoteView) });

/** Quotes come without telling anybody: what is shown of them is read anew this often. */
const everyMs = 5_000;

const marketTabs = ['instruments', 'imports'] as const;

/** The page's state, in the URL. */
export const marketParsers = {
  venue: parseAsStringLiteral(venue.options),
  source: parseAsString,
  q: parseAsString.withDefault(''),
  tab: parseAsStringLiteral(marketTabs).withDefault('instruments'),
};

export function sourcesQuery() {
  return queryOptions({
    queryKey: sourcesKey,
    queryFn: async ({ signal }): Promise<MarketSourceView[]> =>
      (await api('GET', '/api/v1/instance/market-sources', { schema: sources, signal })).sources,
    refetchInterval: everyMs,
  });
}

/** The newest quotes of these symbols. */
export function quotesQuery(of: Pick<MarketSourceView, 'venue' | 'source'>, symbols: readonly string[]) {
  return queryOptions({
    queryKey: ['instance', 'market', 'quotes', of.venue, of.source, symbols],
    queryFn: async ({ signal }) => {
      const query = queryString({ venue: of.venue, source: of.source, symbols });
      return (await api('GET', `/api/v1/instance/quotes${query}`, { schema: quotes, signal })).quotes;
    },
    refetchInterval: everyMs,
    enabled: symbols.length > 0,
  });
}

/** How a candle file is to be read; what is undefined takes its default. */
export interface ImportFields {
  readonly venue: string;
  readonly interval: string;
  readonly symbol?: string | undefined;
  readonly source?: string | undefined;
  readonly time_zone?: string | undefined;
  readonly columns?: string | undefined;
  readonly stamp: string;
  readonly order: string;
  readonly adjusted: boolean;
  readonly skip_bad_lines: boolean;
}

/** Sends a file to be looked at, or to be imported. @throws ApiProblem. */
export function importFile(file: File, fields: ImportFields, dryRun: boolean): Promise<CandleImportResult> {
  const query = queryString({ file: file.name, ...fields, dry_run: dryRun });
  return sendFile(`/api/v1/instance/candle-imports${query}`, file, { schema: candleImportResult });
}
