'use client';

import { useLocale } from 'use-intl';
import type { Measure } from '#domain/performance/measure.ts';
import { useReason } from '#components/i18n/reason.tsx';
import { cn } from '#components/ui/cn.ts';
import { Money, Percent } from '#components/ui/money.tsx';

interface MeasureProps {
  readonly of: Measure;
  readonly as: 'percent' | 'ratio' | 'money';
  readonly signed?: boolean;
  /** Says below why there is no value; elsewhere it is said on hover and to screen readers. */
  readonly reason?: 'below';
  readonly places?: number;
  readonly className?: string;
}

/** A measure, or a dash with the reason in words. */
export function MeasureValue({ of, as, signed = false, reason, places = 2, className }: MeasureProps) {
  const words = useReason();
  const locale = useLocale();
  if (of.value === null) {
    const why = words({ code: of.reason });
    return (
      <span className={cn('text-ink-3', className)} title={why}>
        <span aria-hidden>–</span>
        <span className={reason === 'below' ? 'block text-2xs leading-4 font-normal' : 'sr-only'}>{why}</span>
      </span>
    );
  }
  if (as === 'percent')
    return <Percent value={of.value} signed={signed} places={places} className={className} />;
  if (as === 'money')
    return <Money value={String(Math.round(of.value))} signed={signed} className={className} />;
  return (
    <span className={cn('tabular-nums', className)}>
      {new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(of.value)}
    </span>
  );
}
