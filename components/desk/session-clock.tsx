'use client';

import { useLocale, useTranslations } from 'use-intl';
import type { DeskSession } from '#domain/desk/view.ts';
import { wallTime } from '#components/ui/time-format.ts';
import { useDurationText } from '#components/ui/time.tsx';
import { cn } from '#components/ui/cn.ts';

type Phase = DeskSession['phases'][number];

const aside: ReadonlySet<string> = new Set(['pre_open', 'post_close', 'single_price', 'after_market']);

/** The phase that goes on; off-hours trading beside an auction stands back. */
export function phaseAt(session: DeskSession, now: number): Phase | null {
  const running = session.phases.filter(
    ({ start, end }) => Date.parse(start) <= now && now < Date.parse(end),
  );
  return running.find(({ name }) => !aside.has(name)) ?? running[0] ?? null;
}

/** The exchange's time, its phase with what is left of it, and how far the day has come. */
export function SessionClock({ session, now }: { readonly session: DeskSession; readonly now: number }) {
  const t = useTranslations('desk.session');
  const phases = useTranslations('calendars.phases');
  const locale = useLocale();
  const duration = useDurationText();
  const wall = wallTime(new Date(now), session.time_zone);
  const phase = phaseAt(session, now);
  const until = (at: string) => duration(Math.max(0, Date.parse(at) - now));
  const closedName = session.closed_name?.[locale === 'ko' ? 'ko' : 'en'];
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: session.time_zone }).format(
    new Date(now),
  );
  const { next } = session;
  const nextWhen =
    next === null
      ? ''
      : next.trading_day === session.trading_day
        ? wallTime(new Date(next.at), session.time_zone).time.slice(0, 5)
        : `${next.trading_day.slice(5)} ${wallTime(new Date(next.at), session.time_zone).time.slice(0, 5)}`;
  return (
    <section aria-label={t('title')} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-end gap-x-6 gap-y-1">
        <p className="text-2xl font-semibold tracking-tight tabular-nums">
          <time dateTime={new Date(now).toISOString()}>{wall.time}</time>
          <span className="ml-1.5 text-xs font-normal tracking-normal text-ink-3">
            {wall.zone} · {wall.date} {weekday}
          </span>
        </p>
        <p className="text-md">
          <span className={cn('font-semibold', phase?.name === 'continuous' ? 'text-ok' : 'text-ink')}>
            <span aria-hidden className="mr-1.5 text-xs">
              {phase?.name === 'continuous' ? '●' : phase === null ? '○' : '◐'}
            </span>
            {phase === null ? t(session.open ? 'between' : 'closed') : phases(phase.name)}
          </span>
          {phase === null ? (
            closedName === undefined ? null : (
              <span className="ml-1.5 text-sm text-ink-2">{closedName}</span>
            )
          ) : (
            <span className="ml-2 text-sm text-ink-2">{t('left', { time: until(phase.end) })}</span>
          )}
        </p>
        {next === null ? null : (
          <p className="text-sm text-ink-2">
            <span className="text-ink-3">{t('next')}</span>{' '}
            {next.name === 'closed' ? t('close') : phases(next.name)}{' '}
            <span className="tabular-nums">{nextWhen}</span>
            <span className="ml-1 text-ink-3">{t('in', { time: until(next.at) })}</span>
          </p>
        )}
      </div>
      {session.phases.length === 0 ? null : <Progress session={session} now={now} />}
    </section>
  );
}

/** The day's phases in their lengths, with where now is. */
function Progress({ session, now }: { readonly session: DeskSession; readonly now: number }) {
  const t = useTranslations('desk.session');
  const names = useTranslations('calendars.phases');
  const from = Date.parse(session.phases.reduce((a, b) => (b.start < a.start ? b : a)).start);
  const to = Date.parse(session.phases.reduce((a, b) => (b.end > a.end ? b : a)).end);
  const share = (at: number) => Math.max(0, Math.min(100, ((at - from) / (to - from)) * 100));
  const main = session.phases.filter(({ name }) => name !== 'pre_open');
  return (
    <div className="relative h-5 overflow-hidden rounded-sm bg-sunken ring-1 ring-hairline ring-inset">
      <progress className="sr-only" aria-label={t('progress')} max={100} value={Math.round(share(now))} />
      {main.map(({ name, start, end }) => {
        const [x0, x1] = [share(Date.parse(start)), share(Date.parse(end))];
        return (
          <span
            key={name}
            className={cn(
              'absolute inset-y-0 truncate border-l border-hairline px-1 text-2xs leading-5 text-ink-2',
              name === 'continuous'
                ? 'bg-(--session) font-medium'
                : name.endsWith('auction')
                  ? 'bg-(--auction)'
                  : '',
            )}
            style={{ left: `${x0.toFixed(3)}%`, width: `${(x1 - x0).toFixed(3)}%` }}
          >
            {x1 - x0 > 9 ? names(name) : ''}
          </span>
        );
      })}
      {now < from ? null : (
        <>
          <span
            className="absolute bottom-0 left-0 h-0.5 bg-accent-solid"
            style={{ width: `${share(now).toFixed(3)}%` }}
          />
          {now > to ? null : (
            <span
              className="absolute inset-y-0 w-0.5 bg-accent-solid"
              style={{ left: `${share(now).toFixed(3)}%` }}
            />
          )}
        </>
      )}
    </div>
  );
}
