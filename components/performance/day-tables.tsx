'use client';

import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { SummaryRow, TripView } from '#domain/performance/view.ts';
import { Reason } from '#components/i18n/reason.tsx';
import { Money, Quantity } from '#components/ui/money.tsx';
import { Time } from '#components/ui/time.tsx';
import { MeasureValue } from '#components/performance/measure.tsx';
import { type ReportColumn, ReportTable } from '#components/performance/report-table.tsx';

interface SubjectTableProps {
  readonly rows: readonly SummaryRow[];
  readonly caption: string;
  /** Heading of the first column. */
  readonly who: string;
}

function useSubjectColumns(who: string): readonly ReportColumn<SummaryRow>[] {
  const t = useTranslations('performance.columns');
  return useMemo(
    () => [
      { label: who, head: true, cell: (row) => row.name ?? row.subject },
      { label: t('pnl'), align: 'end', cell: (row) => <Money value={row.pnl} signed /> },
      {
        label: t('return'),
        align: 'end',
        cell: (row) => <MeasureValue of={row.return} as="percent" signed />,
      },
      { label: t('realised'), align: 'end', cell: (row) => <Money value={row.realised_pnl} signed /> },
      { label: t('unrealised'), align: 'end', cell: (row) => <Money value={row.unrealised_pnl} signed /> },
      {
        label: t('trades'),
        align: 'end',
        cell: (row) => (
          <>
            {row.trades}
            {row.trades === 0 ? null : (
              <span className="ml-1.5 text-xs whitespace-nowrap text-ink-3 print:ml-0 print:block print:text-[7pt]">
                {t('won_lost', { wins: row.wins, losses: row.losses })}
              </span>
            )}
          </>
        ),
      },
      {
        label: t('win_rate'),
        align: 'end',
        cell: (row) => <MeasureValue of={row.win_rate} as="percent" places={1} />,
      },
      {
        label: t('profit_factor'),
        align: 'end',
        cell: (row) => <MeasureValue of={row.profit_factor} as="ratio" />,
      },
      {
        label: t('max_drawdown'),
        align: 'end',
        cell: (row) => <MeasureValue of={row.max_drawdown} as="percent" />,
      },
      {
        label: t('costs'),
        align: 'end',
        cell: (row) => <Money value={Number(row.fees) + Number(row.taxes)} />,
      },
      { label: t('closing_equity'), align: 'end', cell: (row) => <Money value={row.closing_equity} /> },
    ],
    [t, who],
  );
}

/** The day of each trader or account. */
export function SubjectTable({ rows, caption, who }: SubjectTableProps) {
  const columns = useSubjectColumns(who);
  return <ReportTable caption={caption} columns={columns} rows={rows} rowId={(row) => row.subject} />;
}

interface TripTableProps {
  readonly trips: readonly TripView[];
  readonly zone: string;
}

function useTripColumns(zone: string): readonly ReportColumn<TripView>[] {
  const t = useTranslations('performance.trips');
  return useMemo(
    () => [
      {
        label: t('symbol'),
        head: true,
        cell: (trip) => (
          <>
            {trip.symbol_name ?? trip.symbol}
            {trip.symbol_name === null ? null : (
              <span className="ml-1.5 text-xs whitespace-nowrap text-ink-3">{trip.symbol}</span>
            )}
          </>
        ),
      },
      { label: t('trader'), cell: (trip) => trip.trader_name ?? trip.trader ?? t('by_hand') },
      {
        label: t('held'),
        className: 'whitespace-nowrap',
        cell: (trip) => (
          <>
            {trip.entry_at.slice(0, 10) === trip.exit_at.slice(0, 10) ? (
              <Time at={trip.entry_at} zone={zone} style="time" bare />
            ) : (
              <Time at={trip.entry_at} zone={zone} style="minute" bare />
            )}
            {' → '}
            <Time at={trip.exit_at} zone={zone} style="time" bare />
          </>
        ),
      },
      { label: t('quantity'), align: 'end', cell: (trip) => <Quantity value={trip.quantity} /> },
      { label: t('entry'), align: 'end', cell: (trip) => <Money value={trip.entry_price} /> },
      { label: t('exit'), align: 'end', cell: (trip) => <Money value={trip.exit_price} /> },
      {
        label: t('costs'),
        align: 'end',
        cell: (trip) => <Money value={Number(trip.fees) + Number(trip.taxes)} />,
      },
      { label: t('net'), align: 'end', cell: (trip) => <Money value={trip.net} signed /> },
      {
        label: t('return'),
        align: 'end',
        cell: (trip) => <MeasureValue of={trip.return} as="percent" signed />,
      },
      {
        label: t('why'),
        className: 'max-w-64 text-xs text-ink-2 [@media_screen_and_(width<48rem)]:col-span-2',
        cell: (trip) =>
          trip.exit_reason === null ? null : (
            <Reason code={trip.exit_reason.code} params={trip.exit_reason.params} />
          ),
      },
    ],
    [t, zone],
  );
}

/** The round trips that were closed on the day, by their last fill. */
export function TripTable({ trips, zone }: TripTableProps) {
  const t = useTranslations('performance.trips');
  const columns = useTripColumns(zone);
  return (
    <ReportTable
      caption={t('caption')}
      columns={columns}
      rows={trips}
      rowId={(trip) => `${trip.account} ${trip.symbol} ${trip.trader ?? ''} ${trip.entry_at} ${trip.exit_at}`}
    />
  );
}
