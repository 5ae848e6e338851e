import { and, asc, eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm';
import { type Candidate, choose, isApart, type PassedOver, type Room } from '#domain/admission/choose.ts';
import type { RunId } from '#domain/core/ids.ts';
import type { LockHolder } from '#domain/locks/named.ts';
import type { RunReason } from '#domain/runs/run.ts';
import { transition } from '#domain/runs/transition.ts';
import type { Change } from '#db/core/changes.ts';
import type { Transaction } from '#db/core/client.ts';
import { takeForRun, takenLocks } from '#db/locks/named.ts';
import { waitForLocks } from '#db/locks/waiters.ts';
import { runHistory, runs } from '#db/runs/schema.ts';
import { resourceGroups, slots } from './schema.ts';

/** `lab` work runs in processes of its own, so that it never slows the desk. */
export type Lane = 'live' | 'lab';

/** graphile-worker's task that claims a run of a scope: a worker listens for the scopes and the lane it is bound to. */
export function doorbell(scope: string, lane: Lane): string {
  return lane === 'live' ? `run:${scope}` : `lab:${scope}`;
}

/** Candidates looked at of each group. */
const byPriority = 100;
const byAge = 50;

interface ReadyRun extends Candidate<RunId> {
  readonly reason: RunReason;
}

/**
 * Locks the total row, then the groups by name; counts what they hold, and reads who is ready, in later statements.
 * @param of a condition on `r`, the runs: those that may be given rooms.
 * @returns also the scope's time, once the rooms were locked.
 */
export async function lockRooms(
  tx: Transaction,
  scope: string,
  of: SQL,
): Promise<{ rooms: Room[]; running: Map<number, number>; candidates: ReadyRun[]; now: Date }> {
  // Rows are locked in the order they are sorted: the total first.
  const groups = await tx
    .select({ ...getTableColumns(resourceGroups), now: sql<string>`scope_now(${scope})` })
    .from(resourceGroups)
    .where(eq(resourceGroups.scope, scope))
    .orderBy(sql`${resourceGroups.kind} <> 'total'`, asc(resourceGroups.name))
    .for('update');
  const [held, candidates] = await Promise.all([
    tx.select({ job: slots.job, group: slots.resourceGroup }).from(slots).where(eq(slots.scope, scope)),
    readyRuns(tx, scope, of),
  ]);
  const apart = new Set(groups.filter(isApart).map((group) => group.name));
  const used = (room: { name: string; kind: string }) =>
    held.filter((slot) =>
      room.kind === 'total' ? slot.group === null || !apart.has(slot.group) : slot.group === room.name,
    ).length;
  const running = new Map<number, number>();
  for (const slot of held) running.set(slot.job, (running.get(slot.job) ?? 0) + 1);
  return {
    rooms: groups.map((group) => ({
      name: group.name,
      kind: group.kind,
      capacity: group.capacity,
      used: used(group),
    })),
    running,
    candidates,
    now: new Date(groups[0]?.now ?? Number.NaN),
  };
}

/**
 * Ready runs that could go: of every group the first by priority and the oldest, without those of jobs that are at their
 * limit. By group, so that a long queue before one full room hides nobody else's.
 * @param of a condition on `r`, the runs.
 */
async function readyRuns(tx: Transaction, scope: string, of: SQL): Promise<ReadyRun[]> {
  const candidates = sql`from runs r where r.scope = ${scope} and r.state = 'ready' and ${of} and r.cancel_requested_at is null
    and coalesce(r.resource_group, '') = groups.name and not exists (select 1 from busy where busy.job = r.job and busy.held >= r.max_parallel)`;
  const rows = await tx.execute<{
    id: RunId;
    job: string;
    job_id: string;
    locks: string[];
    max_parallel: number;
    priority: number;
    resource_group: string | null;
    reason: RunReason;
    waited: string;
  }>(sql`
    with busy as materialized (select job, count(*) as held from slots where scope = ${scope} group by job),
    looked_at as materialized (select scope_now(${scope}) as now),
    groups as (select name from resource_groups where scope = ${scope} and kind <> 'total' union all select ''),
    found as (
      select picked.id from groups cross join lateral (
        (select r.id ${candidates} order by r.priority, r.queued_at limit ${byPriority})
        union (select r.id ${candidates} order by r.queued_at limit ${byAge})) as picked)
    select id, job, job_id, locks, max_parallel, priority, resource_group, reason, extract(epoch from n.now - queued_at) as waited
    from runs join found using (id) cross join looked_at as n
    order by queued_at, scheduled_for, id`);
  return [...rows].map((row) => ({
    id: row.id,
    job: Number(row.job),
    jobId: row.job_id,
    locks: row.locks,
    maxParallel: row.max_parallel,
    priority: row.priority,
    waitedSec: Number(row.waited),
    resourceGroup: row.resource_group,
    reason: row.reason,
  }));
}

/** Tells a run that was passed over why, when that is news. */
export async function explain(
  tx: Transaction,
  passed: readonly PassedOver<RunId>[],
  candidates: readonly ReadyRun[],
): Promise<number> {
  const known = new Map(candidates.map((run) => [run.id, run.reason]));
  const news = new Map<string, { reason: RunReason; ids: RunId[] }>();
  for (const { id, ...why } of passed) {
    const { code, ...params } = why;
    const before = known.get(id);
    if (before?.code === code && before.params['group'] === ('group' in params ? params.group : undefined))
      continue;
    const entry = news.get(JSON.stringify(why)) ?? { reason: { code, params }, ids: new Array<RunId>() };
    entry.ids.push(id);
    news.set(JSON.stringify(why), entry);
  }
  for (const { reason, ids } of news.values()) {
    await tx
      .update(runs)
      .set({ reason })
      .where(and(inArray(runs.id, ids), eq(runs.state, 'ready')));
  }
  return news.size;
}

function laneOf(run: { resourceGroup: string | null }, rooms: readonly Room[]): Lane {
  return rooms.some((room) => room.kind === 'lab' && room.name === run.resourceGroup) ? 'lab' : 'live';
}

/** Gives rooms to runs and rings graphile-worker for each, all in this transaction. */
async function dispatch(
  tx: Transaction,
  scope: string,
  ids: readonly RunId[],
  rooms: readonly Room[],
  at: Date,
): Promise<void> {
  const step = transition('ready', 'dispatched', { code: 'admitted', params: {} });
  const moved = await tx
    .update(runs)
    .set({
      state: step.to,
      reason: step.reason,
      dispatch: sql`${runs.dispatch} + 1`,
      dispatchedAt: sql`clock_timestamp()`,
    })
    .where(and(inArray(runs.id, [...ids]), eq(runs.state, 'ready')))
    .returning({
      id: runs.id,
      job: runs.job,
      resourceGroup: runs.resourceGroup,
      dispatch: runs.dispatch,
      attempt: runs.attempt,
      jobId: runs.jobId,
      locks: runs.locks,
    });
  if (moved.length === 0) return;
  await Promise.all([
    tx
      .insert(slots)
      .values(moved.map((run) => ({ runId: run.id, scope, job: run.job, resourceGroup: run.resourceGroup }))),
    tx.insert(runHistory).values(
      moved.map((run) => ({
        runId: run.id,
        scope,
        fromState: step.from,
        toState: step.to,
        reason: step.reason,
        actor: 'system:engine',
        attempt: run.attempt,
        at,
      })),
    ),
    ring(
      tx,
      moved.map((run) => ({ ...run, scope, lane: laneOf(run, rooms) })),
    ),
  ]);
  for (const run of moved) await takeForRun(tx, { ...run, scope });
}

/** Rings for runs that are dispatched under these numbers. */
export async function ring(
  tx: Transaction,
  list: readonly { id: RunId; dispatch: number; scope: string; lane: Lane }[],
): Promise<void> {
  const payload = JSON.stringify(
    list.map((run) => ({
      task: doorbell(run.scope, run.lane),
      bell: { run_id: run.id, dispatch: run.dispatch },
    })),
  );
  await tx.execute(sql`select graphile_worker.add_job(ring.task, payload => ring.bell, max_attempts => 1)
    from json_to_recordset(${payload}::json) as ring(task text, bell json)`);
}

/** The locks that candidates ask for and somebody has. Their rows are locked after the rooms, before any run. */
export async function locksOf(tx: Transaction, scope: string, candidates: readonly ReadyRun[]) {
  const names = [...new Set(candidates.flatMap((run) => run.locks))];
  return names.length === 0 ? new Map<string, LockHolder>() : takenLocks(tx, scope, names, 'update');
}

/**
 * One admission pass over a scope.
 * @returns what changed, for live updates.
 */
export async function admit(
  tx: Transaction,
  scope: string,
): Promise<{ admitted: number; changes: Change[] }> {
  const { rooms, running, candidates, now: at } = await lockRooms(tx, scope, sql`r.task <> 'external'`);
  if (candidates.length === 0) return { admitted: 0, changes: [] };
  const choice = choose(candidates, rooms, running, { taken: await locksOf(tx, scope, candidates) });
  if (choice.admitted.length > 0) await dispatch(tx, scope, choice.admitted, rooms, at);
  await waitForLocks(tx, { actor: 'system:engine', at }, choice.lockedOut);
  const explained = (await explain(tx, choice.passedOver, candidates)) + choice.lockedOut.length;
  const changes: Change[] =
    choice.admitted.length + explained > 0 ? [{ topic: 'runs', entity: '*', scope }] : [];
  return { admitted: choice.admitted.length, changes };
}
