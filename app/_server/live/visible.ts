import { type Actor, type Permission, allows, sees } from '#domain/access/access.ts';
import type { FeedItem } from '#db/core/feed.ts';
import type { LiveChange } from './inbox.ts';

/** What one must be permitted to hear of a topic; a topic not named here needs the sight of its scope only. */
const needed: Readonly<Record<string, Permission>> = {
  jobs: 'jobs.view',
  runs: 'runs.view',
  dependencies: 'jobs.view',
  engine: 'engine.view',
  locks: 'engine.view',
  users: 'users.manage',
  keys: 'keys.manage',
  audit: 'audit.view',
};

function mayHear(actor: Actor, topic: string, scope: string | null): boolean {
  const permission = needed[topic];
  if (scope === null)
    return permission === undefined || permission === 'engine.view' || allows(actor, permission, null);
  return sees(actor, scope) && (permission === undefined || allows(actor, permission, scope));
}

/**
 * What a stream tells of these changes: those of the scopes it follows and of the whole instance, where permitted.
 * A scope's engine is part of the instance's, so a follower of the instance hears of it under the instance.
 * @param followed scope names and `instance`.
 */
export function visibleChanges(
  actor: Actor,
  followed: ReadonlySet<string>,
  items: readonly FeedItem[],
): LiveChange[] {
  return items.flatMap(({ topic, entity, scope }): LiveChange[] => {
    if (!mayHear(actor, topic, scope)) return [];
    if (scope === null) return [{ topic, entity, scope }];
    return [
      ...(followed.has(scope) ? [{ topic, entity, scope }] : []),
      ...(topic === 'engine' && followed.has('instance') ? [{ topic, entity, scope: null }] : []),
    ];
  });
}
