import { z } from 'zod';

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
