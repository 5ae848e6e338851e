import { z } from 'zod';
import { editedDefinition, traderEdit, traderReplacement, traderView } from '#domain/traders/view.ts';
import { deleteTrader, editTrader } from '#db/traders/control.ts';
import { getTrader } from '#db/traders/page-list.ts';
import { route } from '#app/_server/api/route.ts';
import { traderPath } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'getTrader',
  summary: 'Read a trader',
  tag: 'Traders',
  permission: 'traders.view',
  scope: true,
  params: traderPath,
  response: { status: 200, schema: traderView },
  handler: ({ db, scope, params }) => getTrader(db, scope, params.trader_id),
});

export const PUT = route({
  id: 'replaceTrader',
  summary: "Replace a trader's definition",
  description: 'Fields left out take their defaults. Rules count from its next step on; what it holds stays.',
  tag: 'Traders',
  permission: 'traders.control',
  scope: true,
  params: traderPath,
  body: traderReplacement,
  example: { version: 1, definition: { name: 'Zone 1', strategy: 'VolumeZoneBreakout' } },
  response: { status: 200, schema: traderView },
  async handler({ db, scope, params, body, perform }) {
    const version = body.version ?? (await getTrader(db, scope, params.trader_id)).version;
    await perform(editTrader, { ...params, version, definition: body.definition });
    return getTrader(db, scope, params.trader_id);
  },
});

export const PATCH = route({
  id: 'editTrader',
  summary: 'Edit a trader',
  description:
    'Only the named fields change; those of `params`, `filter`, `rules` and `limits` one by one. Another strategy begins with its own defaults.',
  tag: 'Traders',
  permission: 'traders.control',
  scope: true,
  params: traderPath,
  body: traderEdit,
  example: { version: 1, definition: { rules: { stop_loss: 0.02 } } },
  response: { status: 200, schema: traderView },
  async handler({ db, scope, params, body, perform }) {
    const before = await getTrader(db, scope, params.trader_id);
    const definition = editedDefinition(before.definition, body.definition);
    await perform(editTrader, { ...params, version: body.version ?? before.version, definition });
    return getTrader(db, scope, params.trader_id);
  },
});

export const DELETE = route({
  id: 'deleteTrader',
  summary: 'Delete a trader',
  description: 'Its transitions and orders stay. Answers 409 while it holds a position or has an open order.',
  tag: 'Traders',
  permission: 'traders.control',
  scope: true,
  params: traderPath,
  response: { status: 200, schema: z.object({ trader_id: z.string() }) },
  async handler({ params, perform }) {
    await perform(deleteTrader, params);
    return params;
  },
});
