'use client';

/* oxlint-disable jsx-a11y/no-noninteractive-element-to-interactive-role, jsx-a11y/no-noninteractive-element-interactions,
   jsx-a11y/control-has-associated-label --
   a grid: one place to tab to, gone through by arrows; cells of other months are empty. */

import { Clock, PencilLine } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import type { DayCounts } from '#domain/time/calendar/counts.ts';
import type { CalendarDayView } from '#domain/time/calendar/view.ts';
import { cn } from '#components/ui/cn.ts';
import { StatusIcon } from '#components/ui/status-icon.tsx';
import { formatTime } from '#components/ui/time-format.ts';
import { addDays, addMonths, weeksOf } from './url.ts';

interface MonthGridProps {
  readonly month: string;
  readonly day: string;
  readonly today: string | null;
  readonly zone: string;
  readonly days: ReadonlyMap<string, CalendarDayView>;
  readonly counts: ReadonlyMap<string, DayCounts>;
  readonly onDay: (day: string) => void;
}

/** Four steps of heat, by the share of the month's busiest day. */
const heats = ['', 'bg-accent/5', 'bg-accent/10', 'bg-accent/16', 'bg-accent/22'];

function heatOf(value: number, most: number): string {
  if (value === 0 || most === 0) return '';
  return heats[Math.max(1, Math.ceil((value / most) * 4))] ?? '';
}

const valueOf = (counts: DayCounts | undefined) => (counts?.total ?? 0) + (counts?.planned.count ?? 0);

