'use client';

import { CirclePause } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import type { JobView } from '#domain/jobs/view.ts';
import type { RunState } from '#domain/runs/run.ts';
import { useReason } from '#components/i18n/reason.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { jobHref } from '#components/jobs/queries.ts';

type OpenRun = JobView['open_runs'][number];

/** The open run to show first: one that runs, else one on its way, else one that waits. */
export function foremost(runs: readonly OpenRun[]): OpenRun | undefined {
  const order: readonly RunState[] = ['running', 'dispatched', 'ready', 'waiting'];
  return [...runs].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))[0];
}

/** Where a job stands: what runs now or why it waits, else how it last ended; paused jobs say so. */
export function JobState({
  job,
}: {
  readonly job: Pick<JobView, 'enabled' | 'scope' | 'last_status' | 'open_runs'>;
}) {
  const t = useTranslations('jobs.list');
  const reason = useReason();
  const open = foremost(job.open_runs);
  return (
    <span className="flex min-w-0 items-center gap-2">
      {job.enabled ? null : <PausedMark />}
      {open === undefined ? (
        <span>
          {job.last_status === null ? (
            <span className="text-ink-3">{job.enabled ? t('never_ran') : null}</span>
          ) : (
            <StatusBadge status={job.last_status} />
          )}
        </span>
      ) : (
        <Link
          href={jobHref.run(job.scope, open.run_id)}
          title={reason(open.reason)}
          className="flex min-w-0 items-center gap-1.5 underline-offset-2 hover:underline"
        >
          <StatusBadge status={open.state === 'running' ? 'running' : 'waiting'} state={open.state} />
          {job.open_runs.length > 1 ? (
            <span className="text-xs text-ink-3">{t('more_open', { count: job.open_runs.length - 1 })}</span>
          ) : null}
        </Link>
      )}
    </span>
  );
}

export function PausedMark() {
  const t = useTranslations('status');
  return (
    <span className="inline-flex items-center gap-1 font-medium whitespace-nowrap text-ink-2">
      <CirclePause aria-hidden className="size-3.5" />
      {t('paused')}
    </span>
  );
}
