'use client';

import Link from 'next/link';
import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import type { DailyPnl } from '#domain/performance/view.ts';
import { dateText, dayNumber, weekdayOf } from '#domain/time/calendar/day.ts';
import { cn } from '#components/ui/cn.ts';
import { Money } from '#components/ui/money.tsx';
import { directionOf, formatMoney, formatPercent } from '#components/ui/number-format.ts';
import { shortMoney } from '#components/performance/amounts.ts';
import { dayHref } from '#components/performance/queries.ts';

interface HeatMapProps {
  readonly scope: string;
  readonly days: readonly DailyPnl[];
}

interface Month {
  /** YYYY-MM */
  readonly id: string;
  readonly weeks: readonly (readonly (string | null)[])[];
  readonly total: number;
}

/** Months of days, weeks from Monday; weeks without any figure are left out, and weekends unless one has some. */
function monthsOf(days: readonly DailyPnl[], columns: number): Month[] {
  return [...Map.groupBy(days, ({ trading_day }) => trading_day.slice(0, 7))].map(([id, of]) => {
    const first = dayNumber(`${id}-01`);
    const weeks: (string | null)[][] = [];
    for (let day = first; dateText(day).startsWith(id); day += 1) {
      const column = (weekdayOf(day) + 6) % 7;
      if (column >= columns) continue;
      let week = weeks.at(-1);
      if (week === undefined || column === 0) {
        week = Array.from<null>({ length: columns }).fill(null);
        weeks.push(week);
      }
      week[column] = dateText(day);
    }
    const known = new Set(of.map(({ trading_day }) => trading_day));
    const shown = weeks.filter((week) => week.some((date) => date !== null && known.has(date)));
    return { id, weeks: shown, total: of.reduce((sum, { pnl }) => sum + Number(pnl), 0) };
  });
}

/** Daily profit and loss by month: the stronger the colour, the more. Arrow keys walk the days, Enter opens one. */
export function HeatMap({ scope, days }: HeatMapProps) {
  const t = useTranslations('performance.heat');
  const locale = useLocale();
  const box = useRef<HTMLDivElement>(null);
  const byDay = useMemo(() => new Map(days.map((day) => [day.trading_day, day])), [days]);
  const columns = days.some(({ trading_day }) => weekdayOf(dayNumber(trading_day)) % 6 === 0) ? 7 : 5;
  const months = useMemo(() => monthsOf(days, columns), [days, columns]);
  const most = Math.max(1, ...days.map(({ pnl }) => Math.abs(Number(pnl))));
  const [stop, setStop] = useState<string | null>(null);
  const current = stop !== null && byDay.has(stop) ? stop : (days.at(-1)?.trading_day ?? null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    if (step === undefined || current === null) return;
    event.preventDefault();
    const next = nearest(byDay, dayNumber(current), step);
    if (next === null) return;
    setStop(next);
    box.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus();
  };
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'narrow', timeZone: 'UTC' });
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of the days inside
    <div
      ref={box}
      onKeyDown={onKeyDown}
      className="grid grid-cols-[repeat(auto-fill,minmax(17rem,1fr))] gap-x-8 gap-y-6"
    >
      {months.map(({ id, weeks, total }) => (
        <section key={id} aria-label={id} className="min-w-0">
          <h3 className="flex items-baseline justify-between pb-1 text-xs font-medium text-ink-2">
            {id}
            <Money value={String(Math.round(total))} signed className="font-normal" />
          </h3>
          <div className="grid gap-1" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
            {Array.from({ length: columns }, (_, column) => (
              <span key={column} aria-hidden className="text-center text-2xs text-ink-3">
                {weekday.format(new Date(Date.UTC(2024, 0, 1 + column)))}
              </span>
            ))}
            {weeks.flat().map((date, index) => {
              const day = date === null ? undefined : byDay.get(date);
              if (date === null || day === undefined)
                return (
                  <span key={date ?? index} className="h-11 rounded-sm px-1 py-0.5 text-2xs text-ink-3">
                    {date === null ? null : Number(date.slice(8))}
                  </span>
                );
              return (
                <DayCell
                  key={date}
                  scope={scope}
                  day={day}
                  share={Math.abs(Number(day.pnl)) / most}
                  tabIndex={date === current ? 0 : -1}
                  text={shortMoney(day.pnl, locale, true)}
                  label={t('day', {
                    date,
                    pnl: formatMoney(day.pnl, locale, { plus: true }),
                    share:
                      day.return.value === null
                        ? '–'
                        : formatPercent(day.return.value, locale, { plus: true }),
                    trades: day.trades,
                  })}
                />
              );
            })}
          </div>
        </section>
      ))}
    </div>
  );
}

/** The next day with figures in steps of a day or a week; a week without one is passed over. */
function nearest(days: ReadonlyMap<string, DailyPnl>, from: number, step: number): string | null {
  for (let count = 1; count <= 60; count += 1) {
    const date = dateText(from + count * step);
    if (days.has(date)) return date;
  }
  return null;
}

interface DayCellProps {
  readonly scope: string;
  readonly day: DailyPnl;
  /** Of the largest day, 0 to 1. */
  readonly share: number;
  readonly tabIndex: number;
  readonly text: string;
  readonly label: string;
}

function DayCell({ scope, day, share, tabIndex, text, label }: DayCellProps) {
  const direction = directionOf(day.pnl);
  const colour = direction === 'up' ? 'var(--gain)' : direction === 'down' ? 'var(--loss)' : 'var(--flat)';
  const strength = direction === 'flat' ? 6 : Math.round(8 + share * 34);
  return (
    <Link
      href={dayHref(scope, day.trading_day)}
      prefetch={false}
      data-day={day.trading_day}
      tabIndex={tabIndex}
      title={label}
      aria-label={label}
      style={{ background: `color-mix(in oklab, ${colour} ${strength}%, var(--surface))` }}
      className={cn(
        'flex h-11 min-w-0 flex-col justify-between rounded-sm px-1 py-0.5 hover:ring-1 hover:ring-ink-3',
        !day.settled && 'ring-1 ring-border ring-inset',
      )}
    >
      <span aria-hidden className="text-2xs leading-4 text-ink">
        {Number(day.trading_day.slice(8))}
      </span>
      <span aria-hidden className="truncate text-right text-2xs leading-4 font-medium text-ink">
        {text}
      </span>
    </Link>
  );
}
