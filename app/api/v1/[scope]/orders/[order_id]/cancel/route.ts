import { cancelOrderBody } from '#domain/orders/requests.ts';
import { orderDetail } from '#domain/orders/view.ts';
import { cancelOrder } from '#db/orders/operations.ts';
import { route } from '#app/_server/api/route.ts';
import { orderPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'cancelOrder',
  summary: 'Cancel an order',
  description:
    'What was never sent is dropped at once; of the rest the gateway asks the broker, and the order is over when the broker confirms what it cancelled.',
  tag: 'Orders',
  permission: 'orders.control',
  scope: true,
  params: orderPath,
  rawBody: cancelOrderBody,
  example: { reason: 'The news are out.' },
  response: { status: 200, schema: orderDetail },
  handler: ({ params, body, perform }) => perform(cancelOrder, { ...params, body }, { under: 'body' }),
});
