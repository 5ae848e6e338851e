'use client';

import { useQuery } from '@tanstack/react-query';
import { Workflow } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import { blocksOf } from '#domain/dependencies/blocked.ts';
import { Reason } from '#components/i18n/reason.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { NeighbourList } from '#components/dependencies/neighbour-list.tsx';
import { graphHref, graphQuery } from '#components/dependencies/queries.ts';
import { StandingMark, standingOf } from '#components/dependencies/standing.tsx';
import { jobHref, runHref } from '#components/runs/run-words.tsx';

/** The jobs before and after one job: the rule between them, how each stands today, what waits and what is blocked. */
export function JobDependencies({ scope, jobId }: { readonly scope: string; readonly jobId: string }) {
  const t = useTranslations('dependencies.job');
  const query = useQuery(graphQuery(scope, null));
  const view = query.data;
  if (view === undefined)
    return query.isError ? (
      <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton className="h-40 w-full" />
    );
  const jobs = new Map(view.jobs.map((job): [string, typeof job] => [job.job_id, job]));
  const job = jobs.get(jobId);
  const blocks = blocksOf(view.jobs).get(jobId) ?? [];
  return (
    <div className="flex flex-col gap-6">
      {job === undefined ? null : (
        <section
          aria-labelledby="dependencies-now"
          className="flex flex-wrap items-start gap-x-6 gap-y-2 rounded-md border border-hairline bg-surface px-3.5 py-2.5"
        >
          <div className="min-w-0 flex-1 basis-80">
            <h2 id="dependencies-now" className="flex flex-wrap items-center gap-2 text-sm font-semibold">
              {t('now')}
              <StandingMark standing={standingOf(job)} className="text-sm" />
            </h2>
            <p className="mt-1 text-sm">
              {job.run?.state === 'waiting' ? (
                <>
                  <Reason code={job.run.reason.code} params={job.run.reason.params} />{' '}
                  <Link
                    href={runHref(scope, job.run.run_id)}
                    className="text-accent underline underline-offset-2"
                  >
                    {t('open_run')}
                  </Link>
                </>
              ) : job.blocked_by.length > 0 ? (
                t('now_blocked')
              ) : (
                t('now_free')
              )}
            </p>
            <JobLinks scope={scope} label={t('now_causes')} jobs={job.blocked_by} />
            <JobLinks scope={scope} label={t('now_blocks')} jobs={blocks} />
          </div>
          <Button asChild>
            <Link href={graphHref(scope, jobId)}>
              <Workflow aria-hidden />
              {t('open_graph')}
            </Link>
          </Button>
        </section>
      )}
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-2">
        <NeighbourList
          scope={scope}
          title={t('upstreams')}
          empty={t('no_upstreams')}
          side="upstream"
          edges={view.edges.filter((edge) => edge.downstream === jobId)}
          jobs={jobs}
          full
        />
        <NeighbourList
          scope={scope}
          title={t('downstreams')}
          empty={t('no_downstreams')}
          side="downstream"
          edges={view.edges.filter((edge) => edge.upstream === jobId)}
          jobs={jobs}
          full
        />
      </div>
    </div>
  );
}

function JobLinks({
  scope,
  label,
  jobs,
}: {
  readonly scope: string;
  readonly label: string;
  readonly jobs: readonly string[];
}) {
  if (jobs.length === 0) return null;
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-3 text-sm">
      <span className="text-ink-3">{label}</span>
      {jobs.map((id) => (
        <Link
          key={id}
          href={jobHref(scope, id)}
          className="inline-flex min-h-6 items-center text-accent underline underline-offset-2 max-md:min-h-11"
        >
          {id}
        </Link>
      ))}
    </p>
  );
}
