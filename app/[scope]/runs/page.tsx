import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { createLoader } from 'nuqs/server';
import type { SearchParams } from 'nuqs/server';
import { listRuns } from '#db/runs/queries.ts';
import { runFilter } from '#domain/runs/view.ts';
import { db } from '#app/_server/db.ts';
import { serverTranslator } from '#app/_server/locale.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { allows } from '#domain/access/access.ts';
import { makeQueryClient } from '#components/query/client.ts';
import { apiFilter, runsParsers } from '#components/runs/filters.ts';
import { pageSize, runsKey } from '#components/runs/queries.ts';
import { RunsPage } from '#components/runs/runs-page.tsx';

interface Props {
  readonly params: Promise<{ scope: string }>;
  readonly searchParams: Promise<SearchParams>;
}

const loadUrl = createLoader(runsParsers);

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await serverTranslator('runs'))('title') };
}

/** The list of runs as the URL filters it, with its first page already read. */
async function firstPage({ params, searchParams }: Props) {
  const { scope } = await params;
  const { actor } = await requirePageAccess(scope, 'runs.view');
  const url = await loadUrl(searchParams);
  const client = makeQueryClient();
  const filter = runFilter.safeParse({ ...apiFilter(url), limit: pageSize });
  if (filter.success) {
    const page = await listRuns(db(), scope, filter.data);
    client.setQueryData(runsKey(scope, url), { pages: [page], pageParams: [''] });
  }
  return { scope, state: dehydrate(client), mayControl: allows(actor, 'runs.control', scope) };
}

export default async function Page(props: Props) {
  const { scope, state, mayControl } = await firstPage(props);
  return (
    <HydrationBoundary state={state}>
      <RunsPage scope={scope} mayControl={mayControl} />
    </HydrationBoundary>
  );
}
