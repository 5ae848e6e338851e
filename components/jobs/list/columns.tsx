'use client';

import { useMemo } from 'react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import type { JobListItem } from '#domain/jobs/view.ts';
import { Reason } from '#components/i18n/reason.tsx';
import { columnHelper } from '#components/ui/data-table.tsx';
import { Duration, RelativeTime, Time } from '#components/ui/time.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { JobState, foremost } from '#components/jobs/job-state.tsx';
import { JobMenu } from '#components/jobs/list/job-menu.tsx';
import { PriorityMark } from '#components/jobs/priority-mark.tsx';
import { RecentRuns } from '#components/jobs/recent-runs.tsx';
import { ScheduleWords } from '#components/jobs/schedule-words.tsx';
import { ServiceLine } from '#components/runs/service-line.tsx';
import { jobHref } from '#components/jobs/queries.ts';

const helper = columnHelper<JobListItem>();

/** An instant as a number that sorts; without one, last. */
function timeValue(at: string | null): number {
  return at === null ? Number.MAX_SAFE_INTEGER : Date.parse(at);
}

/** Failures first, then what runs, then the rest. */
function stateRank(job: JobListItem): number {
  if (job.last_status === 'failed') return 0;
  if (job.open_runs.length > 0) return 1;
  return job.enabled ? 2 : 3;
}

/** The columns of the jobs list, in the reader's language. */
export function useJobColumns() {
  const t = useTranslations('jobs.list');
  return useMemo(
    () =>
      helper.columns([
        helper.accessor(stateRank, {
          id: 'state',
          header: t('state'),
          sortFn: 'basic',
          cell: ({ row }) => <StateCell job={row.original} />,
          meta: {
            width: '10.5rem',
            className: 'max-w-42 max-md:order-2 max-md:col-span-2 max-md:max-w-none',
          },
        }),
        helper.accessor('job_id', {
          header: t('job'),
          sortFn: 'alphanumeric',
          cell: ({ row }) => <NameCell job={row.original} />,
          meta: {
            priority: 1,
            className: 'w-full max-w-0 min-w-40 max-md:order-1 max-md:max-w-none max-md:pr-20',
          },
        }),
        helper.display({
          id: 'schedule',
          header: t('schedule'),
          cell: ({ row }) => <ScheduleCell job={row.original} />,
          meta: {
            cardLabel: t('schedule'),
            width: '13rem',
            className: 'min-w-40 max-md:order-3 max-md:col-span-2',
          },
        }),
        helper.accessor((job) => timeValue(job.next_due_at), {
          id: 'next',
          header: t('next'),
          sortFn: 'basic',
          cell: ({ row }) => <NextCell job={row.original} />,
          meta: { cardLabel: t('next'), width: '10rem', className: 'max-md:order-4' },
        }),
        helper.accessor((job) => -timeValue(job.last_run_at), {
          id: 'last',
          header: t('last'),
          sortFn: 'basic',
          cell: ({ row }) => <LastCell job={row.original} />,
          meta: { cardLabel: t('last'), width: '9rem', className: 'max-md:order-5' },
        }),
        helper.display({
          id: 'recent',
          header: t('recent'),
          cell: ({ row }) => <RecentRuns runs={row.original.recent_runs} />,
          meta: { cardLabel: t('recent'), width: '7.5rem', className: 'max-md:order-6' },
        }),
        helper.accessor('priority', {
          header: t('priority'),
          sortFn: 'basic',
          cell: ({ row }) => <PriorityMark priority={row.original.priority} />,
          meta: { cardLabel: t('priority'), width: '4.5rem', className: 'max-md:order-7 max-lg:md:hidden' },
        }),
        helper.accessor((job) => job.resource_group ?? '', {
          id: 'group',
          header: t('group'),
          sortFn: 'alphanumeric',
          cell: ({ row }) => (
            <span className="text-xs whitespace-nowrap text-ink-2">{row.original.resource_group ?? '–'}</span>
          ),
          meta: { priority: 3, width: '6rem', className: 'max-xl:md:hidden' },
        }),
        helper.display({
          id: 'actions',
          header: () => <span className="sr-only">{t('actions')}</span>,
          cell: ({ row }) => <JobMenu job={row.original} />,
          meta: {
            width: '2.75rem',
            align: 'end',
            className: 'max-md:absolute max-md:top-0.5 max-md:right-9',
          },
        }),
      ]),
    [t],
  );
}

function StateCell({ job }: { readonly job: JobListItem }) {
  const open = foremost(job.open_runs);
  return (
    <div className="min-w-0">
      <JobState job={job} />
      {open === undefined || open.state === 'running' ? null : (
        <p className="truncate text-xs text-ink-3">
          <Reason code={open.reason.code} params={open.reason.params} />
        </p>
      )}
    </div>
  );
}

function ScheduleCell({ job }: { readonly job: JobListItem }) {
  const open = foremost(job.open_runs);
  return (
    <div className="min-w-0">
      <ScheduleWords job={job} className="line-clamp-2 text-ink-2" />
      {open?.service == null || open.state !== 'running' ? null : (
        <ServiceLine service={open.service} running short className="text-xs text-ink-3" />
      )}
    </div>
  );
}

function NameCell({ job }: { readonly job: JobListItem }) {
  return (
    <div className="min-w-0">
      <Link
        href={jobHref.one(job.scope, job.job_id)}
        className="block truncate font-medium underline-offset-2 hover:underline"
      >
        {job.job_id}
      </Link>
      {job.description === '' ? null : (
        <p className="truncate text-xs font-normal text-ink-3">{job.description}</p>
      )}
    </div>
  );
}

function NextCell({ job }: { readonly job: JobListItem }) {
  const t = useTranslations('jobs.list');
  if (job.next_due_at === null) {
    const queued = job.enabled && job.schedule_kind === 'queue' && job.open_runs.length > 0;
    return <span className="text-xs text-ink-3">{queued ? t('after_this_run') : '–'}</span>;
  }
  return (
    <div>
      <RelativeTime at={job.next_due_at} zone={job.time_zone} />
      <div className="text-xs text-ink-3">
        <Time at={job.next_due_at} zone={job.time_zone} />
      </div>
    </div>
  );
}

function LastCell({ job }: { readonly job: JobListItem }) {
  const last = job.recent_runs.at(-1);
  if (job.last_run_at === null) return <span className="text-ink-3">–</span>;
  return (
    <div>
      {job.open_runs.length > 0 && job.last_status !== null ? (
        <StatusBadge status={job.last_status} />
      ) : (
        <RelativeTime at={job.last_run_at} zone={job.time_zone} />
      )}
      <div className="flex gap-1.5 text-xs text-ink-3">
        {job.open_runs.length > 0 ? (
          <RelativeTime at={job.last_run_at} zone={job.time_zone} />
        ) : (
          <Time at={job.last_run_at} zone={job.time_zone} bare />
        )}
        {last?.duration_ms === undefined || last.duration_ms === null ? null : (
          <>
            <span aria-hidden>·</span>
            <Duration ms={last.duration_ms} />
          </>
        )}
      </div>
    </div>
  );
}
