'use client';

import { useLocale, useTranslations } from 'use-intl';
import { useNow } from '#components/ui/clock.ts';
import { cn } from '#components/ui/cn.ts';
import { durationParts, formatTime, relativeStep, wallTime } from '#components/ui/time-format.ts';
import type { TimeStyle } from '#components/ui/time-format.ts';

interface TimeProps {
  /** An ISO instant or a Date. */
  readonly at: string | Date;
  /** IANA zone of the venue; its short name is written behind. */
  readonly zone?: string;
  readonly style?: TimeStyle;
  /** Leaves the zone out where a column's heading already says it. */
  readonly bare?: boolean;
  readonly className?: string;
}

/** An instant on the venue's wall; the ISO form appears on hover. */
export function Time({ at, zone = 'Asia/Seoul', style = 'auto', bare = false, className }: TimeProps) {
  const now = useNow(style === 'auto');
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) return <span className={className}>–</span>;
  return (
    <time
      dateTime={instant.toISOString()}
      title={instant.toISOString()}
      className={cn('whitespace-nowrap tabular-nums', className)}
    >
      {formatTime(instant, zone, style, now)}
      {bare ? null : <span className="ml-1 text-2xs text-ink-3">{wallTime(instant, zone).zone}</span>}
    </time>
  );
}

/** How long ago or how soon, ticking; the full instant appears on hover. The server renders the instant itself. */
export function RelativeTime({ at, zone = 'Asia/Seoul', className }: Omit<TimeProps, 'style' | 'bare'>) {
  const t = useTranslations('common.time');
  const locale = useLocale();
  const now = useNow();
  const instant = new Date(at);
  const wall = wallTime(instant, zone);
  const step = now === null ? null : relativeStep(instant.getTime() - now.getTime());
  const words =
    step === null
      ? t('now')
      : new Intl.RelativeTimeFormat(locale, { style: 'short' }).format(step.value, step.unit);
  return (
    <time
      dateTime={instant.toISOString()}
      title={`${wall.date} ${wall.time} ${wall.zone}`}
      className={cn('whitespace-nowrap tabular-nums', className)}
    >
      {now === null ? formatTime(instant, zone, 'auto') : words}
    </time>
  );
}

/** Writes a duration in the reader's language, in at most two units. */
export function useDurationText(): (ms: number) => string {
  const t = useTranslations('common.duration');
  return (ms) =>
    durationParts(ms)
      .map((part) => t(part.unit, { value: part.value }))
      .join(' ');
}

/** A duration in milliseconds; null (unknown) is a dash. */
export function Duration({ ms, className }: { readonly ms: number | null; readonly className?: string }) {
  const text = useDurationText();
  return (
    <span className={cn('whitespace-nowrap tabular-nums', className)}>{ms === null ? '–' : text(ms)}</span>
  );
}

/** The time since a start, ticking until it has ended. */
export function Elapsed({
  from,
  to,
  className,
}: {
  readonly from: string | Date;
  readonly to?: string | Date | null;
  readonly className?: string;
}) {
  const now = useNow(to === undefined || to === null);
  const end = to === undefined || to === null ? now : new Date(to);
  return (
    <Duration
      ms={end === null ? null : Math.max(0, end.getTime() - new Date(from).getTime())}
      {...(className === undefined ? {} : { className })}
    />
  );
}
