import { sql } from 'drizzle-orm';
import type { Queryable } from './client.ts';
import { changes } from './schema.ts';

/** Topics of live updates; a browser's query keys start with them. */
export type Topic =
  | 'jobs'
  | 'runs'
  | 'dependencies'
  | 'locks'
  | 'calendars'
  | 'engine'
  | 'users'
  | 'keys'
  | 'audit'
  | 'scopes'
  | 'market'
  | 'accounts'
  | 'traders'
  | 'orders'
  | 'positions'
  | 'performance'
  | 'controls'
  | 'alerts';

export interface Change {
  readonly topic: Topic;
  readonly entity: string;
  readonly scope: string | null;
}

export const changesChannel = 'bellkeeper_changes';
/** Wakes the scheduler and the admission pass; the payload is a hint, never data. */
export const wakeChannel = 'bellkeeper_wake';
/** Asks executors to look at cancel requests; the payload is a run id. */
export const cancelChannel = 'bellkeeper_cancel';

/** Writes what changed and rings once; must be the last thing of the business transaction. */
export async function writeChanges(tx: Queryable, list: readonly Change[]): Promise<void> {
  const unique = [
    ...new Map(
      list.map((change) => [`${change.topic}\n${change.entity}\n${change.scope ?? ''}`, change]),
    ).values(),
  ];
  if (unique.length === 0) return;
  await Promise.all([
    tx.insert(changes).values(unique),
    tx.execute(sql`select pg_notify(${changesChannel}, '')`),
  ]);
}

/** Tells the engine, at commit, that something may be due or admissible. */
export async function wake(tx: Queryable): Promise<void> {
  await tx.execute(sql`select pg_notify(${wakeChannel}, '')`);
}
