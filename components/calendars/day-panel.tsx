'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import type { JobDay } from '#domain/time/calendar/counts.ts';
import type { CalendarDayView } from '#domain/time/calendar/view.ts';
import { type RunState, runState, shownStatus } from '#domain/runs/run.ts';
import { jobHref } from '#components/runs/run-words.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { StatusIcon } from '#components/ui/status-icon.tsx';
import { Time } from '#components/ui/time.tsx';
import { formatTime, wallTime } from '#components/ui/time-format.ts';
import { ExceptionDialog } from './exception-dialog.tsx';
import { type Counted, dayJobsQuery } from './queries.ts';

interface DayPanelProps {
  readonly scope: string;
  readonly calendar: string;
  readonly zone: string;
  readonly day: CalendarDayView;
  readonly counted: Counted;
}

/** A day in full: its session and where that comes from, its runs and planned fires by job, and how to change it. */
export function DayPanel({ scope, calendar, zone, day, counted }: DayPanelProps) {
  const t = useTranslations('calendars');
  const locale = useLocale();
  const mayEdit = useMay('calendars.edit');
  const [editing, setEditing] = useState(false);
  const name = day.name === null ? null : locale === 'ko' ? day.name.ko : day.name.en;
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(
    new Date(`${day.date}T00:00:00Z`),
  );
  return (
    <section aria-labelledby="calendar-day" className="flex min-w-0 flex-col gap-4">
      <header className="flex flex-col gap-1">
        <h2 id="calendar-day" className="flex flex-wrap items-baseline gap-x-2 text-md font-semibold">
          {day.date}
          <span className="text-sm font-normal text-ink-2">{weekday}</span>
        </h2>
        <p className="flex flex-wrap items-center gap-2 text-sm">
          <Badge tone={day.kind === 'open' ? 'ok' : 'neutral'}>
            {t(day.kind === 'open' ? 'open' : 'closed')}
          </Badge>
          {name}
        </p>
        <Source day={day} />
      </header>
      {day.kind === 'open' ? <Phases day={day} zone={zone} /> : null}
      {mayEdit ? (
        <div>
          <Button size="sm" onClick={() => setEditing(true)}>
            {t(day.exception === null ? 'change_day' : 'edit_exception')}
          </Button>
        </div>
      ) : null}
      <DayRuns scope={scope} date={day.date} zone={zone} counted={counted} />
      {editing ? (
        <ExceptionDialog
          scope={scope}
          calendar={calendar}
          zone={zone}
          day={day}
          onClose={() => setEditing(false)}
        />
      ) : null}
    </section>
  );
}

function Source({ day }: { readonly day: CalendarDayView }) {
  const t = useTranslations('calendars');
  return (
    <p className="text-xs text-ink-3">
      {t('from')} {t(`source.${day.source}`)}
      {day.projected ? ` · ${t('projected_hint')}` : ''}
      {day.entered === null ? null : (
        <>
          {' · '}
          {t('entered_by', { name: day.entered.by })} <Time at={day.entered.at} style="minute" />
        </>
      )}
    </p>
  );
}

function Phases({ day, zone }: { readonly day: CalendarDayView & { kind: 'open' }; readonly zone: string }) {
  const t = useTranslations('calendars');
  const time = (text: string) => formatTime(new Date(text), zone, 'time').slice(0, 5);
  return (
    <table className="w-full text-xs">
      <caption className="pb-1 text-left text-2xs font-medium text-ink-3">
        {t('session')} · {wallTime(new Date(day.open), zone).zone}
      </caption>
      <tbody>
        {day.phases.map((phase) => (
          <tr key={`${phase.name} ${phase.start}`} className="border-t border-hairline">
            <th scope="row" className="h-6 text-left font-normal">
              {t(`phases.${phase.name}`)}
            </th>
            <td className="text-right tabular-nums">
              {time(phase.start)} – {time(phase.end)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Jobs shown before the rest is asked for. */
const jobsShown = 12;

function DayRuns({
  scope,
  date,
  zone,
  counted,
}: {
  readonly scope: string;
  readonly date: string;
  readonly zone: string;
  readonly counted: Counted;
}) {
  const t = useTranslations('calendars');
  const query = useQuery(dayJobsQuery(scope, date, counted));
  const [all, setAll] = useState(false);
  if (query.data === undefined && query.isError)
    return <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />;
  const jobs = query.data?.date === date ? query.data.jobs : undefined;
  const [from, to] = [
    Date.parse(`${date}T00:00:00+09:00`),
    Date.parse(`${date}T00:00:00+09:00`) + 86_400_000,
  ];
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-baseline justify-between gap-2">
        <h3 className="text-2xs font-medium text-ink-3">{t('day_jobs')}</h3>
        <Link
          href={`/${scope}/timeline?from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`}
          className="touch inline-flex items-center text-xs text-accent underline underline-offset-2"
        >
          {t('to_timeline')}
        </Link>
      </div>
      {jobs === undefined ? (
        <div aria-busy className="flex flex-col gap-2">
          {Array.from({ length: 6 }, (_, index) => (
            <Skeleton key={index} className="w-full" />
          ))}
        </div>
      ) : jobs.length === 0 ? (
        <p className="text-sm text-ink-2">{t('day_empty')}</p>
      ) : (
        <ul>
          {(all ? jobs : jobs.slice(0, jobsShown)).map((job) => (
            <JobLine key={job.job_id} scope={scope} date={date} zone={zone} job={job} />
          ))}
        </ul>
      )}
      {jobs !== undefined && jobs.length > jobsShown && !all ? (
        <Button size="sm" onClick={() => setAll(true)}>
          {t('all_jobs', { count: jobs.length })}
        </Button>
      ) : null}
    </div>
  );
}

const iconOf = (state: RunState) => (state === 'quarantined' ? state : shownStatus(state, 0));

function JobLine({
  scope,
  date,
  zone,
  job,
}: {
  readonly scope: string;
  readonly date: string;
  readonly zone: string;
  readonly job: JobDay;
}) {
  const t = useTranslations('calendars');
  const status = useTranslations('status');
  const states = runState.options.filter((state) => (job.runs[state] ?? 0) > 0);
  const times = job.fires.map((at) => formatTime(new Date(at), zone, 'time').replace(/:00$/, ''));
  const rest = job.planned.count - times.length;
  return (
    <li className="flex flex-col gap-0.5 border-t border-hairline py-1.5 text-xs">
      <div className="flex min-w-0 items-center gap-2">
        <Link
          href={jobHref(scope, job.job_id)}
          className="min-w-0 flex-1 truncate hover:underline"
          title={job.description}
        >
          {job.job_id}
        </Link>
        {states.length === 0 ? null : (
          <Link
            href={`/${scope}/runs?job=${encodeURIComponent(job.job_id)}&day=${date}`}
            className="flex shrink-0 gap-2 tabular-nums hover:underline"
          >
            {states.map((state) => (
              <span key={state} title={status(state)} className="flex items-center gap-0.5">
                <StatusIcon status={iconOf(state)} className="size-3" />
                <span className="sr-only">{status(state)}</span>
                {job.runs[state]}
              </span>
            ))}
          </Link>
        )}
      </div>
      {times.length === 0 ? null : (
        <p className="text-2xs text-ink-3 tabular-nums">
          {t('planned_at')} {times.join(' · ')}
          {rest > 0 ? ` · ${t(job.planned.more ? 'rest_more' : 'rest', { count: rest })}` : ''}
        </p>
      )}
    </li>
  );
}
