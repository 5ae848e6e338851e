'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { FillView } from '#domain/ledger/view.ts';
import { type Column, DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { Money, Quantity } from '#components/ui/money.tsx';
import { Time } from '#components/ui/time.tsx';
import { type OrdersUrl, rangeOf } from '#components/orders/filters.ts';
import { SideMark, SymbolName } from '#components/orders/order-state.tsx';
import { OrdersFilters } from '#components/orders/orders-filters.tsx';
import { fillsQuery, mostShown, orderHref, traderHref } from '#components/orders/queries.ts';

function useColumns(scope: string): readonly Column<FillView>[] {
  const t = useTranslations('orders');
  return useMemo(() => {
    const h = columnHelper<FillView>();
    const label = (column: string) => t(`columns.${column}`);
    const money = (id: 'price' | 'amount' | 'fee' | 'tax', width: string) =>
      h.accessor(id, {
        header: label(id),
        meta: { cardLabel: label(id), align: 'end', width },
        enableSorting: false,
        cell: ({ row }) => <Money value={row.original[id]} places={2} />,
      });
    return h.columns([
      h.accessor('at', {
        header: label('at'),
        meta: { priority: 1, width: '9rem' },
        cell: ({ row: { original: fill } }) =>
          fill.order_id === null ? (
            <Time at={fill.at} bare />
          ) : (
            <Link href={orderHref(scope, fill.order_id)} className="hover:underline">
              <Time at={fill.at} bare />
            </Link>
          ),
      }),
      h.accessor('symbol', {
        header: label('symbol'),
        meta: { priority: 1, width: '13rem', className: 'md:max-w-52' },
        cell: ({ row: { original: fill } }) => (
          <SymbolName symbol={fill.symbol} name={fill.symbol_name} className="max-w-full" />
        ),
      }),
      h.accessor('side', {
        header: label('side'),
        meta: { cardLabel: label('side'), width: '5rem' },
        cell: ({ row }) => <SideMark side={row.original.side} />,
      }),
      h.accessor('quantity', {
        header: label('quantity'),
        meta: { cardLabel: label('quantity'), align: 'end', width: '6rem' },
        enableSorting: false,
        cell: ({ row }) => <Quantity value={row.original.quantity} />,
      }),
      money('price', '7rem'),
      money('amount', '8rem'),
      money('fee', '6rem'),
      money('tax', '6rem'),
      h.accessor('trader', {
        header: label('trader'),
        meta: { cardLabel: label('trader') },
        cell: ({ row: { original: fill } }) =>
          fill.trader === null ? (
            <span className="text-ink-3">{t('elsewhere')}</span>
          ) : (
            <Link href={traderHref(scope, fill.trader)} className="text-ink-2 hover:underline">
              {fill.trader}
            </Link>
          ),
      }),
    ]);
  }, [t, scope]);
}

interface FillsTabProps {
  readonly scope: string;
  readonly url: OrdersUrl;
  readonly onChange: (next: Partial<OrdersUrl> | null) => void;
}

/** Fills as the ledger has them, with what each cost. */
export function FillsTab({ scope, url, onChange }: FillsTabProps) {
  const t = useTranslations('orders');
  const query = useInfiniteQuery(fillsQuery(scope, url));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const columns = useColumns(scope);
  const count = rows?.length ?? 0;
  const filtered = Object.values(rangeOf(url)).some((value) => value !== undefined);
  return (
    <>
      <div className="pb-3">
        <OrdersFilters url={url} onChange={onChange} />
      </div>
      {query.isError && rows === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <DataTable
          caption={t('fills_caption')}
          columns={columns}
          rows={rows}
          rowId={(fill) => `${fill.account}/${fill.seq}`}
          skeletonRows={12}
          updating={query.isPlaceholderData}
          empty={
            filtered ? (
              <EmptyState
                kind="filtered"
                onClear={() => onChange({ trader: '', symbol: '', from: '', to: '' })}
              />
            ) : (
              <EmptyState kind="nothing" title={t('fills_empty')} text={t('empty_text')} />
            )
          }
        />
      )}
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
