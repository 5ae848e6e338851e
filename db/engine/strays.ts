import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { attemptToken, type ProcessId, type RunId, runId } from '#domain/core/ids.ts';
import type { Database } from '#db/core/client.ts';
import { endAttempt } from './settle.ts';

/** A claim whose answer was lost on the way is known to the database alone; by this age it has surely arrived or not. */
const strayAfterSec = 5;

const strayRow = z.object({ run_id: runId, attempt: z.number().int(), token: attemptToken });

/**
 * Hands back the process's own open attempts that it does not know of: a claim may commit though its answer is lost.
 * The age is wall time, by the transition's record: a scope's clock may stand still.
 * @param holds says whether the process has the run in hand, or is about to.
 * @returns the scopes whose rooms became free.
 */
export async function handBackStrays(
  db: Database,
  by: { processId: ProcessId; host: string },
  holds: (run: RunId) => boolean,
): Promise<string[]> {
  const rows = await db.execute(sql`
    select a.run_id, a.attempt, a.token from attempts a where a.process_id = ${by.processId} and a.ended_at is null
      and exists (select 1 from run_history h where h.run_id = a.run_id and h.attempt = a.attempt and h.to_state = 'running'
        and h.recorded_at < clock_timestamp() - make_interval(secs => ${strayAfterSec}))`);
  const scopes = new Set<string>();
  for (const row of z.array(strayRow).parse([...rows])) {
    if (holds(row.run_id)) continue;
    const result = await endAttempt(db, `process:${by.host}`, {
      runId: row.run_id,
      attempt: row.attempt,
      token: row.token,
      outcome: { kind: 'handed_back' },
      exitCode: null,
      error: null,
    });
    if (result.kind === 'settled') scopes.add(result.scope);
  }
  return [...scopes];
}
