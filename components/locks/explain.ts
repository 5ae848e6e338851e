import type { NamedLockView } from '#domain/locks/view.ts';

/** What there is to explain about a lock, as a text under `locks.why`; null where the state says all. */
export type Explanation =
  | 'about_to_begin'
  | 'consumer'
  | 'no_run'
  | 'outside'
  | 'left_behind'
  | 'no_session'
  | 'other_session'
  | 'leftover_session';

/** Why the row of a lock and `pg_locks` say what they say. */
export function explanationOf(lock: NamedLockView): Explanation | null {
  const { holder, verdict, advisory } = lock;
  switch (verdict) {
    case 'free':
    case 'held':
      return null;
    case 'advisory_only':
      return 'outside';
    case 'row_only':
      if (holder?.run_id === null || holder === null) return 'no_run';
      return holder.run_state === 'running' && holder.process_id === null ? 'consumer' : 'about_to_begin';
    case 'disagree':
      if (holder === null) return 'leftover_session';
      if (holder.run_state !== 'running' && holder.run_state !== 'dispatched') return 'left_behind';
      return advisory.backends.length === 0 ? 'no_session' : 'other_session';
  }
}

/** Sessions that hold the lock and are not the holder's, in words: `algo.py (pid 4211)`. */
export function sessionsOf(lock: NamedLockView): string {
  const { holder, advisory } = lock;
  return advisory.backends
    .filter((backend) => holder === null || backend.process_id !== holder.process_id)
    .map((backend) => `${backend.application_name ?? '–'} (pid ${backend.pid})`)
    .join(', ');
}
