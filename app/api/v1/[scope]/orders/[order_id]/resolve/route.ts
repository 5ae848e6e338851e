import { resolveOrderBody } from '#domain/orders/requests.ts';
import { orderDetail } from '#domain/orders/view.ts';
import { resolveOrder } from '#db/orders/operations.ts';
import { route } from '#app/_server/api/route.ts';
import { orderPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'resolveOrder',
  summary: 'Say what became of an unknown order',
  description:
    'Of an order whose answer was lost: which broker order it is, with all its fills, or which one it is not. When nothing is left that it could be, the gateway decides by its own looks that it never arrived.',
  tag: 'Orders',
  permission: 'orders.control',
  scope: true,
  params: orderPath,
  rawBody: resolveOrderBody,
  example: { action: 'adopt', broker_key: '2026-11-20/06010/0000000001', reason: 'Compared with the HTS.' },
  response: { status: 200, schema: orderDetail },
  handler: ({ params, body, perform }) => perform(resolveOrder, { ...params, body }, { under: 'body' }),
});
