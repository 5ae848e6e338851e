import { symbolLockView, symbolReconciled } from '#domain/locks/view.ts';
import { reconcileSymbol } from '#db/locks/reconcile.ts';
import { route } from '#app/_server/api/route.ts';
import { symbolPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'reconcileSymbolLock',
  summary: 'Mark a symbol as reconciled',
  description:
    'Orders and position of the symbol were compared with the broker. Without a position, a silent hold ends and the symbol is free; with `position: true` it stays held.',
  tag: 'Locks',
  permission: 'traders.control',
  scope: true,
  params: symbolPath,
  rawBody: symbolReconciled,
  example: { reason: 'No orders, no position at the broker.', position: false },
  response: { status: 200, schema: symbolLockView },
  handler: ({ params, body, perform }) => perform(reconcileSymbol, { ...params, body }, { under: 'body' }),
});
