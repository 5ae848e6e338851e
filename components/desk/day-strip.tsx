'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { DeskSession } from '#domain/desk/view.ts';
import { type RowGroup, arrangeRows, isActive, timelineRows } from '#domain/timeline/rows.ts';
import type { Span } from '#domain/timeline/scale.ts';
import { Chart } from '#components/timeline/chart.tsx';
import { phasesOf } from '#components/timeline/day.ts';
import { timelineQuery } from '#components/timeline/queries.ts';
import { daysOf } from '#components/timeline/url.ts';
import { useMovingView } from '#components/timeline/use-view.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';

const hour = 3_600_000;
const half = hour / 2;
/** Jobs drawn on the desk; the timeline draws all. */
const rowsShown = 12;

/** The session with an hour and a half around it; on a closed day the hours around now. */
export function stripView(session: DeskSession, now: number): Span {
  const calm = Math.floor(now / half) * half;
  const [first] = session.phases;
  const last = session.phases.at(-1);
  if (first === undefined || last === undefined || Date.parse(last.end) - Date.parse(first.start) > 20 * hour)
    return { from: calm - 6 * hour, to: calm + 4 * hour };
  const from = Math.min(Date.parse(first.start) - half, calm);
  return { from, to: Math.max(Date.parse(last.end) + half, calm + hour) };
}

/** The first rows of the groups, so many in all. */
function firstRows(groups: readonly RowGroup[], most: number): RowGroup[] {
  const taken: RowGroup[] = [];
  let room = most;
  for (const group of groups) {
    const rows = group.rows.slice(0, room);
    room -= rows.length;
    if (rows.length > 0) taken.push({ ...group, rows });
  }
  return taken;
}

interface StripProps {
  readonly scope: string;
  readonly session: DeskSession;
  /** Of the scope, Unix ms. */
  readonly now: number;
}

/** Today's runs, past and planned, with the session behind them. */
export function DayStrip({ scope, session, now }: StripProps) {
  const t = useTranslations('desk.strip');
  const calm = Math.floor(now / half) * half;
  const home = useMemo(() => stripView(session, calm), [session, calm]);
  const [moved, setMoved] = useState<Span | null>(null);
  const view = moved ?? home;
  const moving = useMovingView(view, setMoved);
  const days = useMemo(() => daysOf(view), [view]);
  const query = useQuery(timelineQuery(scope, days));
  const minute = Math.floor(now / 60_000) * 60_000;
  const groups = useMemo(() => {
    if (query.data === undefined) return null;
    const active = timelineRows(query.data).filter((row) => isActive(row, home, minute));
    return arrangeRows(active, { text: '', group: null, outcome: null, sort: 'first' });
  }, [query.data, home, minute]);
  const phases = useMemo(() => phasesOf(query.data), [query.data]);
  const count = groups?.reduce((sum, { rows }) => sum + rows.length, 0) ?? 0;
  const shown = useMemo(() => (groups === null ? null : firstRows(groups, rowsShown)), [groups]);
  return (
    <section aria-labelledby="strip-title" className="min-w-0">
      <h2 id="strip-title" className="flex flex-wrap items-baseline gap-x-3 pb-1 text-sm font-semibold">
        {t('title')}
        <Link
          href={`/${scope}/timeline`}
          className="touch text-xs font-normal text-accent underline underline-offset-2"
        >
          {count > rowsShown ? t('all', { count }) : t('timeline')}
        </Link>
      </h2>
      {shown === null ? (
        <Skeleton className="h-40 w-full" />
      ) : count === 0 ? (
        <p className="border-t border-hairline py-4 text-sm text-ink-3">{t('none')}</p>
      ) : (
        <div className="[--top:0px]">
          <Chart
            scope={scope}
            groups={shown}
            moving={moving}
            home={home}
            breaks={[]}
            phases={phases}
            now={Math.floor(now / 10_000) * 10_000}
            outcome={null}
          />
          <p id="timeline-keys" className="sr-only">
            {t('keys')}
          </p>
        </div>
      )}
    </section>
  );
}
