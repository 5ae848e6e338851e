import { and, eq, ne } from 'drizzle-orm';
import { Problem, invalidField } from '#domain/core/errors.ts';
import { type JobDefinition, lacksInterval } from '#domain/jobs/definition.ts';
import { scheduleIssues, serviceFieldIssues } from '#domain/jobs/schedule-fields.ts';
import { builtinTasks, isBuiltinTask, isExitTask, taskParams } from '#domain/jobs/tasks.ts';
import { requireCalendar } from '#db/calendars/load.ts';
import type { Queryable, Transaction } from '#db/core/client.ts';
import { issuesOf } from '#db/core/issues.ts';
import { resourceGroups } from '#db/engine/schema.ts';
import { namedLocks } from '#db/locks/schema.ts';
import { scopes } from '#db/scopes/schema.ts';
import { listPlugins, pluginParams } from './plugins.ts';

/** @throws Problem 400 that names the tasks there are. */
async function unknownTask(q: Queryable, task: string): Promise<Problem> {
  const known = [
    ...builtinTasks,
    ...(await listPlugins(q)).filter(({ problem }) => problem === null).map(({ name }) => name),
  ];
  return invalidField('task', 'task_unknown', `there is no task "${task}"; known: ${known.join(', ')}`, {
    task,
    known,
  });
}

/**
 * Parameters as the task's schema reads them; of a plug-in's task, as a worker published it.
 * @throws Problem 400 under `params.…`, or for a task that nobody knows.
 */
export async function checkParams(
  q: Queryable,
  task: string,
  params: JobDefinition['params'],
): Promise<void> {
  const schema = isBuiltinTask(task) ? taskParams[task] : await pluginParams(q, task);
  if (schema === null) throw await unknownTask(q, task);
  const parsed = schema.safeParse(params);
  if (parsed.success) return;
  const issues = issuesOf(parsed.error).map((issue) => ({ ...issue, path: ['params', ...issue.path] }));
  throw new Problem(
    'invalid',
    'invalid',
    issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    {},
    issues,
  );
}

/** @throws Problem 400 for two schedules in one, what service mode excludes, or a calendar that is missing or unknown. */
async function checkSchedule(tx: Transaction, scope: string, definition: JobDefinition): Promise<void> {
  const issues = [...scheduleIssues(definition), ...serviceFieldIssues(definition)];
  if (issues.length > 0)
    throw new Problem(
      'invalid',
      'invalid',
      issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
      {},
      issues,
    );
  await requireCalendar(tx, scope, definition.calendar);
}

async function checkLocks(tx: Transaction, scope: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  // No lock of the scope is removed before the job that names it is there.
  await tx.select({ name: scopes.name }).from(scopes).where(eq(scopes.name, scope)).for('share');
  const rows = await tx
    .select({ name: namedLocks.name })
    .from(namedLocks)
    .where(eq(namedLocks.scope, scope))
    .orderBy(namedLocks.lockId);
  const known = rows.map((row) => row.name);
  const index = names.findIndex((name) => !known.includes(name));
  const unknown = names[index];
  if (unknown === undefined) return;
  throw invalidField(
    `locks.${index}`,
    'lock_unknown',
    `there is no lock "${unknown}"; known: ${known.join(', ')}`,
    { lock: unknown, known },
  );
}

/**
 * What a definition may not be in this scope: two schedules, queue mode without an interval, an unknown calendar, task,
 * lock or group, parameters the task refuses, or the queue of another scope.
 * @throws Problem 400 naming the field.
 */
export async function checkDefinition(
  tx: Transaction,
  scope: string,
  definition: JobDefinition,
): Promise<void> {
  await checkParams(tx, definition.task, definition.params);
  await checkSchedule(tx, scope, definition);
  if (lacksInterval(definition)) {
    throw invalidField(
      'interval_seconds',
      'interval_missing',
      'queue mode needs interval_seconds: the wait after a run that asks for no delay of its own',
      {},
    );
  }
  const prefix = definition.queue.split('.', 1)[0] ?? '';
  if (prefix !== scope && definition.queue.includes('.')) {
    const [other] = await tx.select({ name: scopes.name }).from(scopes).where(eq(scopes.name, prefix));
    if (other !== undefined) {
      throw invalidField(
        'queue',
        'queue_of_other_scope',
        `"${definition.queue}" belongs to the scope ${prefix}; use ${scope}.…`,
        { queue: definition.queue, other: prefix, scope },
      );
    }
  }
  await checkLocks(tx, scope, definition.locks);
  await checkGroup(tx, scope, definition);
}

async function checkGroup(
  tx: Transaction,
  scope: string,
  { task, resource_group: name }: JobDefinition,
): Promise<void> {
  if (name === null) return;
  const groups = await tx
    .select({ name: resourceGroups.name, kind: resourceGroups.kind })
    .from(resourceGroups)
    .where(and(eq(resourceGroups.scope, scope), ne(resourceGroups.kind, 'total')));
  const group = groups.find((candidate) => candidate.name === name);
  if (group === undefined) {
    const known = groups.filter((candidate) => candidate.kind === 'group').map((candidate) => candidate.name);
    throw invalidField(
      'resource_group',
      'resource_group_unknown',
      `there is no resource group "${name}"; known: ${known.join(', ')}`,
      { group: name, known },
    );
  }
  if (group.kind === 'reserved' && !isExitTask(task)) {
    throw invalidField('resource_group', 'resource_group_reserved', `"${group.name}" is reserved for exits`, {
      group: group.name,
    });
  }
}