/** A month by weeks from Monday; arrows go through the days, Page Up and Down through the months. */
export function MonthGrid({ month, day, today, zone, days, counts, onDay }: MonthGridProps) {
  const t = useTranslations('calendars');
  const locale = useLocale();
  const grid = useRef<HTMLTableElement>(null);
  const moved = useRef(false);
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    grid.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus();
  }, [day]);
  const most = Math.max(0, ...[...counts.values()].map(valueOf));
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  const steps: Readonly<Record<string, () => string>> = {
    ArrowLeft: () => addDays(day, -1),
    ArrowRight: () => addDays(day, 1),
    ArrowUp: () => addDays(day, -7),
    ArrowDown: () => addDays(day, 7),
    PageUp: () => addMonths(day, -1),
    PageDown: () => addMonths(day, 1),
    Home: () => `${month}-01`,
    End: () => addDays(addMonths(`${month}-01`, 1), -1),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    moved.current = true;
    onDay(step());
  };
  return (
    <table
      ref={grid}
      role="grid"
      aria-label={t('grid_label', { month })}
      className="w-full table-fixed border-collapse"
    >
      <thead>
        <tr>
          {Array.from({ length: 7 }, (_, index) => (
            <th
              key={index}
              scope="col"
              className={cn(
                'h-7 text-left text-2xs font-medium text-ink-3 md:px-2',
                index > 4 && 'text-ink-3',
              )}
            >
              {weekday.format(new Date(Date.UTC(2026, 10, 2 + index)))}
            </th>
          ))}
        </tr>
      </thead>
      <tbody onKeyDown={onKeyDown}>
        {weeksOf(month).map((week) => (
          <tr key={week.find((date) => date !== null) ?? ''}>
            {week.map((date, index) =>
              date === null ? (
                <td key={index} className="border border-hairline bg-sunken" />
              ) : (
                <Cell
                  key={date}
                  date={date}
                  zone={zone}
                  view={days.get(date)}
                  counts={counts.get(date)}
                  heat={heatOf(valueOf(counts.get(date)), most)}
                  isToday={date === today}
                  isChosen={date === day}
                  onDay={onDay}
                />
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CellProps {
  readonly date: string;
  readonly zone: string;
  readonly view: CalendarDayView | undefined;
  readonly counts: DayCounts | undefined;
  readonly heat: string;
  readonly isToday: boolean;
  readonly isChosen: boolean;
  readonly onDay: (day: string) => void;
}

/** A day: its number, why it is not an ordinary one, what ran, what failed, what is planned. */
function Cell({ date, zone, view, counts, heat, isToday, isChosen, onDay }: CellProps) {
  const t = useTranslations('calendars');
  const closed = view?.kind === 'closed';
  const failed = (counts?.runs.failed ?? 0) + (counts?.runs.quarantined ?? 0);
  const note = useNote(view, zone);
  const planned = counts?.planned.count ?? 0;
  const words = [
    date,
    closed ? t('closed') : t('open'),
    note ?? '',
    (counts?.total ?? 0) > 0 ? t('runs', { count: counts?.total ?? 0 }) : '',
    failed > 0 ? t('failed', { count: failed }) : '',
    planned > 0 ? t('planned', { count: planned }) : '',
    view?.source === 'exception' ? t('source.exception') : '',
  ];
  return (
    <td
      aria-selected={isChosen}
      className={cn(
        'h-24 border border-hairline p-0 align-top max-md:h-14',
        closed ? 'bg-sunken' : 'bg-surface',
      )}
    >
      <button
        type="button"
        data-day={date}
        tabIndex={isChosen ? 0 : -1}
        aria-current={isToday ? 'date' : undefined}
        aria-label={words.filter((word) => word !== '').join(', ')}
        onClick={() => onDay(date)}
        className={cn(
          'ring-inset-focus flex size-full flex-col gap-0.5 px-2 py-1 text-left hover:bg-hover max-md:items-center max-md:px-0.5',
          heat,
          isChosen && 'outline-2 -outline-offset-2 outline-accent',
        )}
      >
        <span className="flex w-full min-w-0 items-center gap-1 max-md:justify-center">
          <span
            className={cn(
              'text-xs tabular-nums',
              isToday && 'rounded-full bg-accent-solid px-1.5 font-semibold text-on-accent',
              closed && !isToday && 'text-ink-2',
            )}
          >
            {Number(date.slice(8))}
          </span>
          {view?.source === 'exception' ? (
            <PencilLine aria-hidden className="size-3 shrink-0 text-warning" />
          ) : null}
          {view?.kind === 'open' && view.name !== null ? (
            <Clock aria-hidden className="size-3 shrink-0 text-accent" />
          ) : null}
          {note === null ? null : (
            <span className="min-w-0 flex-1 truncate text-2xs text-ink-2 max-md:hidden" title={note}>
              {note}
            </span>
          )}
        </span>
        <span className="mt-auto flex w-full flex-wrap items-center gap-x-2 text-2xs text-ink-2 tabular-nums max-md:justify-center max-md:gap-x-0.5">
          {(counts?.total ?? 0) > 0 ? <span>{counts?.total.toLocaleString('en-US')}</span> : null}
          {failed > 0 ? (
            <span className="flex items-center gap-0.5 font-semibold text-failed">
              <StatusIcon status="failed" className="size-3" />
              <span className="max-md:hidden">{failed}</span>
            </span>
          ) : null}
          {planned > 0 ? (
            <span className="flex items-center gap-1">
              <span aria-hidden className="size-1.5 rounded-full border border-ink-3 max-md:hidden" />
              {planned.toLocaleString('en-US')}
              {counts?.planned.more === true ? '+' : ''}
            </span>
          ) : null}
        </span>
      </button>
    </td>
  );
}

/** Why a day is not an ordinary one: its holiday, or its hours where they are not the usual. */
function useNote(view: CalendarDayView | undefined, zone: string): string | null {
  const locale = useLocale();
  if (view === undefined) return null;
  const name = view.name === null ? null : locale === 'ko' ? view.name.ko : view.name.en;
  if (view.kind === 'closed') return view.weekly ? null : name;
  if (view.source !== 'exception' && name === null) return null;
  const time = (text: string) => formatTime(new Date(text), zone, 'time').slice(0, 5);
  return `${time(view.open)}–${time(view.close)}`;
}
