import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { listNamedLocks } from '#db/locks/queries.ts';
import { db } from '#app/_server/db.ts';
import { serverTranslator } from '#app/_server/locale.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { LocksPage } from '#components/locks/locks-page.tsx';
import { namedLocksKey } from '#components/locks/queries.ts';
import { makeQueryClient } from '#components/query/client.ts';

interface Props {
  readonly params: Promise<{ scope: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await serverTranslator('locks'))('title') };
}

/** The named locks are read already; the other tabs read theirs when they are opened. */
async function dataOf(scope: string) {
  await requirePageAccess(scope, 'engine.view');
  const client = makeQueryClient();
  client.setQueryData(namedLocksKey(scope), await listNamedLocks(db(), scope));
  return dehydrate(client);
}

export default async function Page({ params }: Props) {
  const { scope } = await params;
  return (
    <HydrationBoundary state={await dataOf(scope)}>
      <LocksPage scope={scope} />
    </HydrationBoundary>
  );
}
