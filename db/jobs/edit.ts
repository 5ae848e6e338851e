import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { conflict, notFound } from '#domain/core/errors.ts';
import { jobId } from '#domain/core/ids.ts';
import {
  compareDefinitions,
  edit,
  jobFields,
  type JobDefinition,
  neighbourFields,
} from '#domain/jobs/definition.ts';
import { openStates } from '#domain/runs/run.ts';
import { calendarOf } from '#db/calendars/load.ts';
import { wake } from '#db/core/changes.ts';
import { type GivenNeighbours, lockGraph, namesNeighbours, writeNeighbours } from '#db/dependencies/edit.ts';
import { scopedOperation, type ScopedContext } from '#db/core/operation.ts';
import { runs } from '#db/runs/schema.ts';
import { checkDefinition } from './check.ts';
import { firstDue, scheduleFields } from './due.ts';
import { lockJob } from './fetch.ts';
import { jobView } from './queries.ts';
import { columnsOf, definitionOf, type JobRow } from './rows.ts';
import { restartsService, stopServices } from './services.ts';
import { jobs, jobVersions } from './schema.ts';
import { writeVersion } from './versions.ts';

async function hasOpenRun(tx: ScopedContext['tx'], job: number): Promise<boolean> {
  const open = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.job, job), inArray(runs.state, [...openStates])))
    .limit(1);
  return open.length > 0;
}

/** The schedule's columns after an edit: untouched unless a schedule field changed; queue mode waits for its open run. */
async function scheduleColumns(
  context: ScopedContext,
  row: JobRow,
  before: JobDefinition,
  after: JobDefinition,
  restarted: boolean,
) {
  const changed = compareDefinitions(before, after).map(({ field }) => field);
  if (!restarted && !scheduleFields.some((field) => changed.includes(field))) return {};
  const held = after.reschedule_mode === 'queue' && (await hasOpenRun(context.tx, row.id));
  const calendar = await calendarOf(context.tx, context.scope.name, after.calendar, 'share');
  return { scheduleAnchor: context.now, nextDueAt: held ? null : firstDue(after, calendar, context.now) };
}

/** Makes `after` the job's newest version; nothing happens when nothing differs. */
export async function applyDefinition(
  context: ScopedContext,
  row: JobRow,
  after: JobDefinition,
  restoredFrom: number | null = null,
) {
  const { tx, actor, scope, now } = context;
  const before = definitionOf(row);
  const differing = compareDefinitions(before, after);
  if (differing.length === 0) return jobView(tx, row);
  // Pausing is never refused, whatever has become of the rest.
  if (after.enabled || differing.some(({ field }) => field !== 'enabled'))
    await checkDefinition(tx, scope.name, after);
  const version = row.version + 1;
  const stopped = restartsService(differing.map(({ field }) => field))
    ? await stopServices(tx, row, now, {
        code: after.enabled ? 'service_edited' : 'service_paused',
        params: { actor: actor.name, ...(after.enabled ? { version } : {}) },
      })
    : 0;
  const restarted = stopped > 0 && after.mode === 'service';
  const [updated] = await tx
    .update(jobs)
    .set({
      ...columnsOf(after),
      ...(await scheduleColumns(context, row, before, after, restarted)),
      version,
      updatedAt: now,
    })
    .where(eq(jobs.id, row.id))
    .returning();
  if (updated === undefined) throw notFound('job', row.jobId);
  await writeVersion(tx, actor, row.id, version, after, now, restoredFrom);
  context.audit({ entityType: 'job', entityId: `${scope.name}/${row.jobId}`, before, after });
  context.change('jobs', row.jobId);
  await wake(tx);
  return jobView(tx, updated);
}

function requireVersion(row: JobRow, version: number | undefined): void {
  if (version === undefined || version === row.version) return;
  throw conflict(
    'job_version_stale',
    `The job was edited meanwhile: it is at version ${row.version}, your edit was made against ${version}. Reload and edit again.`,
    {
      current: row.version,
      given: version,
    },
  );
}

async function rewireIfGiven(context: ScopedContext, row: JobRow, given: GivenNeighbours): Promise<void> {
  if (!namesNeighbours(given)) return;
  await lockGraph(context.tx, context.scope.name);
  await writeNeighbours(context, row, given);
  context.change('jobs', row.jobId);
  await wake(context.tx);
}

/** Changes the named fields. @throws Problem 409 when `version` is stale. */
export const editJob = scopedOperation({
  name: 'edit_job',
  permission: 'jobs.edit',
  input: z.object({ job_id: jobId, edit }),
  async run(context, { job_id, edit: { version, depends_on, triggers, ...fields } }) {
    const row = await lockJob(context.tx, context.scope.name, job_id);
    requireVersion(row, version);
    await rewireIfGiven(context, row, { depends_on, triggers });
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    return applyDefinition(context, row, jobFields.parse({ ...definitionOf(row), ...given }));
  },
});

/** Replaces the whole definition; fields left out take their defaults, edges left out stay. */
export const replaceJob = scopedOperation({
  name: 'replace_job',
  permission: 'jobs.edit',
  input: z.object({
    job_id: jobId,
    version: z.number().int().positive().optional(),
    ...neighbourFields,
    definition: jobFields.strict().extend({ queue: jobFields.shape.queue.optional() }),
  }),
  async run(context, { job_id, version, depends_on, triggers, definition }) {
    const row = await lockJob(context.tx, context.scope.name, job_id);
    requireVersion(row, version);
    await rewireIfGiven(context, row, { depends_on, triggers });
    return applyDefinition(context, row, {
      ...definition,
      queue: definition.queue ?? `${context.scope.name}.jobs.${job_id}`,
    });
  },
});

/** Brings back an earlier version's definition as a new version; the job stays paused or enabled as it is. */
export const restoreVersion = scopedOperation({
  name: 'restore_job_version',
  permission: 'jobs.edit',
  input: z.object({ job_id: jobId, version: z.number().int().positive() }),
  async run(context, { job_id, version }) {
    const row = await lockJob(context.tx, context.scope.name, job_id);
    const [earlier] = await context.tx
      .select()
      .from(jobVersions)
      .where(and(eq(jobVersions.job, row.id), eq(jobVersions.version, version)));
    if (earlier === undefined) throw notFound('job_version', `${job_id} v${version}`);
    return applyDefinition(
      context,
      row,
      jobFields.parse({ ...earlier.definition, enabled: row.enabled }),
      version,
    );
  },
});

function enabling(name: string, enabled: boolean) {
  return scopedOperation({
    name,
    permission: 'jobs.run',
    input: z.object({ job_id: jobId }),
    async run(context, { job_id }) {
      const row = await lockJob(context.tx, context.scope.name, job_id);
      return applyDefinition(context, row, { ...definitionOf(row), enabled });
    },
  });
}
/** No further fires; open runs go on, but a service stops: it goes on when it is resumed. */
export const pauseJob = enabling('pause_job', false);
/** Fires again from now on; what was missed while paused is not made up. Queue mode is due at once. */
export const resumeJob = enabling('resume_job', true);
