import { and, asc, desc, eq, gt, ilike, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { JobListItem, JobVersionView, JobView } from '#domain/jobs/view.ts';
import { scheduleKind } from '#domain/jobs/definition.ts';
import { runState, shownStatus } from '#domain/runs/run.ts';
import { type ServiceState, viewOfService } from '#domain/runs/service.ts';
import type { Queryable } from '#db/core/client.ts';
import { neighboursOf, type Neighbours } from '#db/dependencies/edges.ts';
import { runs } from '#db/runs/schema.ts';
import { fetchJob } from './fetch.ts';
import { definitionOf, type JobRow } from './rows.ts';
import { jobs, jobVersions } from './schema.ts';

type OpenRun = JobView['open_runs'][number];

function view(row: JobRow, openRuns: OpenRun[], neighbours: Neighbours | undefined): JobView {
  const definition = definitionOf(row);
  const last = runState.safeParse(row.lastStatus);
  return {
    ...definition,
    default_params: definition.params,
    job_id: row.jobId,
    scope: row.scope,
    version: row.version,
    schedule_kind: scheduleKind(definition),
    schedule_anchor: row.scheduleAnchor.toISOString(),
    next_due_at: row.nextDueAt?.toISOString() ?? null,
    last_run_at: row.lastRunAt?.toISOString() ?? null,
    last_status: last.success ? shownStatus(last.data, 0) : null,
    last_error: row.lastError,
    depends_on: neighbours?.depends_on ?? [],
    triggers: neighbours?.triggers ?? [],
    open_runs: openRuns,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

type OpenRow = Pick<OpenRun, 'run_id' | 'state' | 'reason'> & {
  job: string;
  scheduled_for: string;
  service_until: string | null;
  service: ServiceState | null;
};

/** Open runs shown with a job, at most: a backlog may hold many thousands. */
export const openRunsShown = 20;

function appendTo<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function idArray(ids: readonly number[]) {
  return sql`array[${sql.join(
    ids.map((id) => sql`${id}::bigint`),
    sql`, `,
  )}]`;
}

/** The oldest open runs of each job, oldest first. */
async function openRunsOf(q: Queryable, ids: readonly number[]): Promise<Map<number, OpenRun[]>> {
  const found = new Map<number, OpenRun[]>();
  if (ids.length === 0) return found;
  const rows = await q.execute<OpenRow>(sql`
    select r.* from unnest(${idArray(ids)}) as wanted(job) cross join lateral (
      select job, id as run_id, state, reason, scheduled_for, service_until, service from runs
      where runs.job = wanted.job and state in ('waiting', 'ready', 'dispatched', 'running')
      order by id limit ${openRunsShown}) r order by r.run_id`);
  for (const row of rows) {
    const { run_id, state, reason } = row;
    appendTo(found, Number(row.job), {
      run_id,
      state,
      reason,
      scheduled_for: new Date(row.scheduled_for).toISOString(),
      service_until: row.service_until === null ? null : new Date(row.service_until).toISOString(),
      service: row.service === null ? null : viewOfService(row.service, new Date()),
    });
  }
  return found;
}

/** One job with its oldest open runs. @throws Problem 404. */
export async function getJob(q: Queryable, scope: string, jobId: string): Promise<JobView> {
  return jobView(q, await fetchJob(q, scope, jobId));
}

export async function jobView(q: Queryable, row: JobRow): Promise<JobView> {
  const open = await openRunsOf(q, [row.id]);
  const neighbours = await neighboursOf(q, [row.id]);
  return view(row, open.get(row.id) ?? [], neighbours.get(row.id));
}

export interface JobFilter {
  /** Part of the id or the description. */
  readonly q?: string | undefined;
  readonly state?: 'enabled' | 'paused' | 'running' | 'failed' | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

function stateFilter(state: JobFilter['state']) {
  switch (state) {
    case undefined:
      return undefined;
    case 'enabled':
      return eq(jobs.enabled, true);
    case 'paused':
      return eq(jobs.enabled, false);
    case 'failed':
      return inArray(jobs.lastStatus, ['failed', 'quarantined']);
    case 'running':
      return sql`exists (select 1 from ${runs} where ${runs.job} = ${jobs.id} and ${runs.state} = 'running')`;
  }
}

/** Jobs of a scope by id, each with its last 20 ended runs (oldest first). */
export async function listJobs(
  q: Queryable,
  scope: string,
  filter: JobFilter = {},
): Promise<{ items: JobListItem[]; next_cursor: string | null }> {
  const limit = filter.limit ?? 100;
  const pattern =
    filter.q === undefined || filter.q === '' ? null : `%${filter.q.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const rows = await q
    .select()
    .from(jobs)
    .where(
      and(
        sql`${jobs.scope} = ${scope}`,
        isNull(jobs.deletedAt),
        pattern === null ? undefined : or(ilike(jobs.jobId, pattern), ilike(jobs.description, pattern)),
        stateFilter(filter.state),
        filter.cursor === undefined ? undefined : sql`${jobs.jobId} > ${filter.cursor}`,
      ),
    )
    .orderBy(asc(jobs.jobId))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const ids = page.map((row) => row.id);
  const [open, recent, neighbours] = await Promise.all([
    openRunsOf(q, ids),
    recentRunsOf(q, ids),
    neighboursOf(q, ids),
  ]);
  return {
    items: page.map((row) => ({
      ...view(row, open.get(row.id) ?? [], neighbours.get(row.id)),
      recent_runs: recent.get(row.id) ?? [],
    })),
    next_cursor: rows.length > limit ? (page.at(-1)?.jobId ?? null) : null,
  };
}

async function recentRunsOf(
  q: Queryable,
  ids: readonly number[],
): Promise<Map<number, JobListItem['recent_runs']>> {
  const found = new Map<number, JobListItem['recent_runs']>();
  if (ids.length === 0) return found;
  const rows = await q.execute<{
    job: string;
    run_id: string;
    state: string;
    scheduled_for: string;
    started_at: string | null;
    finished_at: string | null;
  }>(sql`
    select r.* from unnest(${idArray(ids)}) as wanted(job) cross join lateral (
      select job, id as run_id, state, scheduled_for, started_at, finished_at from runs
      where runs.job = wanted.job and state in ('succeeded', 'failed', 'cancelled', 'skipped', 'quarantined')
      order by id desc limit 20) r order by r.run_id`);
  for (const row of rows) {
    const job = Number(row.job);
    const duration =
      row.started_at === null || row.finished_at === null
        ? null
        : Date.parse(row.finished_at) - Date.parse(row.started_at);
    const item = {
      run_id: row.run_id,
      state: runState.parse(row.state),
      scheduled_for: new Date(row.scheduled_for).toISOString(),
      duration_ms: duration,
    };
    appendTo(found, job, item);
  }
  return found;
}

/** Versions of a job, newest first. @throws Problem 404. */
export async function listVersions(
  q: Queryable,
  scope: string,
  jobId: string,
  page: { limit?: number | undefined; cursor?: string | undefined } = {},
): Promise<{ items: JobVersionView[]; next_cursor: string | null }> {
  const job = await fetchJob(q, scope, jobId);
  const limit = page.limit ?? 50;
  const rows = await q
    .select()
    .from(jobVersions)
    .where(
      and(
        eq(jobVersions.job, job.id),
        page.cursor === undefined ? undefined : lt(jobVersions.version, Number(page.cursor)),
      ),
    )
    .orderBy(desc(jobVersions.version))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map((row) => ({
    version: row.version,
    definition: row.definition,
    author: { kind: row.authorKind, id: row.authorId, name: row.authorName },
    at: row.at.toISOString(),
    restored_from: row.restoredFrom,
  }));
  return { items, next_cursor: rows.length > limit ? String(items.at(-1)?.version) : null };
}

/** Jobs whose ids come after one, for sweeps over a whole scope. */
export async function jobIdsAfter(
  q: Queryable,
  id: number,
  limit: number,
): Promise<{ id: number; keepRuns: number }[]> {
  return q
    .select({ id: jobs.id, keepRuns: jobs.keepRuns })
    .from(jobs)
    .where(gt(jobs.id, id))
    .orderBy(asc(jobs.id))
    .limit(limit);
}
