'use client';

import Link from 'next/link';
import { useTranslations } from 'use-intl';
import type { BadgeStatus } from '#components/ui/status-icon.tsx';
import type { AttemptView, RunDetail } from '#domain/runs/view.ts';
import { Reason } from '#components/i18n/reason.tsx';
import { cn } from '#components/ui/cn.ts';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { StatusIcon, statusColour } from '#components/ui/status-icon.tsx';
import { Elapsed, Time } from '#components/ui/time.tsx';
import { ShortId, processHref } from '#components/runs/run-words.tsx';

const looks: Record<NonNullable<AttemptView['outcome']>, BadgeStatus> = {
  succeeded: 'succeeded',
  failed: 'failed',
  timed_out: 'failed',
  cancelled: 'cancelled',
  lost: 'failed',
  handed_back: 'retrying',
};

/** Every try of the run, newest first. */
export function RunAttempts({ run, zone }: { readonly run: RunDetail; readonly zone: string }) {
  const t = useTranslations('runs.attempts');
  if (run.attempts.length === 0) return <p className="py-6 text-center text-sm text-ink-2">{t('none')}</p>;
  return (
    <ol
      aria-label={t('caption')}
      className="flex flex-col divide-y divide-hairline rounded-lg border border-hairline bg-surface"
    >
      {run.attempts.toReversed().map((attempt) => (
        <Attempt key={attempt.attempt} attempt={attempt} run={run} zone={zone} />
      ))}
    </ol>
  );
}

function Attempt({
  attempt,
  run,
  zone,
}: {
  readonly attempt: AttemptView;
  readonly run: RunDetail;
  readonly zone: string;
}) {
  const t = useTranslations('runs.attempts');
  const status = attempt.outcome === null ? 'running' : looks[attempt.outcome];
  const edited = JSON.stringify(attempt.params) !== JSON.stringify(run.params);
  return (
    <li className="flex flex-col gap-2 px-3.5 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="font-medium">{t('number', { attempt: attempt.attempt })}</h2>
        <span className={cn('inline-flex items-center gap-1.5 font-medium', statusColour(status))}>
          <StatusIcon status={status} />
          {attempt.outcome === null ? t('running') : t(`outcome.${attempt.outcome}`)}
        </span>
        {attempt.exit_code === null ? null : (
          <span className="text-ink-2">
            {t('exit_code')} <span className="font-mono text-xs">{attempt.exit_code}</span>
          </span>
        )}
        <Elapsed from={attempt.started_at} to={attempt.ended_at} className="ml-auto font-medium" />
      </div>
      {attempt.reason === null ? null : (
        <p className="text-ink-2 [overflow-wrap:anywhere]">
          <Reason code={attempt.reason.code} params={attempt.reason.params} />
        </p>
      )}
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-xs [&_dt]:inline [&_dt]:text-ink-3 [&_dt]:after:content-['_'] [&_dd]:inline">
        <div>
          <dt>{t('started')}</dt>
          <dd>
            <Time at={attempt.started_at} zone={zone} style="full" />
          </dd>
        </div>
        {attempt.ended_at === null ? null : (
          <div>
            <dt>{t('ended')}</dt>
            <dd>
              <Time at={attempt.ended_at} zone={zone} style="full" />
            </dd>
          </div>
        )}
        <div>
          <dt>{t('host')}</dt>
          <dd>
            {attempt.host}
            {attempt.child_pid === null ? null : (
              <span className="ml-1.5 text-ink-2">{t('pid', { pid: String(attempt.child_pid) })}</span>
            )}
          </dd>
        </div>
        {attempt.process_id === null ? null : (
          <div>
            <dt>{t('process')}</dt>
            <dd>
              <Link href={processHref(attempt.process_id)} className="hover:underline">
                <ShortId id={attempt.process_id} />
              </Link>
            </dd>
          </div>
        )}
      </dl>
      {attempt.error === null ? null : (
        <CodeBlock code={attempt.error} label={t('error', { attempt: attempt.attempt })} wrap />
      )}
      {edited ? (
        <CodeBlock
          code={JSON.stringify(attempt.params, null, 2)}
          label={t('params', { attempt: attempt.attempt })}
          wrap
        />
      ) : null}
    </li>
  );
}
