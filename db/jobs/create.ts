import { conflict, invalidField } from '#domain/core/errors.ts';
import { type JobDefinition, type Registration, registration } from '#domain/jobs/definition.ts';
import { calendarOf } from '#db/calendars/load.ts';
import { wake } from '#db/core/changes.ts';
import type { Transaction } from '#db/core/client.ts';
import { lockGraph, namesNeighbours, writeNeighbours } from '#db/dependencies/edit.ts';
import { scopedOperation } from '#db/core/operation.ts';
import { instance } from '#db/core/schema.ts';
import { checkDefinition } from './check.ts';
import { firstDue } from './due.ts';
import { jobView } from './queries.ts';
import { columnsOf } from './rows.ts';
import { jobs } from './schema.ts';
import { writeVersion } from './versions.ts';

async function defaultTimeZone(tx: Transaction): Promise<string> {
  const [row] = await tx.select({ zone: instance.defaultTimeZone }).from(instance);
  return row?.zone ?? 'Asia/Seoul';
}

/** The definition a registration amounts to in a scope, its edges apart. @throws Problem 400 when it names neither task nor queue. */
export async function registeredDefinition(
  tx: Transaction,
  scope: string,
  registered: Registration,
): Promise<JobDefinition> {
  const { job_id, depends_on: _waitsFor, triggers: _starts, ...given } = registered;
  const task = given.task ?? (given.queue === undefined ? null : 'external');
  if (task === null)
    throw invalidField('task', 'task_missing', 'name a task, or a queue for an external consumer');
  return {
    ...given,
    task,
    queue: given.queue ?? `${scope}.jobs.${job_id}`,
    params: given.params ?? {},
    time_zone: given.time_zone ?? (await defaultTimeZone(tx)),
  };
}

/** Registers a job; the same id again is 409. A queue without a task means `external`. */
export const createJob = scopedOperation({
  name: 'create_job',
  permission: 'jobs.edit',
  input: registration,
  async run(context, body) {
    const { tx, actor, scope, now, audit, change } = context;
    const { job_id, depends_on, triggers } = body;
    const definition = await registeredDefinition(tx, scope.name, body);
    const neighbours = { depends_on, triggers };
    if (namesNeighbours(neighbours)) await lockGraph(tx, scope.name);
    await checkDefinition(tx, scope.name, definition);
    const calendar = await calendarOf(tx, scope.name, definition.calendar, 'share');
    const [row] = await tx
      .insert(jobs)
      .values({
        ...columnsOf(definition),
        scope: scope.name,
        jobId: job_id,
        scheduleAnchor: now,
        nextDueAt: firstDue(definition, calendar, now),
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing()
      .returning();
    if (row === undefined)
      throw conflict(
        'job_exists',
        `The job "${job_id}" is registered already: edit it, or choose another id.`,
        { job_id },
      );
    await writeVersion(tx, actor, row.id, 1, definition, now);
    if (namesNeighbours(neighbours)) await writeNeighbours(context, row, neighbours);
    audit({ entityType: 'job', entityId: `${scope.name}/${job_id}`, before: null, after: definition });
    change('jobs', job_id);
    await wake(tx);
    return jobView(tx, row);
  },
});
