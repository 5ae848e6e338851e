'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useTranslations } from 'use-intl';
import type { JobView } from '#domain/jobs/view.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Tabs } from '#components/ui/tabs.tsx';
import { RelativeTime, Time } from '#components/ui/time.tsx';
import { JobDependencies } from '#components/dependencies/job-dependencies.tsx';
import { JobState } from '#components/jobs/job-state.tsx';
import { DurationsTab } from '#components/jobs/page/durations-tab.tsx';
import { JobActions } from '#components/jobs/page/job-actions.tsx';
import { Overview } from '#components/jobs/page/overview.tsx';
import { RunsTab } from '#components/jobs/page/runs-tab.tsx';
import { VersionsTab } from '#components/jobs/page/versions-tab.tsx';
import { ScheduleWords } from '#components/jobs/schedule-words.tsx';
import { fetchJob, jobHref, jobKeys, readAgain } from '#components/jobs/queries.ts';

const tabs = ['overview', 'runs', 'durations', 'dependencies', 'versions'] as const;

/** One job: where it stands, when it runs next, its runs, durations and versions. */
export function JobPage({ scope, jobId }: { readonly scope: string; readonly jobId: string }) {
  const t = useTranslations('jobs.page');
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(tabs).withDefault('overview'));
  const query = useQuery({
    queryKey: jobKeys.one(scope, jobId),
    queryFn: ({ signal }) => fetchJob(scope, jobId, signal),
    refetchInterval: ({ state }) => readAgain(state.data === undefined ? undefined : [state.data]),
  });
  const job = query.data;
  if (job === undefined) {
    return query.isError ? (
      <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
    ) : null;
  }
  return (
    <>
      <PageHeader
        parent={
          <Link href={jobHref.list(scope)} className="hover:underline">
            {t('parent')}
          </Link>
        }
        title={
          <>
            <span className="min-w-0 break-all">{job.job_id}</span>
            <span className="text-sm font-normal tracking-normal">
              <JobState job={job} />
            </span>
          </>
        }
        description={<Standing job={job} />}
        actions={<JobActions job={job} />}
      />
      <Tabs
        label={t('tabs')}
        value={tab}
        onChange={(next) => void setTab(next)}
        tabs={[
          { value: 'overview', label: t('overview'), content: <Overview job={job} /> },
          { value: 'runs', label: t('runs'), content: <RunsTab job={job} /> },
          { value: 'durations', label: t('durations'), content: <DurationsTab job={job} /> },
          {
            value: 'dependencies',
            label: t('dependencies'),
            content: <JobDependencies scope={scope} jobId={job.job_id} />,
          },
          { value: 'versions', label: t('versions'), content: <VersionsTab job={job} /> },
        ]}
      />
    </>
  );
}

function Standing({ job }: { readonly job: JobView }) {
  const t = useTranslations('jobs.page');
  return (
    <>
      {job.description === '' ? null : <p className="max-w-prose">{job.description}</p>}
      <p className="mt-1 flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
        <ScheduleWords job={job} className="font-medium text-ink" />
        {job.next_due_at === null ? (
          <span className="text-ink-3">
            {t(job.enabled ? `no_next_${job.schedule_kind}` : 'no_next_paused')}
          </span>
        ) : (
          <span>
            {t('next')}{' '}
            <RelativeTime at={job.next_due_at} zone={job.time_zone} className="font-medium text-ink" />
            <span className="ml-1.5 text-ink-3">
              <Time at={job.next_due_at} zone={job.time_zone} />
            </span>
          </span>
        )}
      </p>
    </>
  );
}
