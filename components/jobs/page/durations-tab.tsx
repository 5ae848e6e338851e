'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { JobView } from '#domain/jobs/view.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Duration } from '#components/ui/time.tsx';
import { durationPoints, percentile } from '#components/jobs/page/duration-stats.ts';
import { fetchJobRuns, jobKeys } from '#components/jobs/queries.ts';

const shownRuns = 100;

// The chart library is heavy: it is fetched when this tab is first opened.
const Chart = dynamic(
  () => import('#components/jobs/page/durations-chart.tsx').then((part) => part.DurationsChart),
  {
    ssr: false,
    loading: () => <Skeleton className="h-72 w-full" />,
  },
);

/** How long the last runs took, with the middle and the slow end. */
export function DurationsTab({ job }: { readonly job: JobView }) {
  const t = useTranslations('jobs.durations');
  const query = useQuery({
    queryKey: jobKeys.durations(job.scope, job.job_id),
    queryFn: ({ signal }) => fetchJobRuns(job.scope, job.job_id, shownRuns, null, signal),
  });
  const points = useMemo(
    () => (query.data === undefined ? undefined : durationPoints(query.data.items)),
    [query.data],
  );
  if (query.isError && points === undefined)
    return <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />;
  if (points !== undefined && points.length === 0)
    return <EmptyState kind="nothing" title={t('nothing_title')} text={t('nothing_text')} />;
  const good = (points ?? []).filter((point) => !point.bad).map((point) => point.ms);
  const p50 = percentile(good, 0.5);
  const p95 = percentile(good, 0.95);
  const failed = (points ?? []).filter(
    (point) => point.state === 'failed' || point.state === 'quarantined',
  ).length;
  return (
    <div className="flex flex-col gap-4">
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        <Figure label={t('runs')} value={points?.length ?? '–'} />
        <Figure label={t('p50')} value={<Duration ms={p50} />} />
        <Figure label={t('p95')} value={<Duration ms={p95} />} />
        <Figure label={t('failed')} value={failed} bad={failed > 0} />
        <Figure label={t('timeout')} value={<Duration ms={job.timeout_sec * 1_000} />} />
      </dl>
      {points === undefined ? (
        <Skeleton className="h-72 w-full" />
      ) : (
        <Chart points={points} p50={p50} p95={p95} scope={job.scope} zone={job.time_zone} />
      )}
      <p className="text-xs text-ink-3">{t('note', { count: shownRuns })}</p>
    </div>
  );
}

function Figure({
  label,
  value,
  bad = false,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly bad?: boolean;
}) {
  return (
    <div>
      <dt className="text-xs text-ink-3">{label}</dt>
      <dd className={bad ? 'text-lg font-semibold text-failed' : 'text-lg font-semibold'}>{value}</dd>
    </div>
  );
}
