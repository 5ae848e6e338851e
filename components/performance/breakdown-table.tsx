'use client';

import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { Breakdown, PnlRow } from '#domain/performance/view.ts';
import { type Column, DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Money } from '#components/ui/money.tsx';
import { Duration } from '#components/ui/time.tsx';
import { MeasureValue } from '#components/performance/measure.tsx';
import { dayHref } from '#components/performance/queries.ts';

interface BreakdownTableProps {
  readonly scope: string;
  readonly by: Breakdown;
  /** undefined while it loads. */
  readonly rows: readonly PnlRow[] | undefined;
  readonly updating: boolean;
  /** Narrows the page to a trader. */
  readonly onTrader: (trader: string) => void;
}

function useColumns(by: Breakdown): readonly Column<PnlRow>[] {
  const t = useTranslations('performance.columns');
  return useMemo(() => {
    const h = columnHelper<PnlRow>();
    return h.columns([
      h.accessor((row) => row.name ?? row.key ?? '', {
        id: 'key',
        header: t(`by_${by}`),
        meta: { priority: 1 },
        cell: ({ row: { original: row } }) =>
          row.key === null ? (
            <span className="text-ink-2">{t('by_hand')}</span>
          ) : (
            <span className="flex min-w-0 items-baseline gap-2" title={row.key}>
              <span className="truncate font-medium">{row.name ?? row.key}</span>
              {row.name === null || by === 'trader' ? null : (
                <span className="text-xs text-ink-3">{row.key}</span>
              )}
            </span>
          ),
      }),
      h.accessor((row) => Number(row.net), {
        id: 'net',
        header: t('net'),
        meta: { align: 'end', cardLabel: t('net'), width: '9rem' },
        cell: ({ row }) => <Money value={row.original.net} signed />,
      }),
      h.accessor('trades', {
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
        meta: { align: 'end', cardLabel: t('win_rate'), width: '6rem' },
        cell: ({ row }) => <MeasureValue of={row.original.win_rate} as="percent" places={1} />,
      }),
      h.accessor((row) => row.profit_factor.value ?? -1, {
        id: 'profit_factor',
        header: t('profit_factor'),
        meta: { align: 'end', cardLabel: t('profit_factor'), width: '7rem' },
        cell: ({ row }) => <MeasureValue of={row.original.profit_factor} as="ratio" />,
      }),
      h.accessor((row) => row.expectancy.value ?? 0, {
        id: 'expectancy',
        header: t('expectancy'),
        meta: { align: 'end', cardLabel: t('expectancy'), width: '8rem' },
        cell: ({ row }) => <MeasureValue of={row.original.expectancy} as="money" signed />,
      }),
      h.accessor((row) => Number(row.best ?? 0), {
        id: 'best',
        header: t('best'),
        meta: { align: 'end', cardLabel: t('best'), width: '8rem' },
        cell: ({ row }) => <Money value={row.original.best} signed />,
      }),
      h.accessor((row) => Number(row.worst ?? 0), {
        id: 'worst',
        header: t('worst'),
        meta: { align: 'end', cardLabel: t('worst'), width: '8rem' },
        cell: ({ row }) => <Money value={row.original.worst} signed />,
      }),
      h.accessor((row) => Number(row.fees) + Number(row.taxes), {
        id: 'costs',
        header: t('costs'),
        meta: { align: 'end', cardLabel: t('costs'), width: '7rem' },
        cell: ({ getValue }) => <Money value={getValue()} />,
      }),
      h.accessor((row) => row.average_hold_sec ?? 0, {
        id: 'hold',
        header: t('hold'),
        meta: { align: 'end', cardLabel: t('hold'), width: '7rem' },
        cell: ({ row: { original: row } }) => (
          <Duration ms={row.average_hold_sec === null ? null : row.average_hold_sec * 1_000} />
        ),
      }),
    ]);
  }, [t, by]);
}

/** Closed round trips by trader, symbol, strategy, account or day. Headings sort. */
export function BreakdownTable({ scope, by, rows, updating, onTrader }: BreakdownTableProps) {
  const t = useTranslations('performance');
  const columns = useColumns(by);
  const opens =
    by === 'day'
      ? { href: (row: PnlRow) => dayHref(scope, row.key ?? '') }
      : by === 'trader'
        ? { onOpen: (row: PnlRow) => (row.key === null ? undefined : onTrader(row.key)) }
        : {};
  return (
    <DataTable
      caption={t('columns.caption')}
      columns={columns}
      rows={rows}
      rowId={(row) => row.key ?? '-'}
      updating={updating}
      skeletonRows={6}
      {...opens}
      empty={<EmptyState kind="nothing" title={t('no_trips_title')} text={t('no_trips_text')} />}
    />
  );
}
