import { and, eq, isNull, sql } from 'drizzle-orm';
import { notFound } from '#domain/core/errors.ts';
import type { JobId, RunId } from '#domain/core/ids.ts';
import type { Queryable, Transaction } from '#db/core/client.ts';
import type { JobRow } from './rows.ts';
import { jobs } from './schema.ts';

/** @throws Problem 404. */
export async function fetchJob(q: Queryable, scope: string, jobId: string): Promise<JobRow> {
  const [row] = await q.select().from(jobs).where(live(scope, jobId));
  if (row === undefined) throw notFound('job', jobId);
  return row;
}

/** The job's row, locked until the transaction ends; others may still refer to it. @throws Problem 404. */
export async function lockJob(tx: Transaction, scope: string, jobId: string): Promise<JobRow> {
  const [row] = await tx.select().from(jobs).where(live(scope, jobId)).for('no key update');
  if (row === undefined) throw notFound('job', jobId);
  return row;
}

function live(scope: string, jobId: string) {
  return and(eq(jobs.scope, scope), eq(jobs.jobId, jobId as JobId), isNull(jobs.deletedAt));
}

/** Locks the jobs of several runs, in the order in which whoever takes several takes them. */
export async function lockJobsOfRuns(tx: Transaction, list: readonly RunId[]): Promise<void> {
  if (list.length === 0) return;
  await tx.execute(sql`select 1 from jobs where id in (select job from runs
    where id in (select value::uuid from json_array_elements_text(${JSON.stringify(list)}::json))) order by id for no key update`);
}

/** Locks the job of a run before the run itself: the order in which firing takes them, so that neither waits in a ring. */
export async function lockJobOfRun(tx: Transaction, run: RunId): Promise<void> {
  await tx.execute(
    sql`select 1 from jobs where id = (select job from runs where id = ${run}) for no key update`,
  );
}
