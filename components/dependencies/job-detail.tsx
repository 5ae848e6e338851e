'use client';

import { X } from 'lucide-react';
import Link from 'next/link';
import { useLocale, useTranslations } from 'use-intl';
import type { Edge } from '#domain/dependencies/edge.ts';
import type { GraphJob } from '#domain/dependencies/view.ts';
import { useReason } from '#components/i18n/reason.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { JobDuration } from '#components/dependencies/job-line.tsx';
import { failedRun } from '#components/dependencies/model.ts';
import { NeighbourList } from '#components/dependencies/neighbour-list.tsx';
import { Rerun } from '#components/dependencies/blockers-panel.tsx';
import { StandingMark, standingOf } from '#components/dependencies/standing.tsx';
import { jobHref, runHref } from '#components/runs/run-words.tsx';

interface JobDetailProps {
  readonly scope: string;
  readonly job: GraphJob;
  readonly jobs: ReadonlyMap<string, GraphJob>;
  readonly edges: readonly Edge[];
  readonly mayControl: boolean;
  readonly onClose: () => void;
}

/** The job that is looked at: how it stands and why, and the jobs on either side of it. */
export function JobDetail({ scope, job, jobs, edges, mayControl, onClose }: JobDetailProps) {
  const t = useTranslations('dependencies.detail');
  const locale = useLocale();
  const reason = useReason();
  const { run } = job;
  const failed = failedRun(job, [...jobs.values()]);
  return (
    <section aria-label={job.job_id} className="flex flex-col gap-3 border-b border-hairline pb-4">
      <header className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 text-sm font-semibold [overflow-wrap:anywhere]">
          <Link href={jobHref(scope, job.job_id)} className="hover:underline">
            {job.job_id}
          </Link>
        </h2>
        <IconButton label={t('close')} onClick={onClose}>
          <X aria-hidden />
        </IconButton>
      </header>
      <div className="text-sm text-ink-2">
        {job.description === '' ? null : <p>{job.description}</p>}
        <p className="text-ink-3">{locale === 'ko' ? job.schedule.ko : job.schedule.en}</p>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
        <StandingMark standing={standingOf(job)} />
        <JobDuration job={job} />
      </div>
      {run === null ? null : (
        <p className="text-sm">
          {reason(run.reason)}{' '}
          <Link href={runHref(scope, run.run_id)} className="text-accent underline underline-offset-2">
            {t('open_run')}
          </Link>
        </p>
      )}
      {job.blocked_by.length === 0 ? null : (
        <p className="rounded-md bg-warning-tint px-2.5 py-1.5 text-sm text-warning">
          {t('blocked_by', { jobs: job.blocked_by.join(', ') })}
        </p>
      )}
      {mayControl && failed !== null ? (
        <div>
          <Rerun scope={scope} job={job} runId={failed} />
        </div>
      ) : null}
      <NeighbourList
        scope={scope}
        title={t('upstreams')}
        empty={t('no_upstreams')}
        side="upstream"
        edges={edges.filter((edge) => edge.downstream === job.job_id)}
        jobs={jobs}
      />
      <NeighbourList
        scope={scope}
        title={t('downstreams')}
        empty={t('no_downstreams')}
        side="downstream"
        edges={edges.filter((edge) => edge.upstream === job.job_id)}
        jobs={jobs}
      />
    </section>
  );
}
