'use client';

import Link from 'next/link';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { RunView } from '#domain/runs/view.ts';
import { useReason } from '#components/i18n/reason.tsx';
import { type Column, columnHelper } from '#components/ui/data-table.tsx';
import { Time } from '#components/ui/time.tsx';
import {
  RunDuration,
  RunStatus,
  RunWaited,
  ShortId,
  jobHref,
  processHref,
} from '#components/runs/run-words.tsx';

/** Columns of the list of runs. @param zoneOf the zone of a job. */
export function useRunColumns(scope: string, zoneOf: (jobId: string) => string): readonly Column<RunView>[] {
  const t = useTranslations('runs');
  return useMemo(() => {
    const h = columnHelper<RunView>();
    const label = (column: string) => t(`columns.${column}`);
    return h.columns([
      h.display({
        id: 'status',
        header: label('status'),
        cell: ({ row }) => <RunStatus run={row.original} />,
        meta: { priority: 1, width: '10rem' },
      }),
      h.display({
        id: 'job',
        header: label('job'),
        cell: ({ row }) => (
          <Link
            href={jobHref(scope, row.original.job_id)}
            className="font-medium [overflow-wrap:anywhere] hover:underline"
          >
            {row.original.job_id}
          </Link>
        ),
        meta: { priority: 1, width: '14rem', className: 'md:min-w-40' },
      }),
      h.display({
        id: 'trigger',
        header: label('trigger'),
        cell: ({ row }) => (
          <span className="whitespace-nowrap text-ink-2">{t(`trigger.${row.original.trigger_source}`)}</span>
        ),
        meta: { cardLabel: label('trigger'), width: '5.5rem' },
      }),
      h.display({
        id: 'scheduled',
        header: label('scheduled'),
        cell: ({ row }) => <Time at={row.original.scheduled_for} zone={zoneOf(row.original.job_id)} />,
        meta: { cardLabel: label('scheduled'), width: '8rem' },
      }),
      h.display({
        id: 'waited',
        header: label('waited'),
        cell: ({ row }) => (
          <span className="text-ink-2">
            <RunWaited run={row.original} />
          </span>
        ),
        meta: { priority: 3, align: 'end', width: '6.5rem' },
      }),
      h.display({
        id: 'duration',
        header: label('duration'),
        cell: ({ row }) => <RunDuration run={row.original} />,
        meta: { cardLabel: label('duration'), align: 'end', width: '6rem' },
      }),
      h.display({
        id: 'attempt',
        header: label('attempt'),
        cell: ({ row: { original: run } }) => (
          <span className="whitespace-nowrap">
            {run.attempt}
            {run.failures === 0 ? null : (
              <span className="ml-1 text-xs text-danger">({t('failures', { count: run.failures })})</span>
            )}
          </span>
        ),
        meta: { cardLabel: label('attempt'), align: 'end', width: '6.5rem' },
      }),
      h.display({
        id: 'reason',
        header: label('reason'),
        cell: ({ row }) => <ReasonCell reason={row.original.reason} />,
        meta: { width: '40%', className: 'max-md:col-span-2 max-md:order-last md:min-w-48' },
      }),
      h.display({
        id: 'process',
        header: label('process'),
        cell: ({ row: { original: run } }) =>
          run.process_id === null ? (
            <span className="text-ink-3">–</span>
          ) : (
            <Link href={processHref(run.process_id)} className="text-ink-2 hover:underline">
              <ShortId id={run.process_id} />
            </Link>
          ),
        meta: { priority: 3, width: '6rem', className: 'max-xl:hidden' },
      }),
    ]);
  }, [scope, t, zoneOf]);
}

function ReasonCell({ reason }: { readonly reason: RunView['reason'] }) {
  const words = useReason()(reason);
  return (
    <span title={words} className="text-ink-2 md:line-clamp-1 md:break-all">
      {words}
    </span>
  );
}
