import { and, eq, inArray, sql } from 'drizzle-orm';
import type postgres from 'postgres';
import type { ProcessId } from '#domain/core/ids.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Database } from '#db/core/client.ts';
import type { Lane } from './admit.ts';
import { processes } from './schema.ts';

/** High half of the advisory keys that say a process lives; the low half is its number. */
export const processLockClass = 0x0b311;

/** `application_name` of every connection of a process: what it is ended by. */
export function applicationName(processId: ProcessId): string {
  return `bellkeeper:${processId}`;
}

export interface ProcessRecord {
  readonly id: ProcessId;
  readonly kind: 'worker' | 'web';
  readonly lane: Lane;
  readonly host: string;
  readonly pid: number;
  readonly build: string;
}

/** Registers a process and takes its liveness lock on the given idle connection, before anybody may look for it. */
export async function registerProcess(
  db: Database,
  lockConnection: postgres.Sql,
  record: ProcessRecord,
): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await tx
      .insert(processes)
      .values({ ...record, state: 'live' })
      .returning({ number: processes.number });
    if (row === undefined) throw new Error('The process could not be registered.');
    const key = (BigInt(processLockClass) << 32n) | BigInt(row.number);
    await lockConnection`select pg_advisory_lock(${key.toString()}::bigint)`;
    await writeChanges(tx, [{ topic: 'engine', entity: record.id, scope: null }]);
  });
}

/** @returns false when the process has been declared lost: it must stop at once. */
export async function beat(db: Database, id: ProcessId): Promise<boolean> {
  const rows = await db
    .update(processes)
    .set({ heartbeatAt: sql`clock_timestamp()` })
    .where(and(eq(processes.id, id), inArray(processes.state, ['live', 'draining'])))
    .returning({ id: processes.id });
  return rows.length === 1;
}

export async function setPool(db: Database, id: ProcessId, poolId: string): Promise<void> {
  await db.update(processes).set({ poolId }).where(eq(processes.id, id));
}

/** Says that a process takes no more work, or has stopped. */
export async function leave(db: Database, id: ProcessId, state: 'draining' | 'stopped'): Promise<void> {
  await db.transaction(async (tx) => {
    await tx
      .update(processes)
      .set({ state, ...(state === 'stopped' ? { endedAt: sql`clock_timestamp()` } : {}) })
      .where(and(eq(processes.id, id), inArray(processes.state, ['live', 'draining'])));
    await writeChanges(tx, [{ topic: 'engine', entity: id, scope: null }]);
  });
}
