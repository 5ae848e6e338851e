'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useCallback, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { dayOf } from '#domain/time/calendar/calendar.ts';
import { dayMs } from '#domain/time/calendar/day.ts';
import {
  type Outcome,
  type RowGroup,
  arrangeRows,
  busySpans,
  isActive,
  outcomes,
  timelineRows,
} from '#domain/timeline/rows.ts';
import { type Breaks, type Span, findBreaks } from '#domain/timeline/scale.ts';
import type { TimelineView } from '#domain/timeline/view.ts';
import { Button } from '#components/ui/button.tsx';
import { useNow } from '#components/ui/clock.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { StatusIcon } from '#components/ui/status-icon.tsx';
import { Time } from '#components/ui/time.tsx';
import { Chart } from './chart.tsx';
import { phasesOf, useScopeNow } from './day.ts';
import { Legend } from './legend.tsx';
import { timelineQuery } from './queries.ts';
import { TimelineTable } from './table.tsx';
import { Toolbar } from './toolbar.tsx';
import { daysOf, startOfDay, timelineParsers, todayView, viewOf, zone, zoneOffset } from './url.ts';
import { useMovingView } from './use-view.ts';

/** Stretches without anything are left out from this length on, with some air around what there is. */
const breakOptions = { longest: 45 * 60_000, margin: 6 * 60_000 };
const minute = 60_000;

const krx = builtinCalendar('XKRX');

/** The trading day before today, midnight to midnight; exceptions are known of the days that were read. */
function previousDay(view: TimelineView | undefined, now: number): Span | null {
  const today = startOfDay(now);
  const number = Math.floor((today + zoneOffset) / dayMs);
  for (let back = 1; back <= 30; back += 1) {
    const usual = dayOf(krx, number - back);
    const known = view?.days.find(({ date }) => date === usual.date);
    const from = today - back * dayMs;
    if ((known ?? usual).kind === 'open') return { from, to: from + dayMs };
  }
  return null;
}

interface TimelinePageProps {
  readonly scope: string;
  /** The scope's time when the page was made, ISO: what "today" is until the browser knows. */
  readonly asOf: string;
}

/** A day's runs and planned fires on one axis of time; the URL holds the range and the filters. */
export function TimelinePage({ scope, asOf }: TimelinePageProps) {
  const t = useTranslations('timeline');
  const [url, setUrl] = useQueryStates(timelineParsers, { history: 'replace', clearOnDefault: true });
  const made = Date.parse(asOf);
  // "Today" moves by the half hour; the days that are read follow the view.
  const clock = useNow()?.getTime() ?? made;
  const half = Math.floor(clock / (30 * minute));
  const committed = useMemo(
    () => viewOf({ from: url.from, to: url.to }, half * 30 * minute),
    [url.from, url.to, half],
  );
  const commit = useCallback(
    (view: Span, history: 'push' | 'replace') =>
      void setUrl({ from: new Date(Math.round(view.from)), to: new Date(Math.round(view.to)) }, { history }),
    [setUrl],
  );
  const moving = useMovingView(committed, commit);
  const days = useMemo(() => daysOf(committed), [committed]);
  const query = useQuery(timelineQuery(scope, days));
  const now = useScopeNow(query.data?.now, query.dataUpdatedAt, made);
  const { rows, groups, breaks, groupNames, idle } = useShown(
    query.data,
    url,
    days,
    Math.floor(now / minute),
  );
  const phases = useMemo(() => phasesOf(query.data), [query.data]);
  // Seconds matter only where one can see them.
  const span = moving.view.to - moving.view.from;
  const drawnNow = span > 2 * 3_600_000 ? Math.floor(now / 10_000) * 10_000 : now;
  const change = (next: Partial<typeof url>) => void setUrl(next);

  return (
    <>
      <PageHeader title={t('title')} description={<Summary groups={groups} view={committed} />} />
      <Toolbar
        url={url}
        onChange={change}
        groups={groupNames}
        moving={moving}
        breaks={breaks}
        now={now}
        previous={previousDay(query.data, now)}
      />
      {query.data?.runs_capped == null ? null : (
        <output className="mb-2 block rounded-md bg-warning-tint px-3 py-1.5 text-xs text-warning">
          {t('capped', { limit: query.data.runs_capped.limit })}{' '}
          <Time at={query.data.runs_capped.since} zone={zone} style="minute" />
        </output>
      )}
      <Body
        query={query}
        any={rows.length > 0}
        shown={groups.length > 0}
        scope={scope}
        onClear={() => change({ q: '', group: null, status: null, idle: true })}
      >
        {url.view === 'table' ? (
          <TimelineTable
            scope={scope}
            groups={groups}
            view={committed}
            now={Math.floor(now / minute) * minute}
          />
        ) : (
          <>
            <Chart
              scope={scope}
              groups={groups}
              moving={moving}
              home={todayView(half * 30 * minute)}
              breaks={breaks}
              phases={phases}
              now={drawnNow}
              outcome={url.status}
            />
            <Legend />
          </>
        )}
        {idle > 0 ? (
          <p className="pt-2 text-xs text-ink-3">
            {t('idle_count', { count: idle })}{' '}
            <button
              type="button"
              className="min-h-(--touch) text-accent underline underline-offset-2"
              onClick={() => change({ idle: true })}
            >
              {t('show_idle')}
            </button>
          </p>
        ) : null}
      </Body>
    </>
  );
}

