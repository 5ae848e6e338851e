import { and, asc, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import { counts } from '#domain/dependencies/gate.ts';
import { edgeOn } from '#domain/dependencies/edge.ts';
import type { RunId } from '#domain/core/ids.ts';
import { overlap } from '#domain/runs/overlap.ts';
import { openStates, type RunReason, runState } from '#domain/runs/run.ts';
import { calendarOf, tradingDayOf } from '#db/calendars/load.ts';
import type { Change } from '#db/core/changes.ts';
import type { Database, Transaction } from '#db/core/client.ts';
import { cancelOlder } from '#db/engine/cancel-older.ts';
import { holdQueueMode } from '#db/jobs/reschedule.ts';
import type { JobRow } from '#db/jobs/rows.ts';
import { jobs } from '#db/jobs/schema.ts';
import { changesOf, insertRuns } from '#db/runs/move.ts';
import { newRunId, type RunRow } from '#db/runs/rows.ts';
import { runOfJob } from '#db/runs/run-now.ts';
import { runs } from '#db/runs/schema.ts';
import { firstState, gatedJobs } from './edges.ts';
import { jobEdges } from './schema.ts';

type EdgeRow = typeof jobEdges.$inferSelect;

/** Ended runs whose downstream jobs have not been told, oldest first. */
export async function untoldEnds(db: Database): Promise<{ id: RunId; job: number }[]> {
  return db
    .select({ id: runs.id, job: runs.job })
    .from(runs)
    .where(sql`${runs.tellsDownstream}`)
    .orderBy(asc(runs.id))
    .limit(200);
}

const triggerRow = z.object({ on_end: edgeOn, state: runState.nullable(), untold: z.boolean().nullable() });

/**
 * Whether every other job that starts this one has done so that day: several triggers join with AND. An upstream counts
 * by its run that was due last, skipped ones left out; an end that is still to be told does not count yet, so that of
 * several ends at once the last one told starts the downstream, and only that one.
 */
async function othersStarted(tx: Transaction, edge: EdgeRow, day: string): Promise<boolean> {
  const rows = await tx.execute(sql`
    select e.on_end, last.state, last.tells_downstream as untold from job_edges e
    left join lateral (select r.state, r.tells_downstream from runs r where r.job = e.upstream and r.trading_day = ${day}::date
      and r.state <> 'skipped' order by r.scheduled_for desc, r.id desc limit 1) as last on true
    where e.downstream = ${edge.downstream} and e.kind <> 'gate' and e.upstream <> ${edge.upstream}`);
  return z
    .array(triggerRow)
    .parse([...rows])
    .every((row) => row.state !== null && row.untold !== true && counts(row.state, row.on_end));
}

/** Whether a job has its run for a trading day: one that was not skipped, or one its schedule still plans. */
async function hasItsRun(tx: Transaction, job: JobRow, day: string): Promise<boolean> {
  const [run] = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.job, job.id), eq(runs.tradingDay, day), ne(runs.state, 'skipped')))
    .limit(1);
  if (run !== undefined) return true;
  if (job.nextDueAt === null) return false;
  const calendar = await calendarOf(tx, job.scope, job.calendar);
  return tradingDayOf(calendar, job.nextDueAt, job.timeZone) === day;
}

interface Started {
  readonly job: JobRow;
  readonly by: RunRow;
  readonly now: Date;
}

/** The run that an upstream's end starts. Its nominal time is the upstream's, so that a chain stays one chain. */
async function startFrom(tx: Transaction, { job, by, now }: Started): Promise<RunRow[]> {
  const gated = (await gatedJobs(tx, [job])).has(job.id);
  const [counted] = await tx
    .select({ open: sql<string>`count(*)` })
    .from(runs)
    .where(and(eq(runs.job, job.id), inArray(runs.state, [...openStates]), isNull(runs.cancelRequestedAt)));
  const decision = overlap(job.overlap, Number(counted?.open ?? 0), job.maxParallel);
  const triggered: RunReason = { code: 'triggered', params: { job: by.jobId, run_id: by.id } };
  const first =
    decision.kind === 'skip' ? ({ state: 'skipped', waitsFor: null } as const) : firstState(gated);
  const written = await insertRuns(tx, { actor: 'system:engine', at: now }, [
    {
      ...runOfJob(job),
      ...first,
      id: newRunId(new Date()),
      dedupeKey: `after:${by.id}`,
      triggerSource: 'dependency',
      tradingDay: by.tradingDay,
      scheduledFor: by.scheduledFor,
      queuedAt: now,
      reason:
        decision.kind === 'skip'
          ? { code: 'overlap', params: { open: decision.open, limit: job.maxParallel } }
          : triggered,
      ...(decision.kind === 'skip' ? { finishedAt: now } : {}),
    },
  ]);
  if (decision.kind !== 'skip' && written.length > 0) await holdQueueMode(tx, job.id);
  if (decision.kind === 'start_and_cancel' && written.length > 0) await cancelOlder(tx, job, now);
  return written;
}

/**
 * Tells the jobs after an ended run: those that it starts get their run. The jobs are locked first, in the order of their
 * keys, so that two ends that start one job are taken one after the other.
 */
export async function followEnd(tx: Transaction, id: RunId): Promise<Change[]> {
  const edges = await tx
    .select({ edge: jobEdges })
    .from(jobEdges)
    .innerJoin(runs, eq(runs.job, jobEdges.upstream))
    .where(and(eq(runs.id, id), ne(jobEdges.kind, 'gate')));
  const downstream = await tx
    .select({ job: jobs, now: sql<string>`scope_now(${jobs.scope})` })
    .from(jobs)
    .where(
      inArray(
        jobs.id,
        edges.map(({ edge }) => edge.downstream),
      ),
    )
    .orderBy(asc(jobs.id))
    .for('no key update', { of: jobs });
  const [by] = await tx.select().from(runs).where(eq(runs.id, id)).for('update');
  if (by === undefined || !by.tellsDownstream) return [];
  const started: RunRow[] = [];
  for (const { job, now } of downstream) {
    const edge = edges.find((entry) => entry.edge.downstream === job.id)?.edge;
    if (edge === undefined || !job.enabled || job.deletedAt !== null || !counts(by.state, edge.on)) continue;
    // Its session starts a service, and nothing else does.
    if (job.mode === 'service') continue;
    if (!(await othersStarted(tx, edge, by.tradingDay))) continue;
    if (!edge.each && (await hasItsRun(tx, job, by.tradingDay))) continue;
    started.push(...(await startFrom(tx, { job, by, now: new Date(now) })));
  }
  await tx.update(runs).set({ tellsDownstream: false }).where(eq(runs.id, id));
  return changesOf(started);
}
