'use client';

import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { SummaryRow } from '#domain/performance/view.ts';
import { type Column, columnHelper } from '#components/ui/data-table.tsx';
import { Money } from '#components/ui/money.tsx';
import { MeasureValue } from '#components/performance/measure.tsx';
import type { SummariesUrl } from '#components/performance/url.ts';

/** Columns of the list of daily summaries. */
export function useSummaryColumns(level: SummariesUrl['level']): readonly Column<SummaryRow>[] {
  const t = useTranslations('performance.columns');
  return useMemo(() => {
    const h = columnHelper<SummaryRow>();
    return h.columns([
      h.accessor('trading_day', {
        header: t('by_day'),
        meta: { priority: 1, ...(level === 'scope' ? {} : { width: '7rem' }) },
        cell: ({ row: { original: row } }) => (
          <>
            {row.trading_day}
            {row.provisional ? <span className="ml-2 text-xs text-warning">{t('provisional')}</span> : null}
          </>
        ),
      }),
      ...(level === 'scope'
        ? []
        : [
            h.accessor((row) => row.name ?? row.subject, {
              id: 'name',
              header: t(`by_${level}`),
              meta: { priority: 1 as const, className: 'md:max-w-48 md:truncate' },
            }),
          ]),
      h.accessor((row) => Number(row.pnl), {
        id: 'pnl',
        header: t('pnl'),
        meta: { align: 'end', cardLabel: t('pnl'), width: '8rem' },
        cell: ({ row }) => <Money value={row.original.pnl} signed />,
      }),
      h.accessor((row) => row.return.value ?? 0, {
        id: 'return',
        header: t('return'),
        meta: { align: 'end', cardLabel: t('return'), width: '6rem' },
        cell: ({ row }) => <MeasureValue of={row.original.return} as="percent" signed />,
      }),
      h.accessor((row) => Number(row.realised_pnl), {
        id: 'realised',
        header: t('realised'),
        meta: { align: 'end', cardLabel: t('realised'), width: '8rem' },
        cell: ({ row }) => <Money value={row.original.realised_pnl} signed />,
      }),
      h.accessor((row) => row.trades, {
        id: 'trades',
        header: t('trades'),
        meta: { align: 'end', cardLabel: t('trades'), width: '8rem' },
        cell: ({ row: { original: row } }) => (
          <>
            {row.trades}
            {row.trades === 0 ? null : (
              <span className="ml-1.5 text-xs whitespace-nowrap text-ink-3">
                {t('won_lost', { wins: row.wins, losses: row.losses })}
              </span>
            )}
          </>
        ),
      }),
      h.accessor((row) => row.win_rate.value ?? -1, {
        id: 'win_rate',
        header: t('win_rate'),
        meta: { align: 'end', cardLabel: t('win_rate'), width: '5rem' },
        cell: ({ row }) => <MeasureValue of={row.original.win_rate} as="percent" places={1} />,
      }),
      h.accessor((row) => row.profit_factor.value ?? -1, {
        id: 'profit_factor',
        header: t('profit_factor'),
        meta: { align: 'end', cardLabel: t('profit_factor'), width: '6rem' },
        cell: ({ row }) => <MeasureValue of={row.original.profit_factor} as="ratio" />,
      }),
      h.accessor((row) => row.max_drawdown.value ?? 0, {
        id: 'drawdown',
        header: t('max_drawdown'),
        meta: { align: 'end', cardLabel: t('max_drawdown'), width: '5.5rem' },
        cell: ({ row }) => <MeasureValue of={row.original.max_drawdown} as="percent" />,
      }),
      h.accessor((row) => Number(row.closing_equity), {
        id: 'equity',
        header: t('closing_equity'),
        meta: { align: 'end', cardLabel: t('closing_equity'), width: '8rem' },
        cell: ({ row }) => <Money value={row.original.closing_equity} />,
      }),
    ]);
  }, [t, level]);
}
