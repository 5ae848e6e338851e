import { and, eq, inArray, isNull, ne, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { JobId } from '#domain/core/ids.ts';
import type { DependsOn, Edge, EdgeRule, Triggers } from '#domain/dependencies/edge.ts';
import { isExitTask } from '#domain/jobs/tasks.ts';
import type { Queryable } from '#db/core/client.ts';
import { jobs } from '#db/jobs/schema.ts';
import { jobEdges } from './schema.ts';

type EdgeRow = typeof jobEdges.$inferSelect;
const upstreamJob = alias(jobs, 'upstream_job');
const downstreamJob = alias(jobs, 'downstream_job');

export function ruleOf(row: EdgeRow): EdgeRule {
  return { kind: row.kind, on: row.on, satisfied_by: row.satisfiedBy, each: row.each };
}

async function named(q: Queryable, where: ReturnType<typeof and>) {
  return q
    .select({ row: jobEdges, upstream: upstreamJob.jobId, downstream: downstreamJob.jobId })
    .from(jobEdges)
    .innerJoin(upstreamJob, eq(upstreamJob.id, jobEdges.upstream))
    .innerJoin(downstreamJob, eq(downstreamJob.id, jobEdges.downstream))
    .where(where)
    .orderBy(upstreamJob.jobId, downstreamJob.jobId);
}

/** Every edge of a scope, by its jobs' ids. */
export async function edgesOf(q: Queryable, scope: string): Promise<Edge[]> {
  const rows = await named(q, and(eq(jobEdges.scope, scope)));
  return rows.map(({ row, upstream, downstream }) => ({ upstream, downstream, ...ruleOf(row) }));
}

export interface Neighbours {
  readonly depends_on: DependsOn[];
  readonly triggers: Triggers[];
}

/**
 * The edges of each job as the job writes them. An edge that only starts its downstream stands under `triggers` of its
 * upstream, any other under `depends_on` of its downstream: each edge once.
 */
export async function neighboursOf(
  q: Queryable,
  ids: readonly number[],
): Promise<ReadonlyMap<number, Neighbours>> {
  const found = new Map<number, Neighbours>(ids.map((id) => [id, { depends_on: [], triggers: [] }]));
  if (ids.length === 0) return found;
  const rows = await named(
    q,
    or(inArray(jobEdges.upstream, [...ids]), inArray(jobEdges.downstream, [...ids])),
  );
  for (const { row, upstream, downstream } of rows) {
    const { kind, on, satisfied_by, each } = ruleOf(row);
    if (kind === 'trigger') found.get(row.upstream)?.triggers.push({ job_id: downstream, on, each });
    else found.get(row.downstream)?.depends_on.push({ job_id: upstream, kind, on, satisfied_by, each });
  }
  return found;
}

/** Of these jobs, those whose runs wait at a gate. Nothing ever holds an exit. */
export async function gatedJobs(
  q: Queryable,
  list: readonly { readonly id: number; readonly task: string }[],
): Promise<ReadonlySet<number>> {
  const ids = list.filter((job) => !isExitTask(job.task)).map((job) => job.id);
  if (ids.length === 0) return new Set();
  const rows = await q
    .selectDistinct({ id: jobEdges.downstream })
    .from(jobEdges)
    .where(and(inArray(jobEdges.downstream, ids), ne(jobEdges.kind, 'trigger')));
  return new Set(rows.map((row) => row.id));
}

/** Where a new run begins: before its gates, or ready for a room. */
export function firstState(gated: boolean) {
  return gated
    ? ({ state: 'waiting', waitsFor: 'upstream' } as const)
    : ({ state: 'ready', waitsFor: null } as const);
}

/** The keys of a scope's jobs by id, for those that exist. */
export async function jobKeys(
  q: Queryable,
  scope: string,
  ids: readonly JobId[],
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await q
    .select({ id: jobs.id, jobId: jobs.jobId })
    .from(jobs)
    .where(and(eq(jobs.scope, scope), inArray(jobs.jobId, [...new Set(ids)]), isNull(jobs.deletedAt)));
  return new Map(rows.map((row) => [row.jobId, row.id]));
}

/** Forgets every edge of a job. @returns whether there was one. */
export async function dropEdges(q: Queryable, job: number): Promise<boolean> {
  const gone = await q
    .delete(jobEdges)
    .where(or(eq(jobEdges.upstream, job), eq(jobEdges.downstream, job)))
    .returning({ one: sql`1` });
  return gone.length > 0;
}
