'use client';

import { Progress as Base } from 'radix-ui';
import { cn } from '#components/ui/cn.ts';

interface ProgressProps {
  /** 0 to 1; null when how far is unknown. */
  readonly value: number | null;
  readonly label: string;
  readonly className?: string;
}

/** How far something has come. */
export function Progress({ value, label, className }: ProgressProps) {
  const percent = value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <Base.Root
      value={percent}
      aria-label={label}
      className={cn('h-1.5 w-full overflow-hidden rounded-full bg-hover', className)}
    >
      <Base.Indicator
        className={cn(
          'block h-full rounded-full bg-running',
          percent === null && 'w-full! animate-pulse-soft',
        )}
        style={{ width: `${percent ?? 100}%` }}
      />
    </Base.Root>
  );
}
