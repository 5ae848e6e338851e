'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { BrokerOrderView } from '#domain/orders/view.ts';
import { Badge } from '#components/ui/badge.tsx';
import { type Column, DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { Money, Quantity } from '#components/ui/money.tsx';
import { Time } from '#components/ui/time.tsx';
import { SideMark, SymbolName } from '#components/orders/order-state.tsx';
import { externalQuery, mostShown } from '#components/orders/queries.ts';

/** Columns of what the broker says of its orders. */
export function useBrokerColumns(): readonly Column<BrokerOrderView>[] {
  const t = useTranslations('orders');
  return useMemo(() => {
    const h = columnHelper<BrokerOrderView>();
    const label = (column: string) => t(`columns.${column}`);
    return h.columns([
      h.accessor('broker_key', {
        header: label('broker_key'),
        meta: { priority: 1, width: '16rem' },
        cell: ({ row: { original: order } }) => (
          <span className="flex flex-wrap items-center gap-x-2">
            <span className="font-mono text-xs break-all">{order.broker_key}</span>
            {order.order_id === null ? <Badge>{t('external')}</Badge> : null}
            {order.role === 'new' ? null : <Badge tone="accent">{t(`role.${order.role}`)}</Badge>}
          </span>
        ),
      }),
      h.accessor('at', {
        header: label('at'),
        meta: { cardLabel: label('at'), width: '9rem' },
        cell: ({ row }) => <Time at={row.original.at} bare />,
      }),
      h.accessor('symbol', {
        header: label('symbol'),
        meta: { cardLabel: label('symbol'), width: '12rem' },
        cell: ({ row: { original: order } }) => <SymbolName symbol={order.symbol} name={order.symbol_name} />,
      }),
      h.accessor('side', {
        header: label('side'),
        meta: { cardLabel: label('side'), width: '5rem' },
        cell: ({ row }) => <SideMark side={row.original.side} />,
      }),
      ...(['quantity', 'filled', 'cancelled', 'rejected'] as const).map((id) =>
        h.accessor(id, {
          header: label(id === 'filled' ? 'filled_only' : id),
          meta: { cardLabel: label(id === 'filled' ? 'filled_only' : id), align: 'end', width: '5.5rem' },
          enableSorting: false,
          cell: ({ row }) => (
            <Quantity
              value={row.original[id]}
              className={row.original[id] === '0' ? 'text-ink-3' : undefined}
            />
          ),
        }),
      ),
      h.display({
        id: 'price',
        header: label('price'),
        meta: { cardLabel: label('price'), align: 'end', width: '6.5rem' },
        cell: ({ row: { original: order } }) =>
          order.role === 'cancel' ? (
            <Money value={null} />
          ) : order.price === null ? (
            t('market_price')
          ) : (
            <Money value={order.price} />
          ),
      }),
    ]);
  }, [t]);
}

/** Broker orders that nobody owns: placed by hand, or elsewhere. */
export function ExternalTab({ scope }: { readonly scope: string }) {
  const t = useTranslations('orders');
  const query = useInfiniteQuery(externalQuery(scope));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const columns = useBrokerColumns();
  const count = rows?.length ?? 0;
  if (query.isError && rows === undefined)
    return <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <p className="max-w-prose pb-3 text-sm text-ink-2">{t('external_text')}</p>
      <DataTable
        caption={t('external_caption')}
        columns={columns}
        rows={rows}
        rowId={(order) => `${order.account}/${order.broker_key}`}
        empty={<EmptyState kind="nothing" title={t('external_empty')} />}
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
