'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { CalendarCounts } from '#domain/time/calendar/counts.ts';
import type { CalendarDayView, CalendarView } from '#domain/time/calendar/view.ts';
import { JobPicker } from '#components/jobs/job-picker.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Select } from '#components/ui/select.tsx';
import { CalendarDialog } from './calendar-dialog.tsx';
import { DayPanel } from './day-panel.tsx';
import { MonthGrid } from './month-grid.tsx';
import { type Counted, calendarsQuery, countsQuery, yearQuery } from './queries.ts';
import { type CalendarUrl, calendarParsers, shownOf } from './url.ts';
import { YearStrip } from './year-strip.tsx';

interface CalendarPageProps {
  readonly scope: string;
  /** The calendar's trading day when the page was made: what is shown without a date in the URL. */
  readonly today: string;
}

/** A month of a calendar with what ran and what is planned on each day; the URL holds all of it. */
export function CalendarPage({ scope, today }: CalendarPageProps) {
  const t = useTranslations('calendars');
  const [url, setUrl] = useQueryStates(calendarParsers, { history: 'replace', clearOnDefault: true });
  const { month, day } = shownOf(url, today);
  const counted: Counted = { calendar: url.calendar, of: url.of, job: url.job };
  const list = useQuery(calendarsQuery(scope));
  const year = useQuery(yearQuery(scope, url.calendar, month.slice(0, 4)));
  const counts = useQuery(countsQuery(scope, month, counted));
  const days = useMemo(() => year.data?.items ?? [], [year.data]);
  const byDate = useMemo(() => new Map(days.map((each) => [each.date, each])), [days]);
  const countsByDate = useMemo(
    () => new Map((counts.data?.items ?? []).map((each) => [each.date, each])),
    [counts.data],
  );
  const shown = list.data?.calendars.find(({ id }) => id === url.calendar) ?? null;
  const chosen = byDate.get(day);
  const choose = (next: string) => void setUrl({ day: next, month: null });
  const zone = shown?.time_zone ?? 'Asia/Seoul';

  return (
    <>
      <PageHeader
        title={t('title')}
        description={<Summary month={month} days={days} counts={counts.data} />}
        actions={<OwnCalendars scope={scope} shown={shown} onShow={(id) => void setUrl({ calendar: id })} />}
      />
      <Filters
        scope={scope}
        url={url}
        calendars={list.data?.calendars ?? []}
        onChange={(next) => void setUrl(next)}
      />
      {year.isError && year.data === undefined ? (
        <EmptyState kind="failed" error={year.error} onRetry={() => void year.refetch()} />
      ) : (
        <>
          <YearStrip month={month} days={days} onDay={choose} />
          <div className="grid grid-cols-[minmax(0,1fr)_21rem] gap-6 max-lg:grid-cols-1">
            <div>
              <MonthGrid
                month={month}
                day={day}
                today={counts.data?.today ?? today}
                zone={zone}
                days={byDate}
                counts={countsByDate}
                onDay={choose}
              />
              <Legend />
              {counts.isError ? (
                <EmptyState kind="failed" error={counts.error} onRetry={() => void counts.refetch()} />
              ) : null}
            </div>
            {chosen === undefined ? (
              <div aria-busy className="min-h-96" />
            ) : (
              <DayPanel
                key={`${url.calendar} ${chosen.date}`}
                scope={scope}
                calendar={url.calendar}
                zone={zone}
                day={chosen}
                counted={counted}
              />
            )}
          </div>
        </>
      )}
    </>
  );
}

/** The month in numbers. */
function Summary({
  month,
  days,
  counts,
}: {
  readonly month: string;
  readonly days: readonly CalendarDayView[];
  readonly counts: CalendarCounts | undefined;
}) {
  const t = useTranslations('calendars');
  const open = days.filter((day) => day.kind === 'open' && day.date.startsWith(month)).length;
  const items = counts?.items.filter(({ date }) => date.startsWith(month)) ?? [];
  const runs = items.reduce((sum, day) => sum + day.total, 0);
  const planned = items.reduce((sum, day) => sum + day.planned.count, 0);
  const more = items.some((day) => day.planned.more);
  return (
    <span className="tabular-nums">
      {t('summary', { month, open, runs, planned })}
      {more ? ` ${t('summary_more')}` : ''}
    </span>
  );
}

function Filters({
  scope,
  url,
  calendars,
  onChange,
}: {
  readonly scope: string;
  readonly url: CalendarUrl;
  readonly calendars: readonly CalendarView[];
  readonly onChange: (next: Partial<CalendarUrl>) => void;
}) {
  const t = useTranslations('calendars');
  const ids = calendars.some(({ id }) => id === url.calendar)
    ? calendars.map(({ id }) => id)
    : [url.calendar, ...calendars.map(({ id }) => id)];
  return (
    <fieldset aria-label={t('filters')} className="flex min-w-0 flex-wrap items-center gap-2 pb-3">
      <Select
        aria-label={t('calendar')}
        value={url.calendar}
        onChange={(calendar: string) => onChange({ calendar })}
        options={ids.map((id) => ({
          value: id,
          label: id === 'XKRX' || id === 'CRYPTO' ? t(`builtin.${id}`) : id,
        }))}
        className="w-48 max-md:flex-1"
      />
      <Select
        aria-label={t('counted')}
        value={url.of}
        onChange={(of: CalendarUrl['of']) => onChange({ of, job: null })}
        options={(['all', 'calendar'] as const).map((value) => ({ value, label: t(`of.${value}`) }))}
        className="w-44 max-md:flex-1"
      />
      <JobPicker
        scope={scope}
        label={t('job')}
        placeholder={t('any_job')}
        value={url.job}
        onChange={(job) => onChange({ job })}
        className="w-56 max-md:w-full"
      />
    </fieldset>
  );
}

/** Making a calendar, and editing the one shown when it is the desk's own. */
function OwnCalendars({
  scope,
  shown,
  onShow,
}: {
  readonly scope: string;
  readonly shown: CalendarView | null;
  readonly onShow: (id: string | null) => void;
}) {
  const t = useTranslations('calendars.own');
  const mayEdit = useMay('calendars.edit');
  const [open, setOpen] = useState<'new' | 'edit' | null>(null);
  if (!mayEdit) return null;
  return (
    <>
      {shown !== null && !shown.builtin ? <Button onClick={() => setOpen('edit')}>{t('edit')}</Button> : null}
      <Button onClick={() => setOpen('new')}>
        <Plus aria-hidden />
        {t('new')}
      </Button>
      {open === null ? null : (
        <CalendarDialog
          scope={scope}
          calendar={open === 'edit' ? shown : null}
          onClose={(id) => {
            setOpen(null);
            if (id !== undefined) onShow(id);
          }}
        />
      )}
    </>
  );
}

function Legend() {
  const t = useTranslations('calendars');
  return <p className="pt-2 text-2xs text-ink-3">{t('legend')}</p>;
}
