'use client';

import { ArrowRight } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { RunState } from '#domain/runs/run.ts';
import type { HistoryView, RunDetail } from '#domain/runs/view.ts';
import { Reason } from '#components/i18n/reason.tsx';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import type { BadgeStatus } from '#components/ui/status-icon.tsx';
import { Time } from '#components/ui/time.tsx';
import { formatTime } from '#components/ui/time-format.ts';
import { CauseLink } from '#components/runs/run-words.tsx';

const looks: Record<RunState, BadgeStatus> = {
  waiting: 'waiting',
  ready: 'waiting',
  dispatched: 'waiting',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
  quarantined: 'quarantined',
};

/** Scope time and wall time differ in a rehearsal; then both are written. */
const sameClockMs = 2_000;

interface RunHistoryProps {
  readonly scope: string;
  readonly run: RunDetail;
  readonly zone: string;
}

/** Every transition of the run, newest first: from, to, why and who. */
export function RunHistory({ scope, run, zone }: RunHistoryProps) {
  const t = useTranslations('runs.history');
  return (
    <ol
      aria-label={t('caption')}
      className="flex flex-col divide-y divide-hairline rounded-lg border border-hairline bg-surface"
    >
      {run.history.toReversed().map((move, index) => (
        <li
          key={run.history.length - index}
          className="grid grid-cols-[minmax(0,1fr)] gap-x-4 gap-y-0.5 px-3.5 py-2 md:grid-cols-[9.5rem_15rem_minmax(0,1fr)_auto] md:items-baseline"
        >
          <span className="text-ink-2 max-md:order-3 max-md:text-xs">
            <Time at={move.at} zone={zone} style="full" bare />
            {Math.abs(Date.parse(move.recorded_at) - Date.parse(move.at)) < sameClockMs ? null : (
              <span title={move.recorded_at} className="block text-xs text-ink-3">
                {t('wall', { time: formatTime(new Date(move.recorded_at), zone, 'full') })}
              </span>
            )}
          </span>
          <Change move={move} />
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <Reason code={move.reason.code} params={move.reason.params} />{' '}
            <CauseLink scope={scope} run={run} reason={move.reason} />
          </span>
          <span className="text-xs text-ink-3 max-md:order-4 md:text-right">
            <ActorName actor={move.actor} />
          </span>
        </li>
      ))}
    </ol>
  );
}

function Change({ move }: { readonly move: HistoryView }) {
  const t = useTranslations('runs.history');
  const status = useTranslations('status');
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap">
      <span className="text-xs text-ink-3">{move.from === null ? t('created') : status(move.from)}</span>
      <ArrowRight aria-hidden className="size-3 shrink-0 text-ink-3" />
      <StatusBadge status={looks[move.to]} state={move.to} />
    </span>
  );
}

function ActorName({ actor }: { readonly actor: string }) {
  const t = useTranslations('runs.history.actor_kind');
  const at = actor.indexOf(':');
  const kind = actor.slice(0, at);
  const name = actor.slice(at + 1);
  if (kind === 'user' || kind === 'key' || kind === 'process' || kind === 'listener')
    return t(kind, { name });
  if (actor === 'system:command line') return t('cli');
  return <span title={actor}>{kind === 'system' ? t('system') : actor}</span>;
}
