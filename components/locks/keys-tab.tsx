'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { parseKey } from '#domain/locks/idempotency.ts';
import type { IdempotencyKeyView } from '#domain/locks/view.ts';
import { type Column, DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { RelativeTime, Time } from '#components/ui/time.tsx';
import type { LocksUrl } from '#components/locks/filters.ts';
import { keysQuery, mostShown } from '#components/locks/queries.ts';

/** The candle of a key: its opening on the venue's wall. */
function Candle({ name }: { readonly name: string }) {
  const parts = parseKey(name);
  if (parts === null) return <span className="text-ink-3">–</span>;
  return (
    <span className="whitespace-nowrap">
      <Time at={new Date(parts.candle_ts * 1_000)} />{' '}
      <span className="text-xs text-ink-3">{parts.timeframe}</span>
    </span>
  );
}

function useColumns(): readonly Column<IdempotencyKeyView>[] {
  const t = useTranslations('locks.keys');
  return useMemo(() => {
    const h = columnHelper<IdempotencyKeyView>();
    return h.columns([
      h.accessor('key', {
        header: t('key'),
        meta: { priority: 1, className: 'max-md:pl-0!' },
        cell: ({ row }) => <code className="text-xs [overflow-wrap:anywhere]">{row.original.key}</code>,
      }),
      h.display({
        id: 'candle',
        header: t('candle'),
        meta: { cardLabel: t('candle'), width: '12rem' },
        cell: ({ row }) => <Candle name={row.original.key} />,
      }),
      h.accessor('owner', {
        header: t('owner'),
        meta: { cardLabel: t('owner'), width: '14rem' },
        cell: ({ row }) => <span className="[overflow-wrap:anywhere] text-ink-2">{row.original.owner}</span>,
      }),
      h.accessor('created_at', {
        header: t('claimed'),
        meta: { cardLabel: t('claimed'), width: '9rem' },
        cell: ({ row }) => <Time at={row.original.created_at} />,
      }),
      h.accessor('hits', {
        header: t('hits'),
        meta: { cardLabel: t('hits'), width: '9rem', align: 'end' },
        cell: ({ row: { original: key } }) =>
          key.hits === 0 ? (
            <span className="text-ink-3">0</span>
          ) : (
            <span className="font-medium text-warning">
              {key.hits}
              {key.last_hit_at === null ? null : (
                <RelativeTime at={key.last_hit_at} className="ml-1.5 text-xs font-normal text-ink-3" />
              )}
            </span>
          ),
      }),
      h.accessor('expires_at', {
        header: t('expires'),
        meta: { cardLabel: t('expires'), width: '8rem' },
        cell: ({ row }) => <RelativeTime at={row.original.expires_at} className="text-ink-2" />,
      }),
    ]);
  }, [t]);
}

interface KeysTabProps {
  readonly scope: string;
  readonly filter: Pick<LocksUrl, 'q' | 'duplicates'>;
  readonly onClear: () => void;
}

/** Keys that were claimed in the last 24 hours, and how many later claims were turned away. */
export function KeysTab({ scope, filter, onClear }: KeysTabProps) {
  const t = useTranslations('locks.keys');
  const query = useInfiniteQuery(keysQuery(scope, filter));
  const columns = useColumns();
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const count = rows?.length ?? 0;
  if (query.isError && rows === undefined)
    return <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <DataTable
        caption={t('caption')}
        columns={columns}
        rows={rows}
        rowId={(key) => key.key}
        updating={query.isPlaceholderData}
        empty={
          filter.q === '' && !filter.duplicates ? (
            <EmptyState kind="nothing" title={t('empty_title')} text={t('empty_text')} />
          ) : (
            <EmptyState kind="filtered" onClear={onClear} />
          )
        }
      />
      {count === 0 ? null : count >= mostShown && query.hasNextPage ? (
        <EmptyState kind="capped" limit={count} />
      ) : (
        <LoadMore
          shown={count}
          hasMore={query.hasNextPage}
          busy={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
        />
      )}
    </>
  );
}
