'use client';

import { useTranslations } from 'use-intl';
import { cn } from '#components/ui/cn.ts';

interface SparklineProps {
  /** Oldest first; null leaves a gap. */
  readonly values: readonly (number | null)[];
  /** Writes a value for the description, e.g. as a duration. */
  readonly format: (value: number) => string;
  readonly width?: number;
  readonly height?: number;
  /** Marks values (by index) that failed. */
  readonly failed?: ReadonlySet<number>;
  readonly className?: string;
}

/** The shape of the last values as small bars from zero; described in words for those who do not see it. */
export function Sparkline({ values, format, width = 80, height = 20, failed, className }: SparklineProps) {
  const t = useTranslations('common');
  const known = values.filter((value) => value !== null);
  const last = known.at(-1);
  if (last === undefined) return <span className={cn('text-ink-3', className)}>–</span>;
  const top = Math.max(...known, Number.EPSILON);
  const slot = width / values.length;
  const label = t('trend', {
    count: known.length,
    min: format(Math.min(...known)),
    max: format(top),
    last: format(last),
  });
  return (
    <svg
      role="img"
      aria-label={label}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className={cn('block shrink-0', className)}
    >
      <title>{label}</title>
      {values.map((value, index) => {
        if (value === null) return null;
        const tall = Math.max(2, (value / top) * (height - 1));
        const bad = failed?.has(index) === true;
        return (
          <rect
            key={index}
            x={index * slot + 0.5}
            y={height - tall}
            width={Math.max(1, Math.min(slot - 1, 6))}
            height={tall}
            rx={0.5}
            className={
              bad
                ? 'fill-failed'
                : index === values.length - 1
                  ? 'fill-ink-2'
                  : 'fill-control-border opacity-60'
            }
          />
        );
      })}
    </svg>
  );
}
