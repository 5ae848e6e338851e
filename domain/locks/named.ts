import { z } from 'zod';
import type { RunReason } from '#domain/runs/run.ts';

/** A named lock's name, unique in its scope. */
export const lockName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}$/, 'lower-case letters, digits and "_", starting with a letter, at most 60');

/** Names of the locks a run holds; each once. They are always taken in ascending id, all or none. */
export const lockNames = z
  .array(lockName)
  .max(20)
  .refine((names) => new Set(names).size === names.length, {
    error: 'each lock once',
    params: { code: 'lock_twice' },
  });

/** Who holds a named lock. */
export interface LockHolder {
  /** A job's id, or who it is outside. */
  readonly holder: string;
  readonly runId: string | null;
  /** Held by an advisory lock that none of our processes took. */
  readonly outside: boolean;
}

/** Why a run waits for a lock. */
export function lockTaken(lock: string, by: LockHolder): RunReason {
  return by.outside
    ? { code: 'lock_taken_outside', params: { lock, holder: by.holder } }
    : { code: 'lock_taken', params: { lock, holder: by.holder, run_id: by.runId } };
}
