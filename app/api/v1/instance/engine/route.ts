import { allows } from '#domain/access/access.ts';
import { Problem } from '#domain/core/errors.ts';
import { engineView } from '#domain/engine/view.ts';
import { engineView as readEngine } from '#db/engine/queries.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'readEngine',
  summary: 'The engine',
  description: 'Processes and the leader, and the rooms and queues of each scope the caller may see.',
  tag: 'Engine',
  permission: 'signed-in',
  scope: false,
  response: { status: 200, schema: engineView },
  async handler({ db, actor }) {
    const engine = await readEngine(db);
    const scopes = engine.scopes.filter(({ scope }) => allows(actor, 'engine.view', scope));
    if (scopes.length === 0)
      throw new Problem('forbidden', 'forbidden', `${actor.name} lacks the permission engine.view.`, {
        permission: 'engine.view',
        scope: '*',
      });
    return { ...engine, scopes };
  },
});
