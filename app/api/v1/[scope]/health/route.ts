import { scopeHealth } from '#domain/engine/view.ts';
import { scopeHealth as readScopeHealth } from '#db/engine/health.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'scopeHealth',
  summary: 'Health of a scope',
  description: 'Healthy, degraded or critical, with the causes.',
  tag: 'Engine',
  permission: 'engine.view',
  scope: true,
  response: { status: 200, schema: scopeHealth },
  handler: ({ db, scope }) => readScopeHealth(db, scope),
});
