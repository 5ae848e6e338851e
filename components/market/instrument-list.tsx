'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import {
  type InstrumentView,
  type MarketSourceView,
  type QuoteView,
  instrumentView,
} from '#domain/market/view.ts';
import { usePages } from '#components/access/pages.ts';
import { Badge } from '#components/ui/badge.tsx';
import { DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Input } from '#components/ui/input.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { formatMoney } from '#components/ui/number-format.ts';
import { Time } from '#components/ui/time.tsx';
import { quotesQuery } from '#components/market/queries.ts';
import { SeriesList } from '#components/market/series-list.tsx';
import { zoneOf } from '#components/market/source-table.tsx';

interface InstrumentListProps {
  readonly of: MarketSourceView;
  readonly search: string;
  readonly onSearch: (search: string) => void;
}

type Row = InstrumentView & { readonly quote: QuoteView | null };
const tones = { normal: 'neutral', vi: 'warning', halted: 'danger' } as const;

function useColumns(quoted: boolean) {
  const t = useTranslations('market.instruments');
  const locale = useLocale();
  return useMemo(() => {
    const h = columnHelper<Row>();
    const plain = { enableSorting: false } as const;
    const named = h.columns([
      h.display({
        ...plain,
        id: 'symbol',
        header: t('symbol'),
        meta: { priority: 1 },
        cell: ({ row: { original } }) => (
          <span className="inline-flex flex-wrap items-center gap-x-2">
            {original.name === null ? null : <span className="font-medium">{original.name}</span>}
            <span className={original.name === null ? 'font-medium tabular-nums' : 'text-ink-3 tabular-nums'}>
              {original.symbol}
            </span>
            {original.market === null ? null : <Badge>{original.market}</Badge>}
            {original.state === null || original.state === 'normal' ? null : (
              <Badge tone={tones[original.state]}>{t(`states.${original.state}`)}</Badge>
            )}
          </span>
        ),
      }),
      h.display({
        ...plain,
        id: 'series',
        header: t('series'),
        meta: { cardLabel: t('series') },
        cell: ({ row }) => <SeriesList series={row.original.series} zone={zoneOf(row.original.venue)} />,
      }),
    ]);
    // A file gives candles only.
    if (!quoted) return named;
    return h.columns([
      ...named,
      h.display({
        ...plain,
        id: 'last',
        header: t('last'),
        meta: { cardLabel: t('last'), align: 'end', width: '8rem' },
        cell: ({ row: { original } }) =>
          original.quote?.last == null ? (
            <span className="text-ink-3">–</span>
          ) : (
            <span className="font-medium tabular-nums">{formatMoney(original.quote.last, locale)}</span>
          ),
      }),
      h.display({
        ...plain,
        id: 'at',
        header: t('at'),
        meta: { cardLabel: t('at'), align: 'end', width: '12rem' },
        cell: ({ row: { original } }) =>
          original.quote === null ? (
            <span className="text-ink-3">–</span>
          ) : (
            <Time at={original.quote.at} zone={zoneOf(original.venue)} />
          ),
      }),
    ]);
  }, [t, locale, quoted]);
}

/** The symbols of one source with their candles and newest quotes. */
export function InstrumentList({ of, search, onSearch }: InstrumentListProps) {
  const t = useTranslations('market.instruments');
  const columns = useColumns(of.quotes > 0);
  const { query, items } = usePages({
    key: ['instance', 'market', 'instruments'],
    path: '/api/v1/instance/instruments',
    item: instrumentView,
    filter: { venue: of.venue, source: of.source, search: search === '' ? undefined : search },
  });
  const symbols = useMemo(() => items?.map(({ symbol }) => symbol).slice(0, 200) ?? [], [items]);
  const quotes = useQuery({ ...quotesQuery(of, symbols), enabled: of.quotes > 0 && symbols.length > 0 });
  const rows = useMemo(() => {
    const bySymbol = new Map(quotes.data?.map((quote) => [quote.symbol, quote]));
    return items?.map((item): Row => ({ ...item, quote: bySymbol.get(item.symbol) ?? null }));
  }, [items, quotes.data]);
  return (
    <section aria-labelledby="market-instruments" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="market-instruments" className="min-w-0 text-sm font-semibold [overflow-wrap:anywhere]">
          {t('title', { source: of.source })}
        </h2>
        <Input
          type="search"
          className="ml-auto max-w-64 max-md:ml-0 max-md:max-w-none"
          aria-label={t('search')}
          placeholder={t('search')}
          value={search}
          onChange={(event) => onSearch(event.target.value)}
        />
      </div>
      {query.isError && items === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <DataTable
          caption={t('caption')}
          columns={columns}
          rows={rows}
          rowId={({ symbol }) => symbol}
          keyboard={false}
          updating={query.isPlaceholderData}
          empty={
            search === '' ? (
              <EmptyState kind="nothing" title={t('none')} />
            ) : (
              <EmptyState kind="filtered" onClear={() => onSearch('')} />
            )
          }
        />
      )}
      {rows === undefined || rows.length === 0 ? null : (
        <LoadMore
          shown={rows.length}
          hasMore={query.hasNextPage}
          busy={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
        />
      )}
    </section>
  );
}
