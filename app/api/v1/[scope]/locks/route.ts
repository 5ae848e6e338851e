import { lockDefinition, namedLockView, namedLocksView } from '#domain/locks/view.ts';
import { defineLock } from '#db/locks/control.ts';
import { listNamedLocks } from '#db/locks/queries.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'listLocks',
  summary: 'List named locks',
  description:
    "Each with its holder, who waits, and `verdict`: whether its row and PostgreSQL's advisory lock (`pg_locks`, keys `class_id` and `object_id`) agree.",
  tag: 'Locks',
  permission: 'engine.view',
  scope: true,
  response: { status: 200, schema: namedLocksView },
  handler: ({ db, scope }) => listNamedLocks(db, scope),
});

export const POST = route({
  id: 'defineLock',
  summary: 'Define a named lock',
  description: 'Jobs name it in `locks`. Without `lock_id` it gets the next one, from 1003 up.',
  tag: 'Locks',
  permission: 'locks.control',
  scope: true,
  rawBody: lockDefinition,
  example: { name: 'rebalance', description: 'One rebalancing at a time.' },
  response: { status: 201, schema: namedLockView },
  handler: ({ body, perform }) => perform(defineLock, body),
});
