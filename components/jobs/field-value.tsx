'use client';

import { useTranslations } from 'use-intl';
import type { JobField } from '#domain/jobs/definition.ts';
import { useDurationText } from '#components/ui/time.tsx';
import { priorityNames } from '#components/jobs/priority-mark.tsx';

const secondsFields: ReadonlySet<JobField> = new Set([
  'timeout_sec',
  'retry_delay_sec',
  'retry_max_delay_sec',
  'misfire_grace_sec',
  'interval_seconds',
  'lock_wait_sec',
  'lock_timeout_sec',
]);

/** Writes a field's value for a person, with its unit. */
export function useFieldValue(): (field: JobField, value: unknown) => string {
  const t = useTranslations('jobs.how');
  const common = useTranslations('common');
  const duration = useDurationText();
  return (field, value) => {
    if (value === null || value === undefined || value === '') return common('not_set');
    if (typeof value === 'boolean') return common(value ? 'yes' : 'no');
    if (typeof value === 'number' && secondsFields.has(field)) return duration(value * 1_000);
    if (field === 'priority' && typeof value === 'number')
      return t(`priority_${priorityNames[value] ?? 'medium'}`);
    if (typeof value === 'number') return String(value);
    if (field === 'locks' && Array.isArray(value))
      return value.length === 0 ? common('none') : value.join(', ');
    if (typeof value !== 'string') return JSON.stringify(value, null, 2);
    const named = field === 'overlap' || field === 'misfire' ? `${field}_${value}` : null;
    return named !== null && t.has(named) ? t(named) : value;
  };
}
