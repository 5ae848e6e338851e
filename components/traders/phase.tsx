'use client';

import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { TraderPhase } from '#domain/traders/state.ts';
import { cn } from '#components/ui/cn.ts';

/** `OFF`: idle and not started, so that it looks for nothing. */
export type ShownPhase = TraderPhase | 'OFF';

export function shownPhase(phase: TraderPhase, started: boolean): ShownPhase {
  return phase === 'IDLE' && !started ? 'OFF' : phase;
}

/** Every shape differs, so that colour is never the only sign. */
const shapes: Readonly<Record<ShownPhase, ReactNode>> = {
  OFF: <path d="M5.5 4v8m5-8v8" strokeLinecap="round" />,
  IDLE: <circle cx="8" cy="8" r="5.25" />,
  SCANNING: (
    <>
      <circle cx="7" cy="7" r="4.25" />
      <path d="m10.3 10.3 3.4 3.4" strokeLinecap="round" />
    </>
  ),
  ENTERING: (
    <>
      <path d="M2 8h7.5M6.5 4.6 10 8l-3.5 3.4" strokeLinecap="round" strokeLinejoin="round" />
      <path d="M13.2 3v10" strokeLinecap="round" />
    </>
  ),
  HOLDING: <rect x="3" y="3" width="10" height="10" rx="1.5" fill="currentColor" stroke="none" />,
  EXITING: (
    <>
      <path d="M6.2 8h7.3m-3-3.4L14 8l-3.5 3.4" strokeLinecap="round" strokeLinejoin="round" />
      <path d="M2.8 3v10" strokeLinecap="round" />
    </>
  ),
  HALTED: (
    <>
      <path d="M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4z" fill="currentColor" stroke="none" />
      <path d="M5.2 8h5.6" stroke="var(--surface)" strokeLinecap="round" strokeWidth="1.8" />
    </>
  ),
};

const colours: Readonly<Record<ShownPhase, string>> = {
  OFF: 'text-ink-3',
  IDLE: 'text-waiting',
  SCANNING: 'text-running',
  ENTERING: 'text-accent',
  HOLDING: 'text-ok',
  EXITING: 'text-warning',
  HALTED: 'text-danger',
};

/** Custom property of each phase's colour, for charts. */
export const phaseColour: Readonly<Record<ShownPhase, string>> = {
  OFF: 'var(--ink-3)',
  IDLE: 'var(--status-waiting)',
  SCANNING: 'var(--status-running)',
  ENTERING: 'var(--accent)',
  HOLDING: 'var(--ok)',
  EXITING: 'var(--warning)',
  HALTED: 'var(--danger)',
};

interface PhaseProps {
  readonly phase: ShownPhase;
  readonly className?: string;
}

/** Shape and colour of a phase. Decorative: words stand beside it. */
export function PhaseIcon({ phase, className }: PhaseProps) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      className={cn('size-3.5 shrink-0', colours[phase], className)}
    >
      {shapes[phase]}
    </svg>
  );
}

/** What a trader is doing: shape, colour and word. */
export function PhaseBadge({ phase, className }: PhaseProps) {
  const t = useTranslations('traders.phase');
  return (
    <span className={cn('inline-flex items-center gap-1.5 align-middle whitespace-nowrap', className)}>
      <PhaseIcon phase={phase} />
      <span className={cn('font-medium', colours[phase])}>{t(phase)}</span>
    </span>
  );
}
