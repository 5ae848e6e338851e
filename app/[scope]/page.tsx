import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { deskView } from '#db/desk/queries.ts';
import { listTraders } from '#db/traders/page-list.ts';
import { db } from '#app/_server/db.ts';
import { serverTranslator } from '#app/_server/locale.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { DeskPage } from '#components/desk/desk-page.tsx';
import { deskKey, deskTradersKey, tradersOnDesk } from '#components/desk/queries.ts';
import { makeQueryClient } from '#components/query/client.ts';

interface Props {
  readonly params: Promise<{ scope: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await serverTranslator('desk'))('title') };
}

/** The desk as it stands; the rest is read by the browser. */
async function dataOf(scope: string) {
  await requirePageAccess(scope, 'traders.view');
  const client = makeQueryClient();
  const [desk, { items, counts }] = await Promise.all([
    deskView(db(), scope),
    listTraders(db(), scope, { limit: tradersOnDesk }),
  ]);
  client.setQueryData(deskKey(scope), desk);
  client.setQueryData(deskTradersKey(scope), { items, counts });
  return { asOf: desk.now, state: dehydrate(client) };
}

export default async function Page({ params }: Props) {
  const { scope } = await params;
  const { asOf, state } = await dataOf(scope);
  return (
    <HydrationBoundary state={state}>
      <DeskPage scope={scope} asOf={asOf} />
    </HydrationBoundary>
  );
}
