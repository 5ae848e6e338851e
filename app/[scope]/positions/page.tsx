import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { listPositions } from '#db/ledger/positions-view.ts';
import { db } from '#app/_server/db.ts';
import { serverTranslator } from '#app/_server/locale.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { PositionsPage } from '#components/positions/positions-page.tsx';
import { positionsKey } from '#components/positions/queries.ts';
import { makeQueryClient } from '#components/query/client.ts';

interface Props {
  readonly params: Promise<{ scope: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await serverTranslator('positions'))('title') };
}

/** What is held is read already; the other tabs read theirs when they are opened. */
async function dataOf(scope: string) {
  await requirePageAccess(scope, 'orders.view');
  const client = makeQueryClient();
  client.setQueryData(positionsKey(scope), await listPositions(db(), scope));
  return dehydrate(client);
}

export default async function Page({ params }: Props) {
  const { scope } = await params;
  return (
    <HydrationBoundary state={await dataOf(scope)}>
      <PositionsPage scope={scope} />
    </HydrationBoundary>
  );
}
