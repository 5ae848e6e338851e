import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { forbidden } from 'next/navigation';
import { listSources } from '#db/market/queries.ts';
import { db } from '#app/_server/db.ts';
import { serverTranslator } from '#app/_server/locale.ts';
import { requireViewer } from '#app/_server/viewer.ts';
import { MarketPage } from '#components/market/market-page.tsx';
import { sourcesKey } from '#components/market/queries.ts';
import { makeQueryClient } from '#components/query/client.ts';
import { mayDo } from '#components/shell/viewer.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await serverTranslator('market'))('title') };
}

/** What is stored of instruments, quotes and candles; of simulated markets those whose scope the viewer sees. */
export default async function Page() {
  const viewer = await requireViewer();
  const scopes = viewer.scopes.map(({ name }) => name);
  if (![null, ...scopes].some((scope) => mayDo(viewer, 'traders.view', scope))) forbidden();
  const client = makeQueryClient();
  const sources = await listSources(db());
  client.setQueryData(
    sourcesKey,
    sources.filter(({ source }) => {
      const [, scope] = /^simulator:(.+)$/.exec(source) ?? [];
      return scope === undefined || scopes.includes(scope);
    }),
  );
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <MarketPage mayImport={mayDo(viewer, 'settings.manage', null)} />
    </HydrationBoundary>
  );
}
