'use client';

import { useMemo } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { MarketSourceView } from '#domain/market/view.ts';
import { Badge } from '#components/ui/badge.tsx';
import { cn } from '#components/ui/cn.ts';
import { DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { useDurationText } from '#components/ui/time.tsx';
import { SeriesList } from '#components/market/series-list.tsx';

const keyOf = ({ venue, source }: Pick<MarketSourceView, 'venue' | 'source'>) => `${venue} ${source}`;

interface SourceTableProps {
  readonly sources: readonly MarketSourceView[] | undefined;
  readonly chosen: MarketSourceView | undefined;
  readonly onChoose: (source: MarketSourceView) => void;
}

/** Quotes older than this (seconds) are marked: no strategy trades on them. */
const oldSec = 60;

function Quotes({ source }: { readonly source: MarketSourceView }) {
  const t = useTranslations('market.sources');
  const text = useDurationText();
  const { quotes, newest_quote_age_sec: age } = source;
  if (age === null) return <span className="text-ink-3">–</span>;
  const old = age > oldSec;
  return (
    <span className="inline-flex flex-col items-end max-md:items-start">
      <span>{t('quote_count', { count: quotes })}</span>
      <span className={cn('text-xs whitespace-nowrap', old ? 'text-warning' : 'text-ink-3')}>
        <span aria-hidden>{old ? '▲ ' : '● '}</span>
        {t('quote_age', { age: text(age * 1_000) })}
      </span>
    </span>
  );
}

function useColumns(chosen: MarketSourceView | undefined) {
  const t = useTranslations('market.sources');
  const format = useFormatter();
  return useMemo(() => {
    const h = columnHelper<MarketSourceView>();
    const plain = { enableSorting: false } as const;
    return h.columns([
      h.display({
        ...plain,
        id: 'source',
        header: t('source'),
        meta: { priority: 1 },
        cell: ({ row: { original } }) => (
          <span className="inline-flex flex-wrap items-center gap-x-2">
            <span
              className="font-medium [overflow-wrap:anywhere]"
              aria-current={chosen !== undefined && keyOf(chosen) === keyOf(original) ? 'true' : undefined}
            >
              {original.source}
            </span>
            <Badge>{original.venue}</Badge>
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
      h.display({
        ...plain,
        id: 'instruments',
        header: t('instruments'),
        meta: { cardLabel: t('instruments'), align: 'end', width: '7rem' },
        cell: ({ row: { original } }) =>
          // Of an imported file there are only candles.
          format.number(Math.max(original.instruments, ...original.series.map(({ symbols }) => symbols))),
      }),
      h.display({
        ...plain,
        id: 'quotes',
        header: t('quotes'),
        meta: { cardLabel: t('quotes'), align: 'end', width: '11rem' },
        cell: ({ row }) => <Quotes source={row.original} />,
      }),
    ]);
  }, [t, format, chosen]);
}

/** The zone in which a venue counts its days. */
export const zoneOf = (venue: MarketSourceView['venue']) => (venue === 'KRX' ? 'Asia/Seoul' : 'UTC');

/** Where market data comes from, and how much there is. A row opens its instruments below. */
export function SourceTable({ sources, chosen, onChoose }: SourceTableProps) {
  const t = useTranslations('market.sources');
  const columns = useColumns(chosen);
  return (
    <DataTable
      caption={t('caption')}
      columns={columns}
      rows={sources}
      rowId={keyOf}
      onOpen={onChoose}
      openId={chosen === undefined ? null : keyOf(chosen)}
      empty={<EmptyState kind="nothing" title={t('none')} text={t('none_text')} />}
    />
  );
}
