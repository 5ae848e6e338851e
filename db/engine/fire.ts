import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Calendar } from '#domain/time/calendar/calendar.ts';
import type { RunReason } from '#domain/runs/run.ts';
import { openStates } from '#domain/runs/run.ts';
import { overlap } from '#domain/runs/overlap.ts';
import { dueFires, type SkippedRange } from '#domain/time/misfire.ts';
import { scheduleOf } from '#domain/time/schedule.ts';
import { serviceDue, type ServiceDue, type ServiceTimes } from '#domain/time/service-sessions.ts';
import { formatInZone } from '#domain/time/zone.ts';
import { calendarsOf, type ScopeCalendars, tradingDayOf } from '#db/calendars/load.ts';
import { type Change, writeChanges } from '#db/core/changes.ts';
import type { Database, Transaction } from '#db/core/client.ts';
import { continueQueueMode } from '#db/jobs/reschedule.ts';
import { definitionOf, type JobRow } from '#db/jobs/rows.ts';
import { jobs } from '#db/jobs/schema.ts';
import { insertManyRuns } from '#db/runs/insert-many.ts';
import { newRunId } from '#db/runs/rows.ts';
import { runOfJob } from '#db/runs/run-now.ts';
import { runs } from '#db/runs/schema.ts';
import { scopes } from '#db/scopes/schema.ts';
import { firstState, gatedJobs } from '#db/dependencies/edges.ts';
import { admit } from './admit.ts';
import { cancelOlder } from './cancel-older.ts';
import { requireEpoch } from './leadership.ts';

type NewRun = typeof runs.$inferInsert;
interface DueJob {
  readonly job: JobRow;
  /** Scope time at which this pass looks. */
  readonly now: Date;
  /** The job's, with its exceptions. */
  readonly calendar: Calendar | null;
  /** Its runs wait for other jobs. */
  readonly gated: boolean;
}
interface Plan {
  readonly runs: NewRun[];
  readonly nextDueAt: Date | null;
  /** Whether older open runs give way to the newest. */
  readonly replaces: boolean;
  /** Why the schedule could not be read; the job is then due no more until it is edited. */
  readonly fault: string | null;
}

/** Jobs fired in one transaction at most; the pass is repeated while there are more. */
export const fireBatch = 1_000;
/** Planning long-missed schedules takes time: what does not fit is left to the next pass, so that no pass is long. */
const planBudgetMs = 150;
/** Runs made in one transaction, but for the last job's own. */
const mostRuns = 1_000;

function planAll(
  due: readonly DueJob[],
  open: ReadonlyMap<number, number>,
): (DueJob & { readonly plan: Plan })[] {
  const planned: (DueJob & { readonly plan: Plan })[] = [];
  const begun = performance.now();
  let count = 0;
  for (const entry of due) {
    if (planned.length > 0 && (performance.now() - begun > planBudgetMs || count >= mostRuns)) break;
    const next = planSafely(entry, open.get(entry.job.id) ?? 0);
    count += next.runs.length;
    planned.push({ ...entry, plan: next });
  }
  return planned;
}

async function lockDue(tx: Transaction, only: number | null): Promise<Omit<DueJob, 'calendar' | 'gated'>[]> {
  const now = sql<string>`case when ${scopes.clockKind} = 'wall' then clock_timestamp() else ${scopes.clockAt} end`;
  const rows = await tx
    .select({ job: jobs, now })
    .from(jobs)
    .innerJoin(scopes, eq(scopes.name, jobs.scope))
    .where(
      and(
        eq(jobs.enabled, true),
        sql`${jobs.nextDueAt} <= ${now}`,
        only === null ? undefined : eq(jobs.id, only),
      ),
    )
    .orderBy(jobs.nextDueAt)
    .limit(fireBatch)
    .for('no key update', { of: jobs, skipLocked: true });
  return rows.map((row) => ({ job: row.job, now: new Date(row.now) }));
}

/** Read after the jobs are locked: an edit of a calendar locks its jobs first. */
function completed(
  due: readonly Omit<DueJob, 'calendar' | 'gated'>[],
  calendars: ReadonlyMap<string, ScopeCalendars>,
  gated: ReadonlySet<number>,
): DueJob[] {
  return due.map((entry) => ({
    ...entry,
    gated: gated.has(entry.job.id),
    calendar: calendars.get(entry.job.scope)?.find(entry.job.calendar) ?? null,
  }));
}

async function openCounts(tx: Transaction, ids: readonly number[]): Promise<Map<number, number>> {
  const rows = await tx
    .select({ job: runs.job, count: sql<string>`count(*)` })
    .from(runs)
    .where(
      and(
        inArray(runs.job, [...ids]),
        inArray(runs.state, [...openStates]),
        isNull(runs.cancelRequestedAt),
        // A service whose session is over is not in the way of the next.
        sql`(${runs.serviceUntil} is null or ${runs.serviceUntil} > scope_now(${runs.scope}))`,
      ),
    )
    .groupBy(runs.job);
  return new Map(rows.map((row) => [row.job, Number(row.count)]));
}

