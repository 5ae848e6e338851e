import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { createLoader } from 'nuqs/server';
import type { SearchParams } from 'nuqs/server';
import { graphView } from '#db/dependencies/queries.ts';
import { allows } from '#domain/access/access.ts';
import { db } from '#app/_server/db.ts';
import { serverTranslator } from '#app/_server/locale.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { GraphPage } from '#components/dependencies/graph-page.tsx';
import { graphKey } from '#components/dependencies/queries.ts';
import { graphParsers } from '#components/dependencies/url.ts';
import { makeQueryClient } from '#components/query/client.ts';

interface Props {
  readonly params: Promise<{ scope: string }>;
  readonly searchParams: Promise<SearchParams>;
}

const loadUrl = createLoader(graphParsers);

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await serverTranslator('dependencies'))('title') };
}

/** The graph of the day that the URL names, already read. */
async function graphData({ params, searchParams }: Props) {
  const { scope } = await params;
  const { actor } = await requirePageAccess(scope, 'jobs.view');
  const { day } = await loadUrl(searchParams);
  const client = makeQueryClient();
  client.setQueryData(graphKey(scope, day), await graphView(db(), scope, { trading_day: day ?? undefined }));
  return {
    scope,
    state: dehydrate(client),
    mayEdit: allows(actor, 'jobs.edit', scope),
    mayControl: allows(actor, 'runs.control', scope),
  };
}

export default async function Page(props: Props) {
  const { scope, state, mayEdit, mayControl } = await graphData(props);
  return (
    <HydrationBoundary state={state}>
      <GraphPage scope={scope} mayEdit={mayEdit} mayControl={mayControl} />
    </HydrationBoundary>
  );
}
