import { z } from 'zod';
import { allows, permissions, sees } from '#domain/access/access.ts';
import { meView } from '#domain/access/view.ts';
import { getUser } from '#db/access/queries.ts';
import { listScopes } from '#db/scopes/queries.ts';
import { route } from '#app/_server/api/route.ts';

const permissionNames = z.array(z.string());

export const GET = route({
  id: 'me',
  summary: 'Who am I',
  description: 'The person or key that calls, the roles held, and what they permit in each scope.',
  tag: 'Instance',
  permission: 'signed-in',
  scope: false,
  response: {
    status: 200,
    schema: meView.extend({
      permissions: z.object({ instance: permissionNames, scopes: z.record(z.string(), permissionNames) }),
    }),
  },
  async handler({ db, actor }) {
    if (actor.kind !== 'user' && actor.kind !== 'key') throw new Error('This route is for people and keys.');
    const email = actor.kind === 'user' ? (await getUser(db, actor.id)).email : null;
    const held = (scope: string | null) =>
      permissions.filter((permission) => allows(actor, permission, scope));
    const scopes = (await listScopes(db)).filter(({ name }) => sees(actor, name));
    return {
      id: actor.id,
      kind: actor.kind,
      name: actor.name,
      email,
      grants: [...actor.grants],
      permissions: {
        instance: held(null),
        scopes: Object.fromEntries(scopes.map(({ name }) => [name, held(name)])),
      },
    };
  },
});
