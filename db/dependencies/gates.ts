import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type RunId, runId } from '#domain/core/ids.ts';
import { heldByUpstreams, type SeenUpstream } from '#domain/dependencies/gate.ts';
import { edgeOn, satisfiedBy } from '#domain/dependencies/edge.ts';
import { type RunReason, runReason, runState } from '#domain/runs/run.ts';
import { transition } from '#domain/runs/transition.ts';
import { calendarOf, tradingDayOf } from '#db/calendars/load.ts';
import type { Change } from '#db/core/changes.ts';
import type { Database, Transaction } from '#db/core/client.ts';
import { inEpoch } from '#db/engine/leadership.ts';
import { continueQueueMode } from '#db/jobs/reschedule.ts';
import { jobs } from '#db/jobs/schema.ts';
import { changesOf, moveRun } from '#db/runs/move.ts';
import { runs } from '#db/runs/schema.ts';

/** Waiting runs looked at in one transaction. */
const pageSize = 500;
/** More changed runs than these are told as one change of the whole list. */
const toldOneByOne = 20;

const seenRun = z
  .object({ run_id: z.string(), state: runState, up: z.boolean().nullable() })
  .transform(({ run_id, state, up }) => ({ runId: run_id, state, up: up === true }))
  .nullable();
const waiterRow = z.object({ waiter: runId, job_id: z.string(), scope: z.string(), reason: runReason });
const upstreamRow = z.object({
  upstream: z.string(),
  on_end: edgeOn,
  satisfied_by: satisfiedBy,
  due_at: z.coerce.date().nullable(),
  latest: seenRun,
  counting: seenRun,
  lacking: seenRun,
});

interface Waiter {
  readonly id: RunId;
  readonly jobId: string;
  readonly scope: string;
  readonly reason: RunReason;
  readonly upstreams: SeenUpstream[];
}

/**
 * The next waiting runs by id, with what their gates see, in one statement. An upstream's fire that is due by then counts
 * before its run is made; a run without gates sees nothing.
 */
async function look(tx: Transaction, after: string | null, of: SQL): Promise<Waiter[]> {
  const up = sql`(r.mode = 'service' and r.state = 'running' and w.scheduled_for < r.service_until
    and (r.service->>'ticks')::int > 0 and (r.service->>'failing')::int = 0)`;
  const seen = sql`select json_build_object('run_id', r.id, 'state', r.state, 'up', ${up}) from runs r
    where r.job = e.upstream and r.trading_day = w.trading_day and r.scheduled_for <= w.scheduled_for and r.state <> 'skipped'`;
  const counts = sql`(${up} or r.state = 'succeeded' or (e.on_end = 'any' and r.state in ('failed', 'cancelled', 'quarantined')))`;
  const rows = await tx.execute(sql`
    with w as materialized (
      select r.* from runs r where r.waits_for = 'upstream' and r.cancel_requested_at is null and ${of}
        and (${after}::uuid is null or r.id > ${after}::uuid) order by r.id limit ${pageSize})
    select w.id as waiter, w.job_id, w.scope, w.reason, u.job_id as upstream, e.on_end, e.satisfied_by,
      case when u.enabled and u.next_due_at <= w.scheduled_for then u.next_due_at end as due_at,
      (${seen} order by r.scheduled_for desc, r.id desc limit 1) as latest,
      case when e.satisfied_by = 'any' then (${seen} and ${counts} limit 1) end as counting,
      case when e.satisfied_by = 'all' then (${seen} and (${counts}) is not true order by r.scheduled_for limit 1) end as lacking
    from w left join job_edges e on e.downstream = w.job and e.kind <> 'trigger' left join jobs u on u.id = e.upstream
    order by w.id, u.job_id`);
  const found = new Map<string, Waiter>();
  for (const row of rows) {
    const { waiter, job_id, scope, reason } = waiterRow.parse(row);
    const entry = found.get(waiter) ?? { id: waiter, jobId: job_id, scope, reason, upstreams: [] };
    found.set(waiter, entry);
    if (row['upstream'] === null) continue;
    const gate = upstreamRow.parse(row);
    entry.upstreams.push({
      jobId: gate.upstream,
      rule: { on: gate.on_end, satisfied_by: gate.satisfied_by },
      latest: gate.latest,
      counting: gate.counting,
      lacking: gate.lacking,
      dueAt: gate.due_at,
    });
  }
  return [...found.values()];
}

