import { sql } from 'drizzle-orm';
import type { RunReason } from '#domain/runs/run.ts';
import { cancelChannel } from '#db/core/changes.ts';
import type { Transaction } from '#db/core/client.ts';

/**
 * Asks all open runs of a job but the newest `maxParallel` to give way, whoever started them. Call it after rooms are
 * taken: they are locked before runs.
 * @param now scope time.
 */
export async function cancelOlder(
  tx: Transaction,
  job: { readonly id: number; readonly maxParallel: number },
  now: Date,
): Promise<void> {
  const reason: RunReason = { code: 'cancelled_by_overlap', params: {} };
  const asked = await tx.execute<{ id: string }>(sql`
    update runs set cancel_requested_at = coalesce(cancel_requested_at, ${now.toISOString()}::timestamptz), cancel_reason = coalesce(cancel_reason, ${JSON.stringify(reason)}::jsonb)
    where id in (select id from runs where job = ${job.id} and cancel_requested_at is null
      and state in ('waiting', 'ready', 'dispatched', 'running') order by queued_at desc, scheduled_for desc, id desc offset ${job.maxParallel})
    returning id`);
  for (const row of asked) await tx.execute(sql`select pg_notify(${cancelChannel}, ${row.id})`);
}