function baseRun({ job, now, calendar }: DueJob, nominal: Date): Omit<NewRun, 'state' | 'reason'> {
  return {
    ...runOfJob(job),
    id: newRunId(now),
    dedupeKey: `at:${nominal.toISOString()}`,
    triggerSource: job.rescheduleMode === 'queue' ? 'auto-reschedule' : 'scheduler',
    tradingDay: tradingDayOf(calendar, nominal, job.timeZone),
    scheduledFor: nominal,
    queuedAt: now,
  };
}

function skipped(due: DueJob, nominal: Date, reason: RunReason): NewRun {
  return { ...baseRun(due, nominal), state: 'skipped', reason, finishedAt: due.now };
}

function missed(job: JobRow, range: SkippedRange, now: Date): RunReason {
  const lateSec = Math.floor((now.getTime() - range.to.getTime()) / 1_000);
  return {
    code: range.code,
    params: {
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      count: range.count,
      more: range.more,
      late_sec: lateSec,
      grace_sec: job.misfireGraceSec,
    },
  };
}

/** The new runs of one due job: fires in order, each under the overlap policy with those before it open. */
function plan(entry: DueJob, openBefore: number): Plan {
  const { job, now, calendar } = entry;
  const due = job.nextDueAt ?? now;
  if (job.rescheduleMode === 'queue') {
    return {
      runs: [{ ...baseRun(entry, due), ...firstState(entry.gated), reason: firstReason(job) }],
      nextDueAt: null,
      replaces: false,
      fault: null,
    };
  }
  const schedule = scheduleOf({ ...definitionOf(job), schedule_anchor: job.scheduleAnchor }, calendar);
  if (schedule.kind === 'service') return planService(entry, schedule, due, openBefore);
  const fires = dueFires({
    schedule,
    nextDueAt: due,
    now,
    misfire: job.misfire,
    graceSec: job.misfireGraceSec,
  });
  const planned: NewRun[] = fires.skipped.map((range) => skipped(entry, range.to, missed(job, range, now)));
  let open = openBefore;
  let replaces = false;
  // Of several that would replace one another only the newest are worth starting.
  const stale = job.overlap === 'cancel_previous' ? Math.max(0, fires.runs.length - job.maxParallel) : 0;
  for (const [index, fire] of fires.runs.entries()) {
    if (index < stale) {
      planned.push(
        skipped(entry, fire.nominal, { code: 'overlap', params: { open, limit: job.maxParallel } }),
      );
      continue;
    }
    const decision = overlap(job.overlap, open, job.maxParallel);
    if (decision.kind === 'skip')
      planned.push(
        skipped(entry, fire.nominal, {
          code: 'overlap',
          params: { open: decision.open, limit: job.maxParallel },
        }),
      );
    else {
      planned.push({ ...baseRun(entry, fire.nominal), ...firstState(entry.gated), reason: firstReason(job) });
      open += 1;
      if (decision.kind === 'start_and_cancel') replaces = true;
    }
  }
  return { runs: planned, nextDueAt: fires.nextDueAt, replaces, fault: null };
}

function missedSessions(
  { job }: DueJob,
  { from, to, count, more }: NonNullable<ServiceDue['missed']>,
): RunReason {
  const at = (start: Date) => formatInZone(start, job.timeZone, 'minute');
  if (count === 1) return { code: 'service_missed', params: { from: at(from), cause: 'service_not_fired' } };
  return { code: 'service_missed_range', params: { from: at(from), to: at(to), count, more } };
}

/** A service starts for the rest of the session that is on, however late; sessions that are over were missed. */
function planService(entry: DueJob, schedule: ServiceTimes, due: Date, openBefore: number): Plan {
  const { start, missed: gone, nextDueAt } = serviceDue(schedule, due, entry.now, openBefore > 0);
  const planned: NewRun[] = [];
  if (gone !== null) planned.push(skipped(entry, gone.to > due ? gone.to : due, missedSessions(entry, gone)));
  if (start !== null)
    planned.push({
      ...baseRun(entry, start.nominal),
      scheduledFor: start.from,
      tradingDay: start.session.tradingDay,
      serviceUntil: start.session.end,
      ...firstState(entry.gated),
      reason: firstReason(entry.job),
    });
  return { runs: planned, nextDueAt, replaces: false, fault: null };
}

