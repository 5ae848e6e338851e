import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { createLoader } from 'nuqs/server';
import type { SearchParams } from 'nuqs/server';
import { Problem } from '#domain/core/errors.ts';
import { tradingDay } from '#domain/time/zone.ts';
import { calendarCounts } from '#db/calendars/counts.ts';
import { calendarDays, listCalendars } from '#db/calendars/queries.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { db } from '#app/_server/db.ts';
import { serverTranslator } from '#app/_server/locale.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { CalendarPage } from '#components/calendars/calendar-page.tsx';
import { calendarKeys } from '#components/calendars/queries.ts';
import { calendarParsers, rangeOf, shownOf } from '#components/calendars/url.ts';
import { makeQueryClient } from '#components/query/client.ts';

interface Props {
  readonly params: Promise<{ scope: string }>;
  readonly searchParams: Promise<SearchParams>;
}

const loadUrl = createLoader(calendarParsers);

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await serverTranslator('calendars'))('title') };
}

/** The month the URL names, already read; a calendar or job that is not there is said by the page. */
async function firstMonth({ params, searchParams }: Props) {
  const { scope } = await params;
  await requirePageAccess(scope, 'jobs.view');
  const today = tradingDay(await scopeTime(db(), scope));
  const url = await loadUrl(searchParams);
  const { month } = shownOf(url, today);
  const year = month.slice(0, 4);
  const client = makeQueryClient();
  client.setQueryData(calendarKeys.list(scope), { calendars: await listCalendars(db(), scope) });
  const range = { from: `${year}-01-01`, to: `${year}-12-31` };
  const counted = { calendar: url.calendar, of: url.of, job: url.job };
  try {
    const items = await calendarDays(db(), scope, url.calendar, range);
    client.setQueryData(calendarKeys.year(scope, url.calendar, year), { items });
    const filter = { ...rangeOf(month), calendar: url.calendar, of: url.of };
    const counts = await calendarCounts(
      db(),
      scope,
      url.job === null ? filter : { ...filter, jobId: url.job },
    );
    client.setQueryData(calendarKeys.counts(scope, month, counted), counts);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  return { scope, today, state: dehydrate(client) };
}

export default async function Page(props: Props) {
  const { scope, today, state } = await firstMonth(props);
  return (
    <HydrationBoundary state={state}>
      <CalendarPage scope={scope} today={today} />
    </HydrationBoundary>
  );
}
