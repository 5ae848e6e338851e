import { brokerOrderFilter, brokerOrderView } from '#domain/orders/view.ts';
import { listBrokerOrders } from '#db/orders/view.ts';
import { route } from '#app/_server/api/route.ts';
import { pageOf } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'listBrokerOrders',
  summary: 'List orders at the broker',
  description: 'Newest first. By default those that no order of ours owns: placed by hand or elsewhere.',
  tag: 'Orders',
  permission: 'orders.view',
  scope: true,
  query: brokerOrderFilter,
  response: { status: 200, schema: pageOf(brokerOrderView) },
  handler: ({ db, scope, query }) => listBrokerOrders(db, scope, query),
});
