'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import type { ReactNode } from 'react';
import type { JobField } from '#domain/jobs/definition.ts';
import type { JobView } from '#domain/jobs/view.ts';
import { Reason } from '#components/i18n/reason.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Time } from '#components/ui/time.tsx';
import { ServiceLine } from '#components/runs/service-line.tsx';
import { FireList } from '#components/jobs/fire-list.tsx';
import { useFieldLabel } from '#components/jobs/field-label.ts';
import { useFieldValue } from '#components/jobs/field-value.tsx';
import { fetchJobPreview, jobHref, jobKeys } from '#components/jobs/queries.ts';

/** What happens now and next, what went wrong last, and how the job is defined. */
export function Overview({ job }: { readonly job: JobView }) {
  const t = useTranslations('jobs.page');
  return (
    <div className="grid gap-x-10 gap-y-8 xl:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="flex min-w-0 flex-col gap-8">
        {job.open_runs.length === 0 ? null : <OpenRuns job={job} />}
        {job.last_error === null ? null : (
          <Block title={t('last_error')}>
            <CodeBlock
              code={job.last_error}
              label={t('last_error')}
              wrap
              className="border-danger/40 bg-danger-tint"
            />
          </Block>
        )}
        <Facts job={job} />
      </div>
      <NextFires job={job} />
    </div>
  );
}

function Block({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h2 className="mb-2 text-sm font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function OpenRuns({ job }: { readonly job: JobView }) {
  const t = useTranslations('jobs.page');
  return (
    <Block title={t('open_runs')}>
      <ul className="divide-y divide-hairline border-y border-hairline">
        {job.open_runs.map((run) => (
          <li key={run.run_id} className="flex min-h-9 flex-wrap items-center gap-x-4 py-1">
            <Link
              href={jobHref.run(job.scope, run.run_id)}
              className="w-36 underline-offset-2 hover:underline"
            >
              <StatusBadge status={run.state === 'running' ? 'running' : 'waiting'} state={run.state} />
            </Link>
            <span className="min-w-0 flex-1 text-ink-2">
              {run.service === null || run.state !== 'running' ? (
                <Reason code={run.reason.code} params={run.reason.params} />
              ) : (
                <ServiceLine service={run.service} running />
              )}
            </span>
          </li>
        ))}
      </ul>
    </Block>
  );
}

const facts: readonly JobField[] = [
  'task',
  'queue',
  'timeout_sec',
  'retry_limit',
  'retry_delay_sec',
  'retry_max_delay_sec',
  'overlap',
  'max_parallel',
  'misfire',
  'misfire_grace_sec',
  'priority',
  'resource_group',
  'locks',
  'lock_wait_sec',
  'lock_timeout_sec',
  'critical',
  'keep_runs',
  'telemetry_label',
];

/** What a service has no use for. */
const notOfServices: ReadonlySet<JobField> = new Set([
  'overlap',
  'max_parallel',
  'misfire',
  'misfire_grace_sec',
  'locks',
  'lock_wait_sec',
  'lock_timeout_sec',
]);

function Facts({ job }: { readonly job: JobView }) {
  const t = useTranslations('jobs.page');
  const label = useFieldLabel();
  const value = useFieldValue();
  return (
    <Block title={t('definition')}>
      <dl className="grid gap-x-8 sm:grid-cols-2">
        {job.cron_expr === null ? null : (
          <Fact
            label={label('cron_expr')}
            value={<code className="font-mono text-xs">{job.cron_expr}</code>}
          />
        )}
        {job.interval_seconds === null ? null : (
          <Fact label={label('interval_seconds')} value={value('interval_seconds', job.interval_seconds)} />
        )}
        <Fact label={label('time_zone')} value={job.time_zone} />
        {facts
          .filter((field) => job.mode !== 'service' || !notOfServices.has(field))
          .map((field) => (
            <Fact key={field} label={label(field)} value={value(field, job[field])} />
          ))}
        <Fact label={t('version')} value={job.version} />
        <Fact label={t('updated')} value={<Time at={job.updated_at} style="minute" />} />
      </dl>
      <h3 className="mt-5 mb-1.5 text-xs font-medium text-ink-2">{label('params')}</h3>
      <CodeBlock code={JSON.stringify(job.params, null, 2)} label={label('params')} wrap />
    </Block>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: ReactNode }) {
  return (
    <div className="flex min-h-8 items-baseline justify-between gap-4 border-b border-hairline py-1.5">
      <dt className="text-xs text-ink-3">{label}</dt>
      <dd className="min-w-0 text-right [overflow-wrap:anywhere]">{value}</dd>
    </div>
  );
}

function NextFires({ job }: { readonly job: JobView }) {
  const t = useTranslations('jobs.preview');
  const timed = job.schedule_kind !== 'queue' && job.schedule_kind !== 'none';
  const query = useQuery({
    queryKey: jobKeys.preview(job.scope, [job.job_id, job.version, job.next_due_at]),
    queryFn: ({ signal }) => fetchJobPreview(job.scope, job.job_id, 10, signal),
    enabled: timed,
  });
  return (
    <section className="self-start rounded-lg border border-hairline bg-surface p-3 max-xl:order-first">
      <h2 className="mb-2 text-sm font-semibold">
        {t(job.schedule_kind === 'service' ? 'title_service' : 'title')}
      </h2>
      {job.enabled ? null : <p className="mb-2 text-xs text-ink-2">{t('paused_text')}</p>}
      {!timed ? (
        <p className="text-xs text-ink-2">{t(job.schedule_kind === 'queue' ? 'queue_text' : 'none_text')}</p>
      ) : query.isError && query.data === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <div className="flex h-[16.5rem] flex-col gap-2.5 pt-6">
          {Array.from({ length: 10 }, (_, index) => (
            <Skeleton key={index} className="w-full" />
          ))}
        </div>
      ) : (
        <FireList preview={query.data} zone={job.time_zone} />
      )}
    </section>
  );
}
