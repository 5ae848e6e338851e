import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { RunReason } from '#domain/runs/run.ts';
import { type ServiceState, newService } from '#domain/runs/service.ts';
import { defaultZone, formatInZone } from '#domain/time/zone.ts';
import { type Change, changesChannel } from '#db/core/changes.ts';
import type { Database, Transaction } from '#db/core/client.ts';
import { storable } from '#db/core/storable.ts';
import { jobs } from '#db/jobs/schema.ts';
import { freeHeld } from '#db/locks/named.ts';
import { moveRun } from '#db/runs/move.ts';
import type { RunRow } from '#db/runs/rows.ts';
import { runs } from '#db/runs/schema.ts';
import type { Claim } from './claim.ts';

const beatRow = z.object({ now: z.coerce.date(), until: z.coerce.date() });
export type ServiceBeat = z.output<typeof beatRow>;

/**
 * The heartbeat of a service with its counters. Fenced: a process whose attempt was given to another writes nothing.
 * @param announce tells those who look on.
 * @returns scope time and the session's end as they stand; null when the attempt is over.
 */
export async function beatService(
  db: Database,
  claim: Pick<Claim, 'id' | 'token'>,
  state: ServiceState,
  announce: boolean,
): Promise<ServiceBeat | null> {
  const { heartbeatAt: _, lastError, ...counters } = state;
  const value = JSON.stringify({ ...counters, lastError: lastError === null ? null : storable(lastError) });
  const rows = await db.execute(sql`
    with held as (
      update runs set service = ${value}::jsonb || jsonb_build_object('heartbeatAt', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      where id = ${claim.id} and state = 'running' and exists (
        select 1 from attempts a where a.run_id = runs.id and a.attempt = runs.attempt and a.token = ${claim.token} and a.ended_at is null)
      returning id, scope, job_id, service_until),
    changed as (
      insert into changes (topic, entity, scope)
      select t.topic, t.entity, scope from held cross join lateral (values ('runs', id::text), ('jobs', job_id)) as t(topic, entity)
      where ${announce}::boolean returning id)
    select scope_now(scope) as now, service_until as until, (select pg_notify(${changesChannel}, '') from changed limit 1) from held`);
  return rows[0] === undefined ? null : beatRow.parse(rows[0]);
}

/** Counters of a run that has none yet. */
export function serviceOf(run: Pick<RunRow, 'service'>, intervalSec: number | null): ServiceState {
  return run.service ?? newService(intervalSec ?? 1);
}

/** Jobs with a service that is open and not running though its session is over. */
export async function jobsWithEndedSessions(db: Database): Promise<number[]> {
  const rows = await db.execute<{ job: string }>(sql`
    select distinct r.job from jobs j join runs r on r.job = j.id and r.state in ('waiting', 'ready', 'dispatched')
    where j.mode = 'service' and r.mode = 'service' and r.service_until <= scope_now(j.scope) limit 500`);
  return [...rows].map((row) => Number(row.job));
}

/** A session that ended while its service was not running: it was missed, or over before it could go on. */
export async function endSessions(tx: Transaction, job: number): Promise<Change[]> {
  const [held] = await tx
    .select({ timeZone: jobs.timeZone })
    .from(jobs)
    .where(eq(jobs.id, job))
    .for('no key update');
  const over = await tx
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.job, job),
        eq(runs.mode, 'service'),
        sql`${runs.state} in ('waiting', 'ready', 'dispatched')`,
        sql`${runs.serviceUntil} <= scope_now(${runs.scope})`,
      ),
    )
    .orderBy(runs.id)
    .for('update');
  const changes: Change[] = [];
  for (const run of over) {
    const at = run.serviceUntil ?? run.queuedAt;
    const to = run.attempt === 0 && run.state !== 'dispatched' ? 'skipped' : 'cancelled';
    await moveRun(
      tx,
      { actor: 'system:engine', at },
      run,
      to,
      reasonOfEnd(run, held?.timeZone ?? defaultZone),
      {
        finishedAt: at,
        notBefore: null,
      },
    );
    await freeHeld(tx, run.id);
    changes.push(
      { topic: 'runs', entity: run.id, scope: run.scope },
      { topic: 'jobs', entity: run.jobId, scope: run.scope },
    );
  }
  return changes;
}

function reasonOfEnd(run: RunRow, timeZone: string): RunReason {
  if (run.attempt === 0) {
    const from = formatInZone(run.scheduledFor, timeZone, 'minute');
    return { code: 'service_missed', params: { ...run.reason.params, from, cause: run.reason.code } };
  }
  const { ticks, failures } = serviceOf(run, null);
  return { code: 'service_over', params: { ...run.reason.params, ticks, failures, cause: run.reason.code } };
}
