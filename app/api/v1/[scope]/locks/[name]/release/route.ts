import { lockRelease, lockReleased } from '#domain/locks/view.ts';
import { releaseLock } from '#db/locks/release.ts';
import { route } from '#app/_server/api/route.ts';
import { lockPath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'releaseLock',
  summary: 'Force a named lock open',
  description:
    'A running holder is asked to stop and the lock goes when it has ended (`cancelling`); otherwise it is free at once (`freed`). A session outside that holds the advisory lock is not ended: 409 names it.',
  tag: 'Locks',
  permission: 'locks.control',
  scope: true,
  params: lockPath,
  rawBody: lockRelease,
  example: { reason: 'The cycle hangs; checked with the broker.' },
  response: { status: 200, schema: lockReleased },
  handler: ({ params, body, perform }) => perform(releaseLock, { ...params, body }, { under: 'body' }),
});
