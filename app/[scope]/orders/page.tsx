import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { createLoader } from 'nuqs/server';
import type { SearchParams } from 'nuqs/server';
import { orderFilter } from '#domain/orders/view.ts';
import { listOrders } from '#db/orders/view.ts';
import { db } from '#app/_server/db.ts';
import { serverTranslator } from '#app/_server/locale.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { orderFilterOf, ordersParsers } from '#components/orders/filters.ts';
import { OrdersPage } from '#components/orders/orders-page.tsx';
import { historyKey, openOrdersKey, pageSize } from '#components/orders/queries.ts';
import { makeQueryClient } from '#components/query/client.ts';

interface Props {
  readonly params: Promise<{ scope: string }>;
  readonly searchParams: Promise<SearchParams>;
}

const loadUrl = createLoader(ordersParsers);

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await serverTranslator('orders'))('title') };
}

/** Open orders and the first page of the history, read already. */
async function firstPage({ params, searchParams }: Props) {
  const { scope } = await params;
  await requirePageAccess(scope, 'orders.view');
  const url = await loadUrl(searchParams);
  const client = makeQueryClient();
  const filter = orderFilter.safeParse({ ...orderFilterOf(url), limit: pageSize });
  const [open, history] = await Promise.all([
    listOrders(db(), scope, orderFilter.parse({ open: true, limit: 200 })),
    filter.success ? listOrders(db(), scope, filter.data) : null,
  ]);
  client.setQueryData(openOrdersKey(scope), open);
  if (history !== null) client.setQueryData(historyKey(scope, url), { pages: [history], pageParams: [''] });
  return { scope, state: dehydrate(client) };
}

export default async function Page(props: Props) {
  const { scope, state } = await firstPage(props);
  return (
    <HydrationBoundary state={state}>
      <OrdersPage scope={scope} />
    </HydrationBoundary>
  );
}