/** The rows to show in their groups, and the stretches of the days without anything. */
function useShown(
  view: TimelineView | undefined,
  url: Pick<TimelineFilter, keyof TimelineFilter>,
  days: Span,
  nowMinute: number,
) {
  const now = nowMinute * minute;
  const rows = useMemo(() => (view === undefined ? [] : timelineRows(view)), [view]);
  const { q, group, status, sort, idle, gaps } = url;
  const shown = useMemo(() => {
    const active = idle ? rows : rows.filter((row) => isActive(row, days, now));
    const groups = arrangeRows(active, {
      text: q,
      group: group === '-' ? '' : group,
      outcome: status,
      sort,
    });
    const busy = busySpans(
      groups.flatMap((each) => each.rows),
      now,
    );
    const breaks: Breaks = gaps ? findBreaks([...busy, { from: now, to: now }], days, breakOptions) : [];
    return { groups, breaks, idle: idle ? 0 : rows.length - active.length };
  }, [rows, q, group, status, sort, idle, gaps, days, now]);
  const groupNames = useMemo(
    () => [...new Set(rows.map(({ job }) => job.resource_group ?? ''))].sort((a, b) => a.localeCompare(b)),
    [rows],
  );
  return { rows, groupNames, ...shown };
}

interface TimelineFilter {
  readonly q: string;
  readonly group: string | null;
  readonly status: Outcome | null;
  readonly sort: 'group' | 'first' | 'name';
  readonly gaps: boolean;
  readonly idle: boolean;
}

/** How many runs of each outcome the view touches, of the jobs that are shown. */
function Summary({ groups, view }: { readonly groups: readonly RowGroup[]; readonly view: Span }) {
  const t = useTranslations('timeline');
  const status = useTranslations('status');
  const rows = useMemo(() => groups.flatMap((group) => group.rows), [groups]);
  const counts = useMemo(() => {
    const sums = new Map<Outcome, number>();
    for (const { bars } of rows)
      for (const bar of bars) {
        const to = bar.end ?? Infinity;
        if (to >= view.from && bar.queued <= view.to) sums.set(bar.outcome, (sums.get(bar.outcome) ?? 0) + 1);
      }
    return sums;
  }, [rows, view]);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const planned = useMemo(
    () =>
      rows
        .flatMap(({ marks }) => marks)
        .filter(({ from, to }) => to >= view.from && from <= view.to)
        .reduce((sum, { count }) => sum + count, 0),
    [rows, view],
  );
  return (
    <ul className="flex min-h-5 flex-wrap gap-x-3 text-xs">
      <li className="font-medium">{t('runs_count', { count: total })}</li>
      {planned === 0 ? null : <li className="text-ink-2">{t('planned_count', { count: planned })}</li>}
      {outcomes.map((name) => {
        const count = counts.get(name) ?? 0;
        return count === 0 ? null : (
          <li key={name} className="flex items-center gap-1 tabular-nums">
            <StatusIcon status={name} className="size-3" />
            {status(name)} {count}
          </li>
        );
      })}
    </ul>
  );
}

interface BodyProps {
  readonly query: {
    readonly data: unknown;
    readonly isError: boolean;
    readonly error: unknown;
    refetch(): unknown;
  };
  readonly any: boolean;
  readonly shown: boolean;
  readonly scope: string;
  readonly onClear: () => void;
  readonly children: React.ReactNode;
}

/** The chart, or which kind of empty this is. */
function Body({ query, any, shown, scope, onClear, children }: BodyProps) {
  const t = useTranslations('timeline');
  if (query.data === undefined && query.isError)
    return <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined)
    return (
      <div aria-busy className="flex flex-col gap-3 pt-12">
        {Array.from({ length: 16 }, (_, index) => (
          <Skeleton key={index} className="w-full" />
        ))}
      </div>
    );
  if (!any)
    return (
      <EmptyState
        kind="nothing"
        text={t('empty_text')}
        action={
          <Button asChild>
            <Link href={`/${scope}/jobs`}>{t('to_jobs')}</Link>
          </Button>
        }
      />
    );
  return shown ? children : <EmptyState kind="filtered" onClear={onClear} />;
}
