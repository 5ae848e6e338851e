import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { createLoader } from 'nuqs/server';
import type { SearchParams } from 'nuqs/server';
import { listSummaries, scopeDay } from '#db/performance/summaries.ts';
import { db } from '#app/_server/db.ts';
import { serverTranslator } from '#app/_server/locale.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { pageSize, summariesQuery } from '#components/performance/queries.ts';
import { rangeOf } from '#components/performance/range.ts';
import { SummariesPage } from '#components/performance/summaries-page.tsx';
import { summariesParsers } from '#components/performance/url.ts';
import { makeQueryClient } from '#components/query/client.ts';

interface Props {
  readonly params: Promise<{ scope: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await serverTranslator('performance'))('summaries.title') };
}

const loadUrl = createLoader(summariesParsers);

/** The first page of the range that the URL names, already read. */
async function firstPage({ params, searchParams }: Props) {
  const { scope } = await params;
  await requirePageAccess(scope, 'traders.view');
  const today = await scopeDay(db(), scope);
  const url = await loadUrl(searchParams);
  const asked = { ...rangeOf(url, today), level: url.level };
  const client = makeQueryClient();
  await client.prefetchInfiniteQuery({
    queryKey: summariesQuery(scope, asked).queryKey,
    queryFn: () => listSummaries(db(), scope, { ...asked, limit: pageSize }),
    initialPageParam: '',
  });
  return { scope, today, state: dehydrate(client) };
}

export default async function Page(props: Props) {
  const { scope, today, state } = await firstPage(props);
  return (
    <HydrationBoundary state={state}>
      <SummariesPage scope={scope} today={today} />
    </HydrationBoundary>
  );
}
