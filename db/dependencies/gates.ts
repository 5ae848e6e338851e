import { and, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { heldByUpstreams, type SeenUpstream } from '#domain/dependencies/gate.ts';
import { edgeOn, satisfiedBy } from '#domain/dependencies/edge.ts';
import { type RunReason, runState } from '#domain/runs/run.ts';
import { calendarOf, tradingDayOf } from '#db/calendars/load.ts';
import type { Change } from '#db/core/changes.ts';
import type { Database, Transaction } from '#db/core/client.ts';
import { continueQueueMode } from '#db/jobs/reschedule.ts';
import { jobs } from '#db/jobs/schema.ts';
import { changesOf, moveRun } from '#db/runs/move.ts';
import type { RunRow } from '#db/runs/rows.ts';
import { runs } from '#db/runs/schema.ts';

/** Waiting runs looked at in one pass, oldest first. */
const mostWaiting = 2_000;

const seenRun = z
  .object({ run_id: z.string(), state: runState, up: z.boolean().nullable() })
  .transform(({ run_id, state, up }) => ({ runId: run_id, state, up: up === true }))
  .nullable();
const seenRow = z.object({
  waiter: z.string(),
  job_id: z.string(),
  on_end: edgeOn,
  satisfied_by: satisfiedBy,
  due_at: z.coerce.date().nullable(),
  latest: seenRun,
  counting: seenRun,
  lacking: seenRun,
});

/** What the gates of these waiting runs see. An upstream's fire that is due by then counts before its run is made. */
async function look(tx: Transaction, ids: readonly string[]): Promise<Map<string, SeenUpstream[]>> {
  const list = sql.join(
    ids.map((id) => sql`${id}::uuid`),
    sql`, `,
  );
  const up = sql`(r.mode = 'service' and r.state = 'running' and w.scheduled_for < r.service_until
    and (r.service->>'ticks')::int > 0 and (r.service->>'failing')::int = 0)`;
  const seen = sql`select json_build_object('run_id', r.id, 'state', r.state, 'up', ${up}) from runs r
    where r.job = e.upstream and r.trading_day = w.trading_day and r.scheduled_for <= w.scheduled_for and r.state <> 'skipped'`;
  const counts = sql`(${up} or r.state = 'succeeded' or (e.on_end = 'any' and r.state in ('failed', 'cancelled', 'quarantined')))`;
  const rows = await tx.execute(sql`
    select w.id as waiter, u.job_id, e.on_end, e.satisfied_by,
      case when u.enabled and u.next_due_at <= w.scheduled_for then u.next_due_at end as due_at,
      (${seen} order by r.scheduled_for desc, r.id desc limit 1) as latest,
      case when e.satisfied_by = 'any' then (${seen} and ${counts} limit 1) end as counting,
      case when e.satisfied_by = 'all' then (${seen} and (${counts}) is not true order by r.scheduled_for limit 1) end as lacking
    from runs w join job_edges e on e.downstream = w.job and e.kind <> 'trigger' join jobs u on u.id = e.upstream
    where w.id in (${list}) order by u.job_id`);
  const found = new Map<string, SeenUpstream[]>();
  for (const row of z.array(seenRow).parse([...rows])) {
    const entry: SeenUpstream = {
      jobId: row.job_id,
      rule: { on: row.on_end, satisfied_by: row.satisfied_by },
      latest: row.latest,
      counting: row.counting,
      lacking: row.lacking,
      dueAt: row.due_at,
    };
    const others = found.get(row.waiter);
    if (others === undefined) found.set(row.waiter, [entry]);
    else others.push(entry);
  }
  return found;
}

const sameReason = (a: RunReason, b: RunReason) =>
  a.code === b.code &&
  a.params['run_id'] === b.params['run_id'] &&
  a.params['job'] === b.params['job'] &&
  a.params['state'] === b.params['state'] &&
  a.params['more'] === b.params['more'];

async function explain(tx: Transaction, run: RunRow, reason: RunReason): Promise<boolean> {
  if (sameReason(run.reason, reason)) return false;
  await tx
    .update(runs)
    .set({ reason })
    .where(and(eq(runs.id, run.id), eq(runs.state, 'waiting')));
  return true;
}

/**
 * Lets go the runs whose upstreams are done, and tells the others what they wait for.
 * @returns what changed.
 */
export async function releaseGates(tx: Transaction): Promise<Change[]> {
  const found = await tx
    .select({ run: runs, now: sql<string>`scope_now(${runs.scope})` })
    .from(runs)
    .where(and(sql`${runs.waitsFor} = 'upstream'`, sql`${runs.cancelRequestedAt} is null`))
    .orderBy(runs.id)
    .limit(mostWaiting)
    .for('update', { of: runs, skipLocked: true });
  if (found.length === 0) return [];
  const seen = await look(
    tx,
    found.map(({ run }) => run.id),
  );
  const changed: RunRow[] = [];
  for (const { run, now } of found) {
    const held = heldByUpstreams(seen.get(run.id) ?? []);
    if (held !== null) {
      if (await explain(tx, run, held)) changed.push(run);
      continue;
    }
    const mover = { actor: 'system:engine', at: new Date(now) };
    await moveRun(tx, mover, run, 'ready', { code: 'gates_passed', params: {} });
    changed.push(run);
  }
  return changesOf(changed);
}

/** Jobs with runs that wait at a gate though their trading day is over. */
export async function jobsPastTheirDay(db: Database): Promise<number[]> {
  const rows = await db
    .select({
      job: jobs,
      day: sql<string>`min(${runs.tradingDay})`,
      now: sql<string>`scope_now(${jobs.scope})`,
    })
    .from(runs)
    .innerJoin(jobs, eq(jobs.id, runs.job))
    .where(sql`${runs.waitsFor} = 'upstream'`)
    .groupBy(jobs.id);
  const past: number[] = [];
  for (const { job, day, now } of rows) {
    const calendar = await calendarOf(db, job.scope, job.calendar);
    if (day < tradingDayOf(calendar, new Date(now), job.timeZone)) past.push(job.id);
  }
  return past;
}

/** Ends what a job's gates still hold from earlier trading days. The job is locked before its runs, as by firing. */
export async function endPastDays(tx: Transaction, id: number): Promise<Change[]> {
  const [found] = await tx
    .select({ job: jobs, now: sql<string>`scope_now(${jobs.scope})` })
    .from(jobs)
    .where(eq(jobs.id, id))
    .for('no key update', { of: jobs });
  if (found === undefined) return [];
  const now = new Date(found.now);
  const calendar = await calendarOf(tx, found.job.scope, found.job.calendar);
  const today = tradingDayOf(calendar, now, found.job.timeZone);
  const late = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.job, id), inArray(runs.state, ['waiting']), sql`${runs.waitsFor} = 'upstream'`))
    .orderBy(runs.id)
    .limit(500)
    .for('update');
  const over = late.filter((run) => run.tradingDay < today);
  for (const run of over) {
    const reason: RunReason = {
      code: 'upstream_day_over',
      params: { cause: run.reason.code, job: run.reason.params['job'] ?? null, day: run.tradingDay },
    };
    await moveRun(tx, { actor: 'system:engine', at: now }, run, 'skipped', reason, { finishedAt: now });
    await continueQueueMode(tx, run.job, now);
  }
  return changesOf(over);
}
