import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Problem } from '#domain/core/errors.ts';
import { getOrder } from '#db/orders/view.ts';
import { db } from '#app/_server/db.ts';
import { serverTranslator } from '#app/_server/locale.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { OrderPage } from '#components/orders/order-page.tsx';
import { orderKey } from '#components/orders/queries.ts';
import { makeQueryClient } from '#components/query/client.ts';

interface Props {
  readonly params: Promise<{ scope: string; order_id: string }>;
}

/** The order with all that is shown of it, read once for the page and its title. */
const readOrder = cache(async (scope: string, orderId: string) => {
  await requirePageAccess(scope, 'orders.view');
  return getOrder(db(), scope, orderId).catch((error: unknown) => {
    if (error instanceof Problem && error.kind === 'not_found') notFound();
    throw error;
  });
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { scope, order_id } = await params;
  const [order, t] = await Promise.all([readOrder(scope, order_id), serverTranslator('orders')]);
  return { title: `${order.symbol_name ?? order.symbol} · ${t(`side.${order.side}`)}` };
}

export default async function Page({ params }: Props) {
  const { scope, order_id } = await params;
  const order = await readOrder(scope, order_id);
  const client = makeQueryClient();
  client.setQueryData(orderKey(scope, order.order_id), order);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <OrderPage scope={scope} orderId={order.order_id} />
    </HydrationBoundary>
  );
}
