import type { ReactNode } from 'react';
import type { ShownStatus } from '#domain/runs/run.ts';
import { cn } from '#components/ui/cn.ts';

/** What a run's status is drawn as; quarantine is a failure that waits for a person. */
export type BadgeStatus = ShownStatus | 'quarantined';

/** Every shape differs, so that colour is never the only sign. */
const shapes: Record<BadgeStatus, ReactNode> = {
  waiting: <circle cx="8" cy="8" r="5.25" strokeDasharray="2.2 2.2" />,
  running: (
    <>
      <circle cx="8" cy="8" r="5.25" opacity="0.35" />
      <path
        d="M8 2.75A5.25 5.25 0 0 1 13.25 8"
        strokeLinecap="round"
        className="origin-center animate-spin [animation-duration:1.4s]"
      />
    </>
  ),
  succeeded: (
    <>
      <circle cx="8" cy="8" r="6" fill="currentColor" stroke="none" />
      <path
        d="m5.4 8.2 1.8 1.8 3.4-3.8"
        stroke="var(--surface)"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  failed: (
    <>
      <path d="M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4z" fill="currentColor" stroke="none" />
      <path d="m6 6 4 4m0-4-4 4" stroke="var(--surface)" strokeLinecap="round" />
    </>
  ),
  retrying: (
    <>
      <path d="M12.9 9.4A5.1 5.1 0 1 1 12 4.8" strokeLinecap="round" />
      <path d="M12.6 1.9v3.2H9.4" strokeLinecap="round" strokeLinejoin="round" />
    </>
  ),
  cancelled: (
    <>
      <circle cx="8" cy="8" r="5.25" />
      <path d="m4.4 4.4 7.2 7.2" />
    </>
  ),
  skipped: <path d="m3.5 4.5 4 3.5-4 3.5zm5 0 4 3.5-4 3.5z" strokeLinejoin="round" />,
  quarantined: (
    <>
      <path d="M8 1.8 14.6 13.4H1.4z" fill="currentColor" stroke="none" strokeLinejoin="round" />
      <path d="M8 6v3.4m0 1.7v.5" stroke="var(--surface)" strokeLinecap="round" />
    </>
  ),
};

const colours: Record<BadgeStatus, string> = {
  waiting: 'text-waiting',
  running: 'text-running',
  succeeded: 'text-succeeded',
  failed: 'text-failed',
  retrying: 'text-retrying',
  cancelled: 'text-cancelled',
  skipped: 'text-skipped',
  quarantined: 'text-quarantined',
};

/** The shape and colour of a status. Decorative: words stand beside it, or the caller names it. */
export function StatusIcon({
  status,
  className,
}: {
  readonly status: BadgeStatus;
  readonly className?: string;
}) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      className={cn('size-3.5 shrink-0', colours[status], className)}
    >
      {shapes[status]}
    </svg>
  );
}

export function statusColour(status: BadgeStatus): string {
  return colours[status];
}
