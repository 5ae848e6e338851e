'use client';

import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { DailyPnl } from '#domain/performance/view.ts';
import { type Column, DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { Money } from '#components/ui/money.tsx';
import { MeasureValue } from '#components/performance/measure.tsx';
import { dayHref } from '#components/performance/queries.ts';

function useColumns(): readonly Column<DailyPnl>[] {
  const t = useTranslations('performance.columns');
  return useMemo(() => {
    const h = columnHelper<DailyPnl>();
    return h.columns([
      h.accessor('trading_day', {
        header: t('by_day'),
        meta: { priority: 1 },
        cell: ({ row: { original: day } }) => (
          <>
            {day.trading_day}
            {day.settled ? null : <span className="ml-2 text-xs text-ink-3">{t('not_settled')}</span>}
          </>
        ),
      }),
      h.accessor((day) => Number(day.pnl), {
        id: 'pnl',
        header: t('pnl'),
        meta: { align: 'end', cardLabel: t('pnl'), width: '9rem' },
        cell: ({ row }) => <Money value={row.original.pnl} signed />,
      }),
      h.accessor((day) => day.return.value ?? 0, {
        id: 'return',
        header: t('return'),
        meta: { align: 'end', cardLabel: t('return'), width: '7rem' },
        cell: ({ row }) => <MeasureValue of={row.original.return} as="percent" signed />,
      }),
      h.accessor((day) => Number(day.realised_pnl), {
        id: 'realised',
        header: t('realised'),
        meta: { align: 'end', cardLabel: t('realised'), width: '9rem' },
        cell: ({ row }) => <Money value={row.original.realised_pnl} signed />,
      }),
      h.accessor((day) => Number(day.net_flow), {
        id: 'flow',
        header: t('flow'),
        meta: { align: 'end', cardLabel: t('flow'), width: '9rem' },
        cell: ({ row }) => <Money value={row.original.net_flow} />,
      }),
      h.accessor('trades', {
        header: t('trades'),
        meta: { align: 'end', cardLabel: t('trades'), width: '6rem' },
      }),
      h.accessor((day) => Number(day.closing_equity), {
        id: 'equity',
        header: t('closing_equity'),
        meta: { align: 'end', cardLabel: t('closing_equity'), width: '10rem' },
        cell: ({ row }) => <Money value={row.original.closing_equity} />,
      }),
    ]);
  }, [t]);
}

/** The charts' figures as a table, newest day first. */
export function DaysTable({ scope, days }: { readonly scope: string; readonly days: readonly DailyPnl[] }) {
  const t = useTranslations('performance.columns');
  const columns = useColumns();
  const rows = useMemo(() => days.toReversed(), [days]);
  return (
    <DataTable
      caption={t('days_caption')}
      columns={columns}
      rows={rows}
      rowId={({ trading_day }) => trading_day}
      href={({ trading_day }) => dayHref(scope, trading_day)}
      keyboard={false}
    />
  );
}
