import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { leaseSec } from '#domain/external/view.ts';
import { type AttemptToken, attemptToken } from '#domain/core/ids.ts';
import type { Transaction } from '#db/core/client.ts';
import { type Mover, moveRun } from '#db/runs/move.ts';
import type { RunRow } from '#db/runs/rows.ts';
import { attempts } from '#db/runs/schema.ts';

export interface Started {
  readonly run: RunRow;
  readonly token: AttemptToken;
}

/** Seconds a consumer's attempt may take: no longer than it may hold its locks. */
export function attemptLimitSec(
  run: Pick<RunRow, 'locks'>,
  job: { readonly timeoutSec: number; readonly lockTimeoutSec: number },
): number {
  return run.locks.length === 0 ? job.timeoutSec : Math.min(job.timeoutSec, job.lockTimeoutSec);
}

/**
 * Starts an attempt of a ready run on behalf of a consumer, under a new token and a lease by the database's clock.
 * @returns null when the run is no longer ready.
 */
export async function startAttempt(
  tx: Transaction,
  mover: Mover,
  run: Pick<RunRow, 'id' | 'scope' | 'state' | 'attempt'>,
  by: { readonly consumer: string; readonly timeoutSec: number },
): Promise<Started | null> {
  const token = attemptToken.parse(randomUUID());
  const reason = { code: 'taken', params: { consumer: by.consumer } } as const;
  const moved = await moveRun(tx, mover, run, 'running', reason, {
    attempt: run.attempt + 1,
    processId: null,
    startedAt: mover.at,
    finishedAt: null,
    progress: null,
  });
  if (moved === null) return null;
  await tx.insert(attempts).values({
    runId: run.id,
    attempt: moved.attempt,
    token,
    consumer: by.consumer,
    host: by.consumer,
    params: moved.params,
    startedAt: mover.at,
    leaseUntil: sql`clock_timestamp() + make_interval(secs => ${leaseSec})`,
    deadline: sql`clock_timestamp() + make_interval(secs => ${by.timeoutSec})`,
  });
  return { run: moved, token };
}
