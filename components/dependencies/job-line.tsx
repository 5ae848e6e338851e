'use client';

import { useTranslations } from 'use-intl';
import type { GraphJob } from '#domain/dependencies/view.ts';
import { useReason } from '#components/i18n/reason.tsx';
import { Duration, Elapsed, Time } from '#components/ui/time.tsx';

/** Why a job has not run, or when it runs or ran: the most useful thing in one line. */
export function JobLine({ job, today }: { readonly job: GraphJob; readonly today: boolean }) {
  const t = useTranslations('dependencies.line');
  const reason = useReason();
  const { run } = job;
  if (job.blocked_by.length > 0) return <>{t('waits_for', { jobs: job.blocked_by.join(', ') })}</>;
  if (run !== null && (run.state === 'waiting' || run.state === 'ready' || run.state === 'dispatched'))
    return <>{reason(run.reason)}</>;
  if (run?.state === 'running' && run.started_at !== null)
    return (
      <>
        {t('since')} <Time at={run.started_at} bare style="time" />
      </>
    );
  if (today && job.next_due_at !== null && job.enabled)
    return (
      <>
        {t('next')} <Time at={job.next_due_at} bare />
      </>
    );
  if (run !== null && run.finished_at !== null)
    return (
      <>
        {t('ended')} <Time at={run.finished_at} bare style="time" />
      </>
    );
  return <>{t('none')}</>;
}

/** How long the day's latest run took or takes, beside the usual. */
export function JobDuration({ job }: { readonly job: GraphJob }) {
  const t = useTranslations('dependencies.line');
  const { run } = job;
  const started = run?.started_at ?? null;
  const own =
    run === null || started === null ? null : run.state === 'running' ? (
      <Elapsed from={started} />
    ) : run.finished_at === null ? null : (
      <Duration ms={Date.parse(run.finished_at) - Date.parse(started)} />
    );
  const mean = job.mean_duration_ms;
  return (
    // Where there is no room for both, the usual falls to a second line that is not seen.
    <span className="flex h-5 min-w-0 flex-wrap justify-end gap-x-1 overflow-hidden whitespace-nowrap tabular-nums">
      {own === null ? null : <span>{own}</span>}
      {mean === null ? null : (
        <span className="text-ink-3" title={t('mean')}>
          {'⌀ '}
          <Duration ms={mean} />
        </span>
      )}
    </span>
  );
}
