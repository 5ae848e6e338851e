import { and, eq, sql } from 'drizzle-orm';
import { invalidField } from '#domain/core/errors.ts';
import { resourceGroupsEdit } from '#domain/engine/view.ts';
import { wake } from '#db/core/changes.ts';
import { scopedOperation } from '#db/core/operation.ts';
import { lockRooms } from './admit.ts';
import { engineView } from './queries.ts';
import { resourceGroups } from './schema.ts';

/** Changes the capacity of rooms; a smaller one lets what runs finish. */
export const editResourceGroups = scopedOperation({
  name: 'edit_resource_groups',
  permission: 'engine.edit',
  input: resourceGroupsEdit,
  async run({ tx, scope, audit, change }, { resource_groups }) {
    // In admission's order, whatever order they are named in.
    const { rooms } = await lockRooms(tx, scope.name, sql`false`);
    for (const [index, { name, capacity }] of resource_groups.entries()) {
      const before = rooms.find((room) => room.name === name);
      if (before === undefined)
        throw invalidField(
          `resource_groups.${index}.name`,
          'resource_group_unknown',
          `there is no resource group "${name}"`,
          { group: name },
        );
      await tx
        .update(resourceGroups)
        .set({ capacity })
        .where(and(eq(resourceGroups.scope, scope.name), eq(resourceGroups.name, name)));
      audit({
        entityType: 'resource_group',
        entityId: `${scope.name}/${name}`,
        before: { capacity: before.capacity },
        after: { capacity },
      });
    }
    change('engine', scope.name);
    await wake(tx);
    const view = await engineView(tx);
    return {
      resource_groups: view.scopes.find((candidate) => candidate.scope === scope.name)?.resource_groups ?? [],
    };
  },
});
