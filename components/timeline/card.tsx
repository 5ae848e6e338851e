'use client';

import { X } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl';
import type { Bar, JobRow, Mark } from '#domain/timeline/rows.ts';
import { useReason } from '#components/i18n/reason.tsx';
import { runHref } from '#components/runs/run-words.tsx';
import { Button } from '#components/ui/button.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Time, RelativeTime, useDurationText } from '#components/ui/time.tsx';
import { zone } from './url.ts';

export const isBar = (item: Bar | Mark): item is Bar => 'run' in item;

interface CardProps {
  readonly scope: string;
  readonly row: JobRow;
  readonly item: Bar | Mark;
  /** Of the scope, in Unix milliseconds. */
  readonly now: number;
  /** With it the card stays and has its links; without it is what the pointer is over. */
  readonly onClose?: () => void;
}

/** Where a card stands: beside a point of the window, kept inside it. */
export function cardPlace(x: number, y: number): { left: number; top?: number; bottom?: number } {
  const left = Math.max(8, Math.min(x + 14, window.innerWidth - 312));
  return y > window.innerHeight - 250 ? { left, bottom: window.innerHeight - y + 14 } : { left, top: y + 16 };
}

/** A run or planned fire in full: job, outcome, times, wait, duration, reason. */
export function Card({ scope, row, item, now, onClose }: CardProps) {
  const t = useTranslations('timeline');
  const common = useTranslations('common');
  return (
    <div className="flex w-72 flex-col gap-2 rounded-lg border border-border bg-raised p-3 text-xs shadow-pop max-md:w-full max-md:rounded-b-none">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <p className="truncate text-sm font-semibold">{row.job.job_id}</p>
          {row.job.description === '' ? null : <p className="truncate text-ink-3">{row.job.description}</p>}
        </div>
        {onClose === undefined ? null : (
          <Button variant="ghost" size="icon-sm" aria-label={common('close')} onClick={onClose}>
            <X aria-hidden />
          </Button>
        )}
      </div>
      {isBar(item) ? <RunFacts bar={item} now={now} /> : <PlanFacts mark={item} />}
      {onClose !== undefined && isBar(item) ? (
        <Button asChild>
          <Link href={runHref(scope, item.run.run_id)}>{t('open_run')}</Link>
        </Button>
      ) : null}
    </div>
  );
}

function RunFacts({ bar, now }: { readonly bar: Bar; readonly now: number }) {
  const t = useTranslations('timeline.card');
  const runs = useTranslations('runs');
  const duration = useDurationText();
  const reason = useReason();
  const { run } = bar;
  const waited = bar.start === null && bar.end !== null ? null : (bar.start ?? now) - bar.queued;
  const took = bar.start === null ? null : (bar.end ?? now) - bar.start;
  return (
    <>
      <StatusBadge status={bar.outcome} state={run.state} />
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 *:odd:text-ink-3">
        <dt>{t('nominal')}</dt>
        <dd>
          <Time at={run.scheduled_for} zone={zone} style="full" />
        </dd>
        {waited === null ? null : (
          <>
            <dt>{t('waited')}</dt>
            <dd>{duration(Math.max(0, waited))}</dd>
          </>
        )}
        {took === null ? null : (
          <>
            <dt>{t(bar.end === null ? 'running_for' : 'took')}</dt>
            <dd>{duration(took)}</dd>
          </>
        )}
        {run.attempt > 1 ? (
          <>
            <dt>{t('attempts')}</dt>
            <dd>{run.attempt}</dd>
          </>
        ) : null}
        <dt>{t('trigger')}</dt>
        <dd>{runs(`trigger.${run.trigger_source}`)}</dd>
      </dl>
      <p className="border-t border-hairline pt-2 text-ink-2">{reason(run.reason)}</p>
    </>
  );
}

function PlanFacts({ mark }: { readonly mark: Mark }) {
  const t = useTranslations('timeline.card');
  const duration = useDurationText();
  if (mark.count === 1)
    return (
      <p className="flex flex-wrap gap-x-2">
        <span className="text-ink-3">{t('planned')}</span>
        <Time at={new Date(mark.from)} zone={zone} style="full" />
        <RelativeTime at={new Date(mark.from)} zone={zone} className="text-ink-3" />
      </p>
    );
  return (
    <>
      <p>{t(mark.more ? 'band_more' : 'band', { count: mark.count, every: duration(mark.everyMs) })}</p>
      <p className="flex flex-wrap gap-x-1 text-ink-2">
        <Time at={new Date(mark.from)} zone={zone} style="full" bare /> –
        <Time at={new Date(mark.to)} zone={zone} style="time" />
      </p>
    </>
  );
}
