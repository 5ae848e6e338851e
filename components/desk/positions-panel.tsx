'use client';

import Link from 'next/link';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { PositionView } from '#domain/ledger/view.ts';
import { DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { Money, Percent, Quantity } from '#components/ui/money.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import { Price, Signed } from '#components/traders/amount.tsx';
import { traderHref } from '#components/traders/queries.ts';

function useColumns(scope: string) {
  const t = useTranslations('desk.positions');
  return useMemo(() => {
    const h = columnHelper<PositionView>();
    const right = (label: string, width: string) => ({ align: 'end', cardLabel: label, width }) as const;
    return h.columns([
      h.accessor('symbol', {
        header: t('symbol'),
        meta: { priority: 1 },
        cell: ({ row: { original: one } }) => (
          <span className="inline-flex flex-wrap items-baseline gap-x-2">
            <span className="font-medium">{one.symbol_name ?? one.symbol}</span>
            {one.symbol_name === null ? null : <span className="text-xs text-ink-3">{one.symbol}</span>}
          </span>
        ),
      }),
      h.accessor((one) => one.trader ?? '', {
        id: 'trader',
        header: t('trader'),
        meta: { cardLabel: t('trader'), width: '9rem' },
        cell: ({ row: { original: one } }) =>
          one.trader === null ? (
            <span className="text-ink-3">–</span>
          ) : (
            <Link href={traderHref.one(scope, one.trader)} className="underline-offset-2 hover:underline">
              {one.trader}
            </Link>
          ),
      }),
      h.accessor('quantity', {
        header: t('quantity'),
        meta: right(t('quantity'), '6rem'),
        cell: ({ getValue }) => <Quantity value={getValue()} />,
      }),
      h.accessor('average', {
        header: t('average'),
        meta: right(t('average'), '7rem'),
        cell: ({ getValue }) => <Price value={getValue()} />,
      }),
      h.accessor('last', {
        header: t('last'),
        meta: right(t('last'), '7rem'),
        cell: ({ getValue }) => <Price value={getValue()} />,
      }),
      h.accessor((one) => Number(one.value ?? 0), {
        id: 'value',
        header: t('value'),
        sortFn: 'basic',
        meta: right(t('value'), '8rem'),
        cell: ({ row }) => <Money value={row.original.value} places={0} />,
      }),
      h.accessor((one) => Number(one.unrealised ?? 0), {
        id: 'unrealised',
        header: t('unrealised'),
        sortFn: 'basic',
        meta: right(t('unrealised'), '9rem'),
        cell: ({ row: { original: one } }) => (
          <span className="inline-flex flex-wrap items-baseline justify-end gap-x-2">
            <Signed value={one.unrealised} />
            <Percent value={one.change} signed className="text-xs" />
          </span>
        ),
      }),
      h.accessor((one) => one.opened_at ?? '', {
        id: 'opened',
        header: t('opened'),
        meta: { cardLabel: t('opened'), width: '7rem', className: 'max-lg:md:hidden' },
        cell: ({ row: { original: one } }) =>
          one.opened_at === null ? (
            <span className="text-ink-3">–</span>
          ) : (
            <RelativeTime at={one.opened_at} className="text-xs text-ink-2" />
          ),
      }),
    ]);
  }, [t, scope]);
}

interface PanelProps {
  readonly scope: string;
  readonly positions: readonly PositionView[];
}

/** What is held, the largest first, with what it made so far. */
export function PositionsPanel({ scope, positions }: PanelProps) {
  const t = useTranslations('desk.positions');
  const columns = useColumns(scope);
  return (
    <section aria-labelledby="positions-title" className="min-w-0">
      <h2 id="positions-title" className="pb-1 text-sm font-semibold">
        {t('title')}
      </h2>
      <DataTable
        caption={t('title')}
        columns={columns}
        rows={positions}
        rowId={(one) => `${one.account} ${one.symbol}`}
        keyboard={false}
        empty={<p className="border-t border-hairline py-4 text-sm text-ink-3">{t('none')}</p>}
      />
    </section>
  );
}
