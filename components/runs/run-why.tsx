'use client';

import { useTranslations } from 'use-intl';
import type { RunDetail } from '#domain/runs/view.ts';
import { Reason } from '#components/i18n/reason.tsx';
import { cn } from '#components/ui/cn.ts';
import { Progress } from '#components/ui/progress.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import { formatTime } from '#components/ui/time-format.ts';
import { CauseLink } from '#components/runs/run-words.tsx';

const edges: Record<RunDetail['state'], string> = {
  waiting: 'border-l-waiting',
  ready: 'border-l-waiting',
  dispatched: 'border-l-waiting',
  running: 'border-l-running',
  succeeded: 'border-l-succeeded',
  failed: 'border-l-failed',
  cancelled: 'border-l-cancelled',
  skipped: 'border-l-skipped',
  quarantined: 'border-l-quarantined',
};

interface RunWhyProps {
  readonly scope: string;
  readonly run: RunDetail;
  readonly zone: string;
}

/** The sentence a person comes for: why the run is where it is, since when, and how far it has come. */
export function RunWhy({ scope, run, zone }: RunWhyProps) {
  const t = useTranslations('runs.why');
  const since = run.history.at(-1)?.at;
  const retryBorder = run.status === 'retrying' ? 'border-l-retrying' : edges[run.state];
  return (
    <section
      aria-label={t('label')}
      className={cn(
        'flex flex-col gap-2 rounded-md border border-l-3 border-hairline bg-surface px-3.5 py-2.5',
        retryBorder,
      )}
    >
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <p className="min-w-0 text-md font-medium [overflow-wrap:anywhere]">
          <Reason code={run.reason.code} params={run.reason.params} />
        </p>
        <CauseLink scope={scope} run={run} reason={run.reason} />
        {since === undefined ? null : (
          <RelativeTime at={since} zone={zone} className="text-xs text-ink-3 md:ml-auto" />
        )}
      </div>
      {run.state === 'running' && run.cancel_requested_at !== null ? (
        <p className="text-sm text-warning">
          {t('cancel_asked', { time: formatTime(new Date(run.cancel_requested_at), zone, 'time') })}
        </p>
      ) : null}
      {run.state === 'running' && run.progress !== null ? <RunProgress progress={run.progress} /> : null}
    </section>
  );
}

function RunProgress({ progress }: { readonly progress: NonNullable<RunDetail['progress']> }) {
  const t = useTranslations('runs.progress');
  const { done, total } = progress;
  const share = total === null || total <= 0 ? null : done / total;
  return (
    <div className="flex flex-col gap-1">
      <div className="flex gap-3 text-xs text-ink-2">
        <span className="min-w-0 flex-1 truncate">{progress.text}</span>
        <span className="tabular-nums">
          {total === null ? t('done', { done }) : t('of', { done, total })}
        </span>
        {share === null ? null : (
          <span className="w-9 text-right font-medium text-ink tabular-nums">{Math.floor(share * 100)}%</span>
        )}
      </div>
      <Progress value={share} label={progress.text ?? t('label')} />
    </div>
  );
}
