import { symbolAct, symbolLockView } from '#domain/locks/view.ts';
import { releaseSymbolLock } from '#db/locks/reconcile.ts';
import { route } from '#app/_server/api/route.ts';
import { symbolPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'releaseSymbolLock',
  summary: 'Force a symbol lock open',
  description:
    "The trader's token is worth nothing from then on. Nobody takes the symbol before it is marked as reconciled.",
  tag: 'Locks',
  permission: 'traders.control',
  scope: true,
  params: symbolPath,
  rawBody: symbolAct,
  example: { reason: 'The trader hangs; its machine is off.' },
  response: { status: 200, schema: symbolLockView },
  handler: ({ params, body, perform }) => perform(releaseSymbolLock, { ...params, body }, { under: 'body' }),
});
