import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { createLoader } from 'nuqs/server';
import type { SearchParams } from 'nuqs/server';
import { scopeTime } from '#db/scopes/clock.ts';
import { timeline } from '#db/timeline/queries.ts';
import { db } from '#app/_server/db.ts';
import { serverTranslator } from '#app/_server/locale.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { makeQueryClient } from '#components/query/client.ts';
import { timelineKey } from '#components/timeline/queries.ts';
import { TimelinePage } from '#components/timeline/timeline-page.tsx';
import { daysOf, timelineParsers, viewOf } from '#components/timeline/url.ts';

interface Props {
  readonly params: Promise<{ scope: string }>;
  readonly searchParams: Promise<SearchParams>;
}

const loadUrl = createLoader(timelineParsers);

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await serverTranslator('timeline'))('title') };
}

/** The days the URL names, already read. */
async function firstDays({ params, searchParams }: Props) {
  const { scope } = await params;
  await requirePageAccess(scope, 'runs.view');
  const now = await scopeTime(db(), scope);
  const days = daysOf(viewOf(await loadUrl(searchParams), now.getTime()));
  const view = await timeline(db(), scope, {
    from: new Date(days.from),
    to: new Date(days.to),
    calendar: 'XKRX',
  });
  const client = makeQueryClient();
  client.setQueryData(timelineKey(scope, days), view);
  return { scope, asOf: now.toISOString(), state: dehydrate(client) };
}

export default async function Page(props: Props) {
  const { scope, asOf, state } = await firstDays(props);
  return (
    <HydrationBoundary state={state}>
      <TimelinePage scope={scope} asOf={asOf} />
    </HydrationBoundary>
  );
}
