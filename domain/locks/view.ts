import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { lockName } from './named.ts';
import { symbolState } from './symbol.ts';
import { verdict } from './verdict.ts';

const reason = z.string().trim().min(1, 'why, in a few words').max(500);

const backend = z.object({
  pid: z.number().int(),
  application_name: z.string().nullable().describe('Null where this server may not see it.'),
  process_id: z.uuid().nullable().describe('The process of ours it belongs to.'),
});

const waiter = z.object({
  run_id: z.uuid(),
  job_id: z.string(),
  queued_at: instantText,
  wait_until: instantText.nullable(),
});

/** A named lock with its holder, who waits for it, and whether PostgreSQL's own locks agree. Times are wall time. */
export const namedLockView = z.object({
  name: z.string(),
  lock_id: z.number().int(),
  description: z.string(),
  builtin: z.boolean(),
  holder: z
    .object({
      name: z.string().describe("A job's id, or what was given."),
      run_id: z.uuid().nullable(),
      run_state: z.string().nullable(),
      job_id: z.string().nullable(),
      attempt: z.number().int().nullable(),
      process_id: z.uuid().nullable(),
      consumer: z.string().nullable(),
      since: instantText,
      until: instantText.nullable().describe('Null until its attempt has begun.'),
      why: z.string().nullable(),
      cancelling: z.boolean(),
    })
    .nullable(),
  waiting: z.number().int(),
  waiters: z.array(waiter).describe('Longest waiting first; at most 20.'),
  jobs: z.array(z.string()).describe('Jobs whose runs take it.'),
  failures: z.number().int().describe('Acquisitions that found it taken until their wait was over.'),
  last_failure_at: instantText.nullable(),
  verdict,
  advisory: z.object({
    class_id: z.number().int().describe("First key: the scope's number."),
    object_id: z.number().int().describe("Second key: the lock's id."),
    backends: z.array(backend).describe('Sessions that hold the advisory lock.'),
  }),
});
export type NamedLockView = z.output<typeof namedLockView>;

/** `at`: the database's clock when it was read, by which ages are told. */
export const namedLocksView = z.object({ at: instantText, locks: z.array(namedLockView) });
export type NamedLocksView = z.output<typeof namedLocksView>;

/** The smallest id that a lock of a desk's own gets. */
export const firstOwnLockId = 1003;

export const lockDefinition = z.strictObject({
  name: lockName,
  description: z.string().trim().max(500).default(''),
  lock_id: z
    .number()
    .int()
    .min(firstOwnLockId)
    .max(2_147_483_647)
    .optional()
    .describe('Second key of the advisory lock; the next free one when left out.'),
});

export const lockRelease = z.strictObject({ reason });

/** What a forced release came to: the holder's run was asked to stop and the lock goes with it, or it is free now. */
export const lockReleased = z.object({
  effect: z.enum(['cancelling', 'freed']),
  lock: namedLockView,
});

/** A symbol and who holds it. Times are wall time. */
export const symbolLockView = z.object({
  symbol: z.string(),
  state: symbolState,
  trader: z.string().nullable(),
  token: z.number().int().describe('Fencing token of the latest hold.'),
  since: instantText.nullable(),
  heartbeat_at: instantText.nullable(),
  until: instantText.nullable(),
  has_position: z.boolean(),
  needs_reconcile: z.boolean(),
  last_trader: z.string().nullable(),
  ended_at: instantText.nullable(),
  ended_why: z.string().nullable(),
});
export type SymbolLockView = z.output<typeof symbolLockView>;

export const symbolCounts = z.object({
  free: z.number().int(),
  held: z.number().int(),
  overdue: z.number().int(),
  expired: z.number().int(),
  reconcile: z.number().int(),
});

export const symbolAct = z.strictObject({ reason });
export const symbolReconciled = z.strictObject({
  reason,
  position: z.boolean().default(false).describe('Whether the account holds the symbol: then the lock stays.'),
});

/** The claim of an idempotency key. Times are scope time. */
export const idempotencyKeyView = z.object({
  key: z.string(),
  owner: z.string(),
  created_at: instantText,
  expires_at: instantText,
  hits: z.number().int().describe('Later claims that were turned away.'),
  last_hit_at: instantText.nullable(),
});
export type IdempotencyKeyView = z.output<typeof idempotencyKeyView>;
