'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useLocale, useTranslations } from 'use-intl';
import type { CalendarDayView } from '#domain/time/calendar/view.ts';
import { Badge } from '#components/ui/badge.tsx';
import { cn } from '#components/ui/cn.ts';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Select } from '#components/ui/select.tsx';
import { addMonths, years } from './url.ts';

interface YearStripProps {
  readonly month: string;
  readonly days: readonly CalendarDayView[];
  readonly onDay: (day: string) => void;
}

/** The year's months, each with how many days are open, and the way to other years. */
export function YearStrip({ month, days, onDay }: YearStripProps) {
  const t = useTranslations('calendars');
  const locale = useLocale();
  const monthName = new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' });
  const year = month.slice(0, 4);
  const projected = days.some((day) => day.projected);
  return (
    <nav aria-label={t('year_label')} className="flex flex-wrap items-center gap-2 pb-3">
      <div className="flex items-center gap-1">
        <IconButton
          label={t('month_before')}
          keys="PageUp"
          onClick={() => onDay(addMonths(`${month}-01`, -1))}
        >
          <ChevronLeft aria-hidden />
        </IconButton>
        <Select
          aria-label={t('year')}
          value={year}
          onChange={(next: string) => onDay(`${next}${month.slice(4)}-01`)}
          options={years.map((value) => ({
            value: String(value),
            label: t('year_of', { year: String(value) }),
          }))}
          className="w-28"
        />
        <IconButton
          label={t('month_after')}
          keys="PageDown"
          onClick={() => onDay(addMonths(`${month}-01`, 1))}
        >
          <ChevronRight aria-hidden />
        </IconButton>
      </div>
      <ol className="flex min-w-0 gap-0.5 max-md:w-full max-md:overflow-x-auto">
        {Array.from({ length: 12 }, (_, index) => {
          const key = `${year}-${String(index + 1).padStart(2, '0')}`;
          const open = days.filter((day) => day.kind === 'open' && day.date.startsWith(key)).length;
          const special = days.some((day) => day.date.startsWith(key) && day.source === 'exception');
          return (
            <li key={key}>
              <button
                type="button"
                aria-current={key === month ? 'date' : undefined}
                onClick={() => onDay(`${key}-01`)}
                className={cn(
                  'ring-inset-focus flex h-10 min-w-11 flex-col items-center justify-center rounded-md px-1 text-xs text-ink-2 hover:bg-hover max-md:h-11',
                  key === month && 'bg-accent-tint font-semibold text-accent',
                )}
              >
                {monthName.format(new Date(Date.UTC(2026, index, 1)))}
                <span className="text-2xs font-normal text-ink-3 tabular-nums">
                  {t('days_open', { count: open })}
                  {special ? <span title={t('has_exception')}> ✎</span> : null}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      {projected ? <Badge title={t('projected_hint')}>{t('projected')}</Badge> : null}
    </nav>
  );
}
