'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { JobView } from '#domain/jobs/view.ts';
import type { RunView } from '#domain/runs/view.ts';
import { Reason } from '#components/i18n/reason.tsx';
import { DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Duration, Elapsed, Time } from '#components/ui/time.tsx';
import { fetchJobRuns, jobHref, jobKeys, runsPerPage } from '#components/jobs/queries.ts';

const helper = columnHelper<RunView>();

/** Quarantine is a failure that waits for a person, and is drawn as such. */
function badgeOf(run: RunView) {
  return run.state === 'quarantined' ? 'quarantined' : run.status;
}

function useRunColumns(zone: string) {
  const t = useTranslations('jobs.runs');
  return useMemo(
    () =>
      helper.columns([
        helper.display({
          id: 'status',
          header: t('status'),
          cell: ({ row: { original: run } }) => (
            <Link href={jobHref.run(run.scope, run.run_id)} className="underline-offset-2 hover:underline">
              <StatusBadge status={badgeOf(run)} state={run.state} />
            </Link>
          ),
          meta: { priority: 1, width: '10rem' },
        }),
        helper.display({
          id: 'scheduled',
          header: t('scheduled_for'),
          cell: ({ row }) => <Time at={row.original.scheduled_for} zone={zone} style="full" />,
          meta: { cardLabel: t('scheduled_for'), width: '13rem' },
        }),
        helper.display({
          id: 'trigger',
          header: t('trigger'),
          cell: ({ row }) => (
            <span className="text-ink-2">{t(`trigger_${row.original.trigger_source}`)}</span>
          ),
          meta: { cardLabel: t('trigger'), width: '8rem' },
        }),
        helper.display({
          id: 'duration',
          header: t('duration'),
          cell: ({ row: { original: run } }) =>
            run.state === 'running' && run.started_at !== null ? (
              <Elapsed from={run.started_at} />
            ) : (
              <Duration ms={run.duration_ms} />
            ),
          meta: { align: 'end', cardLabel: t('duration'), width: '7rem' },
        }),
        helper.display({
          id: 'attempt',
          header: t('attempt'),
          cell: ({ row }) => row.original.attempt,
          meta: { align: 'end', cardLabel: t('attempt'), width: '5rem' },
        }),
        helper.display({
          id: 'reason',
          header: t('reason'),
          cell: ({ row: { original: run } }) => (
            <span className="block truncate text-ink-2">
              <Reason code={run.reason.code} params={run.reason.params} />
            </span>
          ),
          meta: { className: 'max-w-0 w-full max-md:col-span-2 max-md:max-w-none' },
        }),
      ]),
    [t, zone],
  );
}

/** The job's runs, newest first. */
export function RunsTab({ job }: { readonly job: JobView }) {
  const t = useTranslations('jobs.runs');
  const columns = useRunColumns(job.time_zone);
  const query = useInfiniteQuery({
    queryKey: jobKeys.runs(job.scope, job.job_id),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => fetchJobRuns(job.scope, job.job_id, runsPerPage, pageParam, signal),
    getNextPageParam: (page) => page.next_cursor,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  if (query.isError && rows === undefined)
    return <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <DataTable
        caption={t('title')}
        columns={columns}
        rows={rows}
        rowId={(run) => run.run_id}
        href={(run) => jobHref.run(run.scope, run.run_id)}
        empty={<EmptyState kind="nothing" title={t('nothing_title')} text={t('nothing_text')} />}
      />
      {rows === undefined || rows.length === 0 ? null : (
        <LoadMore
          shown={rows.length}
          hasMore={query.hasNextPage}
          busy={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
        />
      )}
    </>
  );
}
