import { namedLockView } from '#domain/locks/view.ts';
import { removeLock } from '#db/locks/control.ts';
import { getNamedLock } from '#db/locks/queries.ts';
import { route } from '#app/_server/api/route.ts';
import { lockPath } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'getLock',
  summary: 'Read a named lock',
  tag: 'Locks',
  permission: 'engine.view',
  scope: true,
  params: lockPath,
  response: { status: 200, schema: namedLockView },
  handler: ({ db, scope, params }) => getNamedLock(db, scope, params.name),
});

export const DELETE = route({
  id: 'removeLock',
  summary: 'Remove a named lock',
  description: "Only one of the desk's own that no job names and nobody holds or waits for.",
  tag: 'Locks',
  permission: 'locks.control',
  scope: true,
  params: lockPath,
  response: { status: 204, schema: null },
  async handler({ params, perform }) {
    await perform(removeLock, params);
    return null;
  },
});
