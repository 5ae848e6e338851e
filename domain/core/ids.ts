import { z } from 'zod';

/** A scope's name: `real`, `mock`, or a rehearsal's own. */
export const scopeName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a scope is lower-case letters, digits and hyphens, at most 40');
export type ScopeName = z.output<typeof scopeName>;

/** A job's id, unique in its scope. */
export const jobId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,99}$/,
    'lower-case letters, digits, "_" and "-", starting with a letter or digit, at most 100',
  )
  .brand<'JobId'>();
export type JobId = z.output<typeof jobId>;

/** A run's id (UUID, time-ordered). */
export const runId = z.uuid().brand<'RunId'>();
export type RunId = z.output<typeof runId>;

/** A process's id (UUID). A process that loses its liveness lock returns under a new one. */
export const processId = z.uuid().brand<'ProcessId'>();
export type ProcessId = z.output<typeof processId>;

/** The fencing token of one attempt: every write of that attempt names it. */
export const attemptToken = z.uuid().brand<'AttemptToken'>();
export type AttemptToken = z.output<typeof attemptToken>;

/**
 * UUIDv7 (RFC 9562) of an instant: time-ordered, so that a run's primary key appends to its index.
 * @param at wall time; @param random 10 random bytes.
 */
export function uuidV7(at: Date, random: Uint8Array): string {
  const ms = BigInt(at.getTime());
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 6; i += 1) bytes[i] = Number((ms >> BigInt(8 * (5 - i))) & 0xffn);
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
