'use client';

import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { cn } from '#components/ui/cn.ts';
import type { SwitchState } from '#components/kill-switch/state.ts';

/** An octagon, as a stop sign; what stands in it tells the states apart without colour. */
const octagon = <path d="M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4z" strokeLinejoin="round" />;
const filled = <path d="M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4z" fill="currentColor" stroke="none" />;
const marks: Record<SwitchState, ReactNode> = {
  running: (
    <>
      {octagon}
      <path d="M6.6 5.4 10.4 8l-3.8 2.6z" fill="currentColor" stroke="none" />
    </>
  ),
  entries_stopped: (
    <>
      {octagon}
      <path d="M6.3 5.4v5.2m3.4-5.2v5.2" strokeLinecap="round" />
    </>
  ),
  stopped: (
    <>
      {filled}
      <path d="M5.5 8h5" stroke="var(--surface)" strokeWidth="2" strokeLinecap="round" />
    </>
  ),
  flattening: (
    <>
      {filled}
      <path d="M8 4.6v5m-2.2-1.9L8 9.9l2.2-2.2M5.6 11.8h4.8" stroke="var(--surface)" strokeLinecap="round" />
    </>
  ),
  flattened: (
    <>
      {filled}
      <path d="M5.2 6.6h5.6M5.2 9.4h5.6" stroke="var(--surface)" strokeLinecap="round" />
    </>
  ),
};

const tones: Record<SwitchState, string> = {
  running: 'text-ink-2',
  entries_stopped: 'text-warning',
  stopped: 'text-danger',
  flattening: 'text-danger',
  flattened: 'text-danger',
};

export function switchTone(state: SwitchState): string {
  return tones[state];
}

export function SwitchIcon({
  state,
  className,
}: {
  readonly state: SwitchState;
  readonly className?: string | undefined;
}) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      className={cn('size-4 shrink-0', tones[state], className)}
    >
      {marks[state]}
    </svg>
  );
}

/** How a switch stands: shape, colour and word. */
export function SwitchMark({
  state,
  className,
}: {
  readonly state: SwitchState;
  readonly className?: string | undefined;
}) {
  const t = useTranslations('kill_switch.state');
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1.5 font-medium whitespace-nowrap',
        tones[state],
        className,
      )}
    >
      <SwitchIcon state={state} className="size-3.5" />
      {t(state)}
    </span>
  );
}