/** A schedule that cannot be read stops its own job only. */
function planSafely(due: DueJob, openBefore: number): Plan {
  try {
    return plan(due, openBefore);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { runs: [], nextDueAt: null, replaces: false, fault: error.message };
  }
}

function firstReason(job: JobRow): RunReason {
  return job.task === 'external'
    ? { code: 'no_consumer', params: { queue: job.queue } }
    : { code: 'due', params: {} };
}

async function advance(tx: Transaction, plans: readonly { job: JobRow; plan: Plan }[]): Promise<void> {
  const values = JSON.stringify(
    plans.map(({ job, plan }) => ({
      id: job.id,
      due: plan.nextDueAt?.toISOString() ?? null,
      fault: plan.fault,
    })),
  );
  await tx.execute(sql`update jobs set next_due_at = v.due, last_error = coalesce(v.fault, last_error)
    from json_to_recordset(${values}::json) as v(id bigint, due timestamptz, fault text) where jobs.id = v.id`);
}

export interface FireResult {
  readonly fired: number;
  /** The batch was full: look again at once. */
  readonly more: boolean;
}

/**
 * Fires what is due, in one transaction: epoch check, runs, next due times, admission. Never early: what is due is
 * judged by the database's clock (or the scope's simulated one).
 * @param only one job's key, to find the one that makes a batch fail.
 * @throws NotLeader when the epoch has moved on.
 */
export async function fireDue(db: Database, epoch: number, only: number | null = null): Promise<FireResult> {
  return db.transaction(async (tx) => {
    await requireEpoch(tx, epoch);
    const locked = await lockDue(tx, only);
    if (locked.length === 0) return { fired: 0, more: false };
    const lockedJobs = locked.map((entry) => entry.job);
    const [calendars, gated, open] = await Promise.all([
      calendarsOf(tx, lockedJobs),
      gatedJobs(tx, lockedJobs),
      openCounts(
        tx,
        lockedJobs.map((job) => job.id),
      ),
    ]);
    const due = completed(locked, calendars, gated);
    const planned = planAll(due, open);
    await advance(tx, planned);
    const changes: Change[] = [];
    const started = new Set<number>();
    // By name: whoever takes locks of several scopes takes them in one order.
    for (const scope of [...new Set(planned.map((entry) => entry.job.scope))].sort()) {
      const mine = planned.filter((entry) => entry.job.scope === scope);
      const at = mine[0]?.now ?? new Date(Number.NaN);
      const made = await insertManyRuns(
        tx,
        { actor: 'system:scheduler', at },
        mine.flatMap((entry) => entry.plan.runs),
      );
      for (const run of made) started.add(run.job);
      const admitted = await admit(tx, scope);
      changes.push(
        { topic: 'jobs', entity: '*', scope },
        { topic: 'runs', entity: '*', scope },
        ...admitted.changes,
      );
    }
    // After admission: rooms are locked before the rows of runs, everywhere.
    for (const { job, now, plan } of planned) {
      if (plan.replaces) await cancelOlder(tx, job, now);
      // A due time that a run had already (a clock set back, or standing still) made none, and no end will follow.
      if (job.rescheduleMode === 'queue' && !started.has(job.id)) await continueQueueMode(tx, job.id, now);
    }
    await writeChanges(tx, changes);
    return {
      fired: planned.reduce((sum, entry) => sum + entry.plan.runs.length, 0),
      more: due.length === fireBatch || planned.length < due.length,
    };
  });
}

/** Keys of the jobs that are due now. */
export async function dueJobs(db: Database): Promise<number[]> {
  const rows = await db.execute<{ id: string }>(
    sql`select id from jobs where enabled and next_due_at <= scope_now(scope) order by next_due_at limit ${fireBatch}`,
  );
  return [...rows].map((row) => Number(row.id));
}

/** Puts off a job that cannot be fired, and says so where its last error stands: it must not hold back the others. */
export async function postpone(db: Database, job: number, why: string): Promise<void> {
  await db
    .update(jobs)
    .set({ nextDueAt: sql`scope_now(${jobs.scope}) + interval '1 minute'`, lastError: why })
    .where(eq(jobs.id, job));
}

/** Milliseconds until something is due or a retry's wait is over (0: now); null when nothing is planned. */
export async function untilNextDue(db: Database): Promise<number | null> {
  const [row] = await db.execute<{ ms: string | null }>(sql`
    select extract(epoch from min(due - clock_timestamp())) * 1000 as ms from (
      (select min(next_due_at) as due from jobs join scopes on scopes.name = jobs.scope where enabled and next_due_at is not null and clock_kind = 'wall')
      union all
      (select min(not_before) from runs join scopes on scopes.name = runs.scope where state = 'waiting' and clock_kind = 'wall')) as upcoming`);
  return row?.ms === null || row === undefined ? null : Math.max(0, Number(row.ms));
}
