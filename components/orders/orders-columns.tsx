'use client';

import Link from 'next/link';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { OrderView } from '#domain/orders/view.ts';
import { useReason } from '#components/i18n/reason.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { type Column, columnHelper } from '#components/ui/data-table.tsx';
import { Money, Quantity } from '#components/ui/money.tsx';
import { Time } from '#components/ui/time.tsx';
import { OrderStateMark, SideMark, SymbolName } from '#components/orders/order-state.tsx';
import { traderHref } from '#components/orders/queries.ts';

/** Columns of lists of orders. @param acts what stands at the end of a row, e.g. a button that cancels. */
export function useOrderColumns(
  scope: string,
  acts: ((order: OrderView) => React.ReactNode) | null = null,
): readonly Column<OrderView>[] {
  const t = useTranslations('orders');
  const common = useTranslations('common');
  return useMemo(() => {
    const h = columnHelper<OrderView>();
    const label = (column: string) => t(`columns.${column}`);
    return h.columns([
      h.accessor('state', {
        header: label('state'),
        meta: { priority: 1, width: '7.5rem' },
        cell: ({ row }) => <OrderStateMark state={row.original.state} />,
      }),
      h.accessor('at', {
        header: label('at'),
        meta: { cardLabel: label('at'), width: '8rem' },
        cell: ({ row }) => <Time at={row.original.at} bare />,
      }),
      h.accessor('symbol', {
        header: label('symbol'),
        meta: { priority: 1, width: '12rem', className: 'md:max-w-52' },
        cell: ({ row: { original: order } }) => (
          <SymbolName symbol={order.symbol} name={order.symbol_name} className="max-w-full" />
        ),
      }),
      h.accessor('side', {
        header: label('side'),
        meta: { cardLabel: label('side'), width: '5rem' },
        cell: ({ row }) => <SideMark side={row.original.side} />,
      }),
      h.display({
        id: 'filled',
        header: label('filled'),
        meta: { cardLabel: label('filled'), align: 'end', width: '8rem' },
        cell: ({ row: { original: order } }) => (
          <span className="whitespace-nowrap">
            <Quantity value={order.filled} className={order.filled === '0' ? 'text-ink-3' : undefined} />
            <span className="text-ink-3"> / </span>
            <Quantity value={order.quantity} />
          </span>
        ),
      }),
      h.display({
        id: 'price',
        header: label('price'),
        meta: { cardLabel: label('price'), align: 'end', width: '6.5rem' },
        cell: ({ row: { original: order } }) =>
          order.price === null ? t('market_price') : <Money value={order.price} />,
      }),
      h.display({
        id: 'average',
        header: label('average'),
        meta: { cardLabel: label('average'), align: 'end', width: '7rem' },
        cell: ({ row }) => <Money value={row.original.average_price} places={2} />,
      }),
      h.accessor('trader', {
        header: label('trader'),
        meta: { cardLabel: label('trader'), width: '9rem' },
        cell: ({ row: { original: order } }) => (
          <Link href={traderHref(scope, order.trader)} className="text-ink-2 hover:underline">
            {order.trader}
          </Link>
        ),
      }),
      h.display({
        id: 'why',
        header: label('why'),
        meta: { width: '30%', className: 'max-md:col-span-2 max-md:order-last md:min-w-44' },
        cell: ({ row }) => <Why order={row.original} />,
      }),
      ...(acts === null
        ? []
        : [
            h.display({
              id: 'actions',
              header: () => <span className="sr-only">{common('actions')}</span>,
              meta: { align: 'end', width: '5rem', className: 'max-md:col-span-2 max-md:order-last' },
              cell: ({ row }) => acts(row.original),
            }),
          ]),
    ]);
  }, [t, common, scope, acts]);
}

/** Why it is where it is; without that, why it was placed; and a change that is on its way. */
function Why({ order }: { readonly order: OrderView }) {
  const t = useTranslations('orders');
  const reason = useReason();
  const words = reason(order.reason ?? order.cause);
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-ink-2">
      {order.flatten ? <Badge tone="warning">{t('flatten')}</Badge> : null}
      {order.wanted === null ? null : (
        <Badge tone="accent">{t(order.wanted.kind === 'cancel' ? 'cancelling' : 'revising')}</Badge>
      )}
      <span title={words} className="md:line-clamp-1 md:break-all">
        {words}
      </span>
    </span>
  );
}
