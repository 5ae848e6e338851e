'use client';

import Link from 'next/link';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { type JobRow, type RowGroup, spanOf } from '#domain/timeline/rows.ts';
import type { Span } from '#domain/timeline/scale.ts';
import { jobHref } from '#components/runs/run-words.tsx';
import { DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { Duration, Time } from '#components/ui/time.tsx';
import { zone } from './url.ts';

interface TableRow {
  readonly job_id: string;
  readonly group: string;
  readonly runs: number;
  readonly failed: number;
  readonly skipped: number;
  readonly first: number | null;
  readonly busy: number;
  readonly waited: number;
  readonly planned: number;
  readonly next: number | null;
}

function rowOf({ job, bars, marks }: JobRow, view: Span, now: number): TableRow {
  const shown = bars.filter((bar) => {
    const span = spanOf(bar, now);
    return span.to >= view.from && span.from <= view.to;
  });
  const coming = marks.filter(({ from, to }) => to >= view.from && from <= view.to);
  const of = (...names: string[]) => shown.filter(({ outcome }) => names.includes(outcome)).length;
  return {
    job_id: job.job_id,
    group: job.resource_group ?? '–',
    runs: shown.length,
    failed: of('failed', 'quarantined'),
    skipped: of('skipped'),
    first: shown[0] === undefined ? null : (shown[0].start ?? shown[0].queued),
    busy: shown.reduce((sum, bar) => sum + (bar.start === null ? 0 : (bar.end ?? now) - bar.start), 0),
    waited: shown.reduce(
      (most, bar) => Math.max(most, (bar.start ?? (bar.end === null ? now : bar.queued)) - bar.queued),
      0,
    ),
    planned: coming.reduce((sum, mark) => sum + mark.count, 0),
    next: coming.find(({ to }) => to > now)?.from ?? null,
  };
}

function useColumns(scope: string, view: Span) {
  const t = useTranslations('timeline.table');
  return useMemo(() => {
    const h = columnHelper<TableRow>();
    const right = (name: string) => ({ align: 'end', cardLabel: t(name) }) as const;
    return h.columns([
      h.accessor('job_id', {
        header: t('job'),
        meta: { priority: 1 },
        cell: ({ getValue }) => (
          <Link href={jobHref(scope, getValue())} prefetch={false} className="font-medium hover:underline">
            {getValue()}
          </Link>
        ),
      }),
      h.accessor('group', { header: t('group'), meta: { cardLabel: t('group') } }),
      h.accessor('runs', {
        header: t('runs'),
        meta: right('runs'),
        cell: ({ row, getValue }) => (
          <Link
            href={`/${scope}/runs?job=${encodeURIComponent(row.original.job_id)}&from=${new Date(view.from).toISOString()}&to=${new Date(view.to).toISOString()}`}
            // A row's links are fetched when they are followed: a click during a fetch ahead of it got lost.
            prefetch={false}
            aria-label={t('runs_of', { job: row.original.job_id, count: getValue() })}
            className="text-accent underline underline-offset-2"
          >
            {getValue()}
          </Link>
        ),
      }),
      h.accessor('failed', { header: t('failed'), meta: right('failed') }),
      h.accessor('skipped', { header: t('skipped'), meta: right('skipped') }),
      h.accessor('first', {
        header: t('first'),
        meta: right('first'),
        cell: ({ getValue }) => <Instant at={getValue()} />,
      }),
      h.accessor('busy', {
        header: t('busy'),
        meta: right('busy'),
        cell: ({ getValue }) => <Duration ms={getValue()} />,
      }),
      h.accessor('waited', {
        header: t('waited'),
        meta: right('waited'),
        cell: ({ getValue }) => <Duration ms={getValue()} />,
      }),
      h.accessor('planned', { header: t('planned'), meta: right('planned') }),
      h.accessor('next', {
        header: t('next'),
        meta: right('next'),
        cell: ({ getValue }) => <Instant at={getValue()} />,
      }),
    ]);
  }, [t, scope, view]);
}

interface TimelineTableProps {
  readonly scope: string;
  readonly groups: readonly RowGroup[];
  readonly view: Span;
  readonly now: number;
}

/** The same as the chart in words and numbers: a row for each job, each leading to its runs of the range. */
export function TimelineTable({ scope, groups, view, now }: TimelineTableProps) {
  const t = useTranslations('timeline.table');
  const rows = useMemo(
    () => groups.flatMap((group) => group.rows.map((row) => rowOf(row, view, now))),
    [groups, view, now],
  );
  const columns = useColumns(scope, view);
  return (
    <DataTable
      caption={t('caption')}
      columns={columns}
      rows={rows}
      rowId={(row) => row.job_id}
      empty={null}
    />
  );
}

function Instant({ at }: { readonly at: number | null }) {
  return at === null ? <>–</> : <Time at={new Date(at)} zone={zone} style="auto" bare />;
}