const sameReason = (a: RunReason, b: RunReason) =>
  a.code === b.code &&
  a.params['run_id'] === b.params['run_id'] &&
  a.params['job'] === b.params['job'] &&
  a.params['state'] === b.params['state'] &&
  a.params['more'] === b.params['more'];

/** Those of the runs that still wait and that nobody else has in hand, locked: what is locked is left to the next look. */
function free(ids: readonly string[]) {
  return sql`(select id from runs where id in (select value::uuid from json_array_elements_text(${JSON.stringify(ids)}::json))
    and waits_for = 'upstream' and cancel_requested_at is null for update skip locked)`;
}

async function explain(tx: Transaction, news: readonly { id: RunId; reason: RunReason }[]): Promise<void> {
  if (news.length === 0) return;
  await tx.execute(sql`update runs set reason = v.reason
    from json_to_recordset(${JSON.stringify(news)}::json) as v(id uuid, reason jsonb)
    where runs.id = v.id and runs.id in ${free(news.map(({ id }) => id))}`);
}

async function release(tx: Transaction, ids: readonly RunId[]): Promise<void> {
  if (ids.length === 0) return;
  const step = transition('waiting', 'ready', { code: 'gates_passed', params: {} });
  const reason = JSON.stringify(step.reason);
  await tx.execute(sql`
    with moved as (update runs set state = ${step.to}, waits_for = null, reason = ${reason}::jsonb where id in ${free(ids)} returning *)
    insert into run_history (run_id, scope, from_state, to_state, reason, actor, attempt, at)
    select id, scope, ${step.from}, state, reason, 'system:engine', attempt, scope_now(scope) from moved`);
}

function told(changed: readonly Waiter[]): Change[] {
  if (changed.length <= toldOneByOne) return changesOf(changed);
  return [...new Set(changed.map(({ scope }) => scope))].flatMap((scope) => [
    { topic: 'runs' as const, entity: '*', scope },
    { topic: 'jobs' as const, entity: '*', scope },
  ]);
}

async function releasePage(
  tx: Transaction,
  after: string | null,
  of: SQL,
): Promise<{ last: string | null; changes: Change[] }> {
  const waiters = await look(tx, after, of);
  const changed: Waiter[] = [];
  const news: { id: RunId; reason: RunReason }[] = [];
  const passed: RunId[] = [];
  for (const waiter of waiters) {
    const held = heldByUpstreams(waiter.upstreams);
    if (held !== null && sameReason(waiter.reason, held)) continue;
    changed.push(waiter);
    if (held === null) passed.push(waiter.id);
    else news.push({ id: waiter.id, reason: held });
  }
  await release(tx, passed);
  await explain(tx, news);
  return { last: waiters.length < pageSize ? null : (waiters.at(-1)?.id ?? null), changes: told(changed) };
}

/**
 * Lets go the runs whose upstreams are done, and tells the others what they wait for, a page to a transaction.
 * @param upstream only runs of jobs that wait for this job; null: all that wait.
 * @throws NotLeader.
 */
export async function releaseGates(
  db: Database,
  epoch: number,
  upstream: number | null = null,
): Promise<void> {
  const of =
    upstream === null
      ? sql`true`
      : sql`r.job in (select downstream from job_edges where upstream = ${upstream} and kind <> 'trigger')`;
  let after: string | null = null;
  do {
    let last: string | null = null;
    await inEpoch(db, epoch, async (tx) => {
      const page = await releasePage(tx, after, of);
      ({ last } = page);
      return page.changes;
    });
    after = last;
  } while (after !== null);
}

/** Jobs with runs that wait at a gate though their trading day is over. */
export async function jobsPastTheirDay(db: Database): Promise<number[]> {
  const rows = await db
    .select({
      id: jobs.id,
      scope: jobs.scope,
      calendar: jobs.calendar,
      timeZone: jobs.timeZone,
      day: sql<string>`min(${runs.tradingDay})`,
      now: sql<string>`scope_now(${jobs.scope})`,
    })
    .from(runs)
    .innerJoin(jobs, eq(jobs.id, runs.job))
    .where(sql`${runs.waitsFor} = 'upstream'`)
    .groupBy(jobs.id);
  const days = new Map<string, string>();
  const past: number[] = [];
  for (const { id, scope, calendar, timeZone, day, now } of rows) {
    const key = JSON.stringify([scope, calendar, timeZone]);
    const today =
      days.get(key) ?? tradingDayOf(await calendarOf(db, scope, calendar), new Date(now), timeZone);
    days.set(key, today);
    if (day < today) past.push(id);
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
