import { z } from 'zod';
import { resourceGroupView, resourceGroupsEdit } from '#domain/engine/view.ts';
import { editResourceGroups } from '#db/engine/edit-rooms.ts';
import { engineView } from '#db/engine/queries.ts';
import { route } from '#app/_server/api/route.ts';

const view = z.object({ resource_groups: z.array(resourceGroupView) });

export const GET = route({
  id: 'listResourceGroups',
  summary: 'List resource groups',
  description: 'Each with its capacity and the runs that hold a room.',
  tag: 'Engine',
  permission: 'engine.view',
  scope: true,
  response: { status: 200, schema: view },
  async handler({ db, scope }) {
    const engine = await engineView(db);
    return { resource_groups: engine.scopes.find((known) => known.scope === scope)?.resource_groups ?? [] };
  },
});

export const PUT = route({
  id: 'editResourceGroups',
  summary: 'Change capacities',
  description: 'The named groups change; a smaller capacity lets what runs finish.',
  tag: 'Engine',
  permission: 'engine.edit',
  scope: true,
  rawBody: resourceGroupsEdit,
  example: { resource_groups: [{ name: 'trading', capacity: 2 }] },
  response: { status: 200, schema: view },
  handler: ({ body, perform }) => perform(editResourceGroups, body),
});
