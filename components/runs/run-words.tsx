'use client';

import Link from 'next/link';
import { useTranslations } from 'use-intl';
import type { RunView } from '#domain/runs/view.ts';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Duration, Elapsed } from '#components/ui/time.tsx';

type Params = RunView['reason']['params'];

export const runHref = (scope: string, runId: string) => `/${scope}/runs/${runId}`;
export const jobHref = (scope: string, jobId: string) => `/${scope}/jobs/${jobId}`;
export const processHref = (processId: string) => `/engine#process-${processId}`;
export const roomHref = (scope: string, group: string) => `/engine#room-${scope}-${group}`;

/** The first eight digits of an id, the whole on hover. */
export function ShortId({ id }: { readonly id: string }) {
  return (
    <span title={id} className="font-mono text-xs whitespace-nowrap">
      {id.slice(0, 8)}
    </span>
  );
}

/** A run's status with its finer state, and whether it was asked to stop. */
export function RunStatus({
  run,
}: {
  readonly run: Pick<RunView, 'status' | 'state' | 'cancel_requested_at'>;
}) {
  const t = useTranslations('runs');
  const stopping = run.state === 'running' && run.cancel_requested_at !== null;
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <StatusBadge status={run.state === 'quarantined' ? 'quarantined' : run.status} state={run.state} />
      {stopping ? <span className="text-xs text-ink-3">{t('cancelling')}</span> : null}
    </span>
  );
}

/** How long the latest attempt took or has been running. */
export function RunDuration({
  run,
}: {
  readonly run: Pick<RunView, 'state' | 'started_at' | 'duration_ms'>;
}) {
  if (run.state === 'running' && run.started_at !== null) return <Elapsed from={run.started_at} />;
  return <Duration ms={run.duration_ms} />;
}

/** How long the run waited for its first attempt; a dash once there were several. */
export function RunWaited({
  run,
}: {
  readonly run: Pick<RunView, 'state' | 'attempt' | 'queued_at' | 'started_at' | 'finished_at'>;
}) {
  if (run.attempt > 1) return <Duration ms={null} />;
  if (run.started_at !== null) return <Elapsed from={run.queued_at} to={run.started_at} />;
  return run.finished_at === null ? <Elapsed from={run.queued_at} /> : <Duration ms={null} />;
}

function text(params: Params, name: string): string | null {
  const value = params[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Where the cause of a reason can be seen, when its parameters name one. */
function causeOf(
  scope: string,
  run: Pick<RunView, 'job_id' | 'run_id'>,
  reason: RunView['reason'],
): { href: string; key: 'open_engine' | 'open_process' | 'open_run' | 'open_job' } | null {
  const { code, params } = reason;
  const other = text(params, 'run_id') ?? text(params, 'run');
  if (other !== null && uuid.test(other) && other !== run.run_id)
    return { href: runHref(scope, other), key: 'open_run' };
  if (code === 'job_busy' || code === 'overlap')
    return { href: `/${scope}/runs?tab=open&job=${encodeURIComponent(run.job_id)}`, key: 'open_job' };
  if (code === 'room_full')
    return { href: roomHref(scope, text(params, 'group') ?? 'total'), key: 'open_engine' };
  const process = text(params, 'process');
  if (process !== null)
    return { href: uuid.test(process) ? processHref(process) : '/engine', key: 'open_process' };
  return null;
}

/** A link to what a reason speaks of; nothing when it speaks of nothing else. */
export function CauseLink({
  scope,
  run,
  reason,
}: {
  readonly scope: string;
  readonly run: Pick<RunView, 'job_id' | 'run_id'>;
  readonly reason: RunView['reason'];
}) {
  const t = useTranslations('runs.why');
  const cause = causeOf(scope, run, reason);
  if (cause === null) return null;
  return (
    <Link href={cause.href} className="whitespace-nowrap text-accent underline underline-offset-2">
      {t(cause.key)}
    </Link>
  );
}
