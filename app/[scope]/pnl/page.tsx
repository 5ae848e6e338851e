import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { createLoader } from 'nuqs/server';
import type { SearchParams } from 'nuqs/server';
import { readPnl } from '#db/performance/pnl.ts';
import { scopeDay } from '#db/performance/summaries.ts';
import { db } from '#app/_server/db.ts';
import { serverTranslator } from '#app/_server/locale.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { PnlPage } from '#components/performance/pnl-page.tsx';
import { pnlKey } from '#components/performance/queries.ts';
import { rangeOf } from '#components/performance/range.ts';
import { pnlParsers } from '#components/performance/url.ts';
import { makeQueryClient } from '#components/query/client.ts';

interface Props {
  readonly params: Promise<{ scope: string }>;
  readonly searchParams: Promise<SearchParams>;
}

const loadUrl = createLoader(pnlParsers);

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await serverTranslator('performance'))('title') };
}

/** The range that the URL names, already read; one that is refused is asked for again by the page, which says why. */
async function firstRange({ params, searchParams }: Props) {
  const { scope } = await params;
  await requirePageAccess(scope, 'traders.view');
  const today = await scopeDay(db(), scope);
  const url = await loadUrl(searchParams);
  const asked = { ...rangeOf(url, today), by: url.by, trader: url.trader };
  const client = makeQueryClient();
  await client.prefetchQuery({
    queryKey: pnlKey(scope, asked),
    queryFn: () => readPnl(db(), scope, { ...asked, trader: asked.trader ?? undefined }),
  });
  return { scope, today, state: dehydrate(client) };
}

export default async function Page(props: Props) {
  const { scope, today, state } = await firstRange(props);
  return (
    <HydrationBoundary state={state}>
      <PnlPage scope={scope} today={today} />
    </HydrationBoundary>
  );
}
