import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { AttemptToken, ProcessId, RunId } from '#domain/core/ids.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Database, Transaction } from '#db/core/client.ts';
import { lockJobsOfRuns } from '#db/jobs/fetch.ts';
import { lockHeldRows } from '#db/locks/named.ts';
import { attempts } from '#db/runs/schema.ts';
import { requireEpoch, terminateBackends } from './leadership.ts';
import { processLockClass } from './processes.ts';
import { processes } from './schema.ts';
import { settleAttempt } from './settle.ts';

/** A process whose heartbeat is older than this, by the database's clock, is lost though its lock is held. */
export const heartbeatTimeoutSec = 10;
/** After the server itself restarted, every lock is gone: processes get this long to come back. */
export const restartGraceSec = 15;

export interface LostProcess {
  readonly id: ProcessId;
  readonly host: string;
  readonly pid: number;
  readonly poolId: string | null;
  readonly why: 'lock_gone' | 'heartbeat_old';
}

export interface OrphanChild {
  readonly host: string;
  readonly pid: number;
  readonly start: string | null;
}

/** Processes that are said to live but hold no lock, or no longer beat. Empty while the server has just started. */
export async function findLost(db: Database): Promise<LostProcess[]> {
  const rows = await db.execute<{
    id: ProcessId;
    host: string;
    pid: number;
    pool_id: string | null;
    held: boolean;
  }>(sql`
    with held as (select objid::bigint as number from pg_locks where locktype = 'advisory' and classid = ${processLockClass} and objsubid = 1 and granted
      and database = (select oid from pg_database where datname = current_database()))
    select p.id, p.host, p.pid, p.pool_id, h.number is not null as held from processes p left join held h using (number)
    where p.kind = 'worker' and p.state in ('live', 'draining')
      and (h.number is null or p.heartbeat_at < clock_timestamp() - make_interval(secs => ${heartbeatTimeoutSec}))
      and clock_timestamp() - pg_postmaster_start_time() > make_interval(secs => ${restartGraceSec})`);
  return [...rows].map((row) => ({
    id: row.id,
    host: row.host,
    pid: row.pid,
    poolId: row.pool_id,
    why: row.held ? 'heartbeat_old' : 'lock_gone',
  }));
}

/** Children that attempts of a process may have left behind. */
export async function childrenOf(db: Database, id: ProcessId): Promise<OrphanChild[]> {
  const rows = await db
    .select({ host: attempts.host, pid: attempts.childPid, start: attempts.childStart })
    .from(attempts)
    .where(and(eq(attempts.processId, id), isNull(attempts.endedAt)));
  return rows.flatMap((row) =>
    row.pid === null ? [] : [{ host: row.host, pid: row.pid, start: row.start }],
  );
}

/**
 * Declares a process lost: fences its attempts, frees their rooms, sends their runs on, and unlocks its graphile jobs,
 * in one transaction. Its backends are ended first, so that nothing of it can still commit. Call it only when its
 * children are known to be dead.
 * @returns the scopes whose rooms changed.
 * @throws NotLeader.
 */
export async function reap(db: Database, epoch: number, lost: LostProcess): Promise<string[]> {
  return db.transaction(async (tx) => {
    await requireEpoch(tx, epoch);
    if (!(await stillLost(tx, lost))) return [];
    await terminateBackends(tx, lost.id);
    const [gone] = await tx
      .update(processes)
      .set({ state: 'lost', endedAt: sql`clock_timestamp()` })
      .where(and(eq(processes.id, lost.id), inArray(processes.state, ['live', 'draining'])))
      .returning({ id: processes.id });
    if (gone === undefined) return [];
    const open = await tx
      .select({ runId: attempts.runId, attempt: attempts.attempt, token: attempts.token })
      .from(attempts)
      .where(and(eq(attempts.processId, lost.id), isNull(attempts.endedAt)));
    const lostRuns = open.map((attempt) => attempt.runId);
    await lockJobsOfRuns(tx, lostRuns);
    await lockHeldRows(tx, lostRuns);
    const scopes = new Set<string>();
    for (const attempt of open) {
      const result = await settleAttempt(tx, 'system:leader', endOf(attempt, lost));
      if (result.kind === 'settled') scopes.add(result.scope);
    }
    if (lost.poolId !== null)
      await tx.execute(sql`select graphile_worker.force_unlock_workers(array[${lost.poolId}])`);
    await writeChanges(tx, [{ topic: 'engine', entity: lost.id, scope: null }]);
    return [...scopes];
  });
}

/** Looks again under the row's lock: claims of that process wait for us, and a heartbeat that came meanwhile counts. */
async function stillLost(tx: Transaction, lost: LostProcess): Promise<boolean> {
  const [row] = await tx.execute<{ old: boolean }>(sql`
    select heartbeat_at < clock_timestamp() - make_interval(secs => ${heartbeatTimeoutSec}) as old
    from processes where id = ${lost.id} and state in ('live', 'draining') for update`);
  return row !== undefined && (lost.why === 'lock_gone' || row.old);
}

function endOf(attempt: { runId: RunId; attempt: number; token: AttemptToken }, lost: LostProcess) {
  return {
    ...attempt,
    outcome: { kind: 'lost', process: `${lost.host}:${lost.pid}` } as const,
    exitCode: null,
    error:
      lost.why === 'lock_gone'
        ? `process ${lost.pid} on ${lost.host} ended`
        : `process ${lost.pid} on ${lost.host} stopped answering`,
  };
}
