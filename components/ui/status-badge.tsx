'use client';

import { useTranslations } from 'use-intl';
import type { RunState } from '#domain/runs/run.ts';
import { cn } from '#components/ui/cn.ts';
import { StatusIcon, statusColour } from '#components/ui/status-icon.tsx';
import type { BadgeStatus } from '#components/ui/status-icon.tsx';

interface StatusBadgeProps {
  readonly status: BadgeStatus;
  /** The finer state (`ready`, `dispatched`), written beside it when it says more. */
  readonly state?: RunState;
  readonly className?: string;
}

/** A run's status: shape, colour and word. */
export function StatusBadge({ status, state, className }: StatusBadgeProps) {
  const t = useTranslations('status');
  const finer = state === 'ready' || state === 'dispatched' ? state : null;
  return (
    <span className={cn('inline-flex items-center gap-1.5 align-middle whitespace-nowrap', className)}>
      <StatusIcon status={status} />
      <span className={cn('font-medium', statusColour(status))}>{t(status)}</span>
      {finer === null ? null : <span className="text-xs text-ink-3">{t(finer)}</span>}
    </span>
  );
}
