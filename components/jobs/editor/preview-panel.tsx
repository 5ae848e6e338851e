'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { PreviewView } from '#domain/jobs/view.ts';
import { candleField, scheduleIssues, sessionField } from '#domain/jobs/schedule-fields.ts';
import { readWindow } from '#domain/time/bounds.ts';
import { cronIssue } from '#domain/time/cron.ts';
import { scheduleOf } from '#domain/time/schedule.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { cn } from '#components/ui/cn.ts';
import { FireList } from '#components/jobs/fire-list.tsx';
import { useScheduleWords } from '#components/jobs/schedule-words.tsx';
import { useDebounced } from '#components/jobs/use-debounced.ts';
import { scheduleOfValues } from '#components/jobs/editor/values.ts';
import type { EditorValues } from '#components/jobs/editor/values.ts';
import { fetchPreview, jobKeys } from '#components/jobs/queries.ts';
import type { SchedulePart } from '#components/jobs/queries.ts';

const fires = 10;

function canFire(schedule: SchedulePart): boolean {
  if (schedule.reschedule_mode === 'queue' || scheduleIssues(schedule).length > 0) return false;
  if (schedule.window !== null && readWindow(schedule.window) === null) return false;
  if (schedule.cron_expr !== null) return schedule.cron_expr !== '' && cronIssue(schedule.cron_expr) === null;
  if (schedule.candle !== null) return candleField.safeParse(schedule.candle).success;
  if (schedule.session !== null) return sessionField.safeParse(schedule.session).success;
  return (
    schedule.interval_seconds !== null &&
    Number.isInteger(schedule.interval_seconds) &&
    schedule.interval_seconds > 0
  );
}

/** The schedule being edited in words, and its next fires. While it cannot be read, the last ones stay, dimmed. */
export function PreviewPanel({ scope, values }: { readonly scope: string; readonly values: EditorValues }) {
  const t = useTranslations('jobs.preview');
  const problemText = useProblemText();
  const words = useScheduleWords();
  const schedule = scheduleOfValues(values);
  const settled = useDebounced(JSON.stringify(schedule), 200);
  const ready = canFire(schedule);
  const query = useQuery({
    queryKey: jobKeys.preview(scope, settled),
    queryFn: ({ signal }) => fetchPreview(scope, schedule, fires, signal),
    enabled: ready && settled === JSON.stringify(schedule),
    staleTime: 30_000,
  });
  const [last, setLast] = useState<PreviewView | null>(null);
  if (query.data !== undefined && !query.isPlaceholderData && query.data !== last) setLast(query.data);

  const title = t(values.schedule === 'service' ? 'title_service' : 'title');
  const timed = values.schedule !== 'queue' && values.schedule !== 'none';
  const shown = timed ? last : null;
  const sentence =
    ready || !timed ? words(scheduleOf({ ...schedule, schedule_anchor: new Date(0) }, null)) : t('not_yet');
  return (
    <aside
      aria-label={title}
      className="self-start xl:min-h-64 rounded-lg border border-hairline bg-surface p-3"
    >
      <h3 className="text-2xs font-medium text-ink-3">{title}</h3>
      <p aria-live="polite" className="mt-0.5 min-h-5 text-sm font-medium">
        {sentence}
      </p>
      {timed ? null : (
        <p className="mt-2 text-xs text-ink-2">
          {t(values.schedule === 'queue' ? 'queue_text' : 'none_text')}
        </p>
      )}
      {query.isError && ready ? <p className="mt-2 text-xs text-danger">{problemText(query.error)}</p> : null}
      {shown === null ? null : (
        <div className={cn('mt-2 transition-opacity', (!ready || query.isFetching) && 'opacity-50')}>
          <FireList preview={shown} zone={values.time_zone} />
        </div>
      )}
    </aside>
  );
}
