import { orderDetail } from '#domain/orders/view.ts';
import { getOrder } from '#db/orders/view.ts';
import { route } from '#app/_server/api/route.ts';
import { orderPath } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'getOrder',
  summary: 'Get an order',
  description:
    'With every try to send something of it, the broker orders it owns, those it may be while it is unknown, and its history.',
  tag: 'Orders',
  permission: 'orders.view',
  scope: true,
  params: orderPath,
  response: { status: 200, schema: orderDetail },
  handler: ({ db, scope, params }) => getOrder(db, scope, params.order_id),
});
