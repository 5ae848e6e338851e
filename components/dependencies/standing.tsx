'use client';

import { Circle, CirclePause, OctagonMinus } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { GraphJob } from '#domain/dependencies/view.ts';
import { shownStatus } from '#domain/runs/run.ts';
import { cn } from '#components/ui/cn.ts';
import { StatusIcon, statusColour, type BadgeStatus } from '#components/ui/status-icon.tsx';

/** How a job stands on a day: its latest run's status, or why it has none. */
export type Standing = BadgeStatus | 'blocked' | 'paused' | 'idle';

export function standingOf(job: Pick<GraphJob, 'run' | 'enabled' | 'blocked_by'>): Standing {
  const { run } = job;
  if (job.blocked_by.length > 0 && (run === null || run.state === 'waiting')) return 'blocked';
  if (run === null) return job.enabled ? 'idle' : 'paused';
  return run.state === 'quarantined' ? 'quarantined' : shownStatus(run.state, run.failures);
}

const own = { blocked: OctagonMinus, paused: CirclePause, idle: Circle };
const ownColours = { blocked: 'text-warning', paused: 'text-ink-2', idle: 'text-ink-3' };

function isOwn(standing: Standing): standing is keyof typeof own {
  return standing in own;
}

/** Decorative: words stand beside it, or the caller names it. */
export function StandingIcon({ standing }: { readonly standing: Standing }) {
  if (!isOwn(standing)) return <StatusIcon status={standing} />;
  const Icon = own[standing];
  return <Icon aria-hidden className={cn('size-3.5 shrink-0', ownColours[standing])} />;
}

export function standingColour(standing: Standing): string {
  return isOwn(standing) ? ownColours[standing] : statusColour(standing);
}

export function useStandingWord(): (standing: Standing) => string {
  const t = useTranslations('dependencies.standing');
  const status = useTranslations('status');
  return (standing) => (isOwn(standing) ? t(standing) : status(standing));
}

/** Shape, colour and word. */
export function StandingMark({
  standing,
  className,
}: {
  readonly standing: Standing;
  readonly className?: string;
}) {
  const word = useStandingWord();
  return (
    <span className={cn('inline-flex items-center gap-1.5 whitespace-nowrap', className)}>
      <StandingIcon standing={standing} />
      <span className={cn('font-medium', standingColour(standing))}>{word(standing)}</span>
    </span>
  );
}
