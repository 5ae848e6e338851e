import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { conflict, notFound } from '#domain/core/errors.ts';
import type { RunId } from '#domain/core/ids.ts';
import { type NamedLockView, lockRelease } from '#domain/locks/view.ts';
import { wake } from '#db/core/changes.ts';
import { type ScopedContext, scopedOperation } from '#db/core/operation.ts';
import { cancelRun } from '#db/runs/control.ts';
import { lockRun } from '#db/runs/queries.ts';
import { freed } from './named.ts';
import { getNamedLock } from './queries.ts';
import { namedLocks } from './schema.ts';

/** Ends the run that holds the lock. @returns whether the run goes on until it has stopped, and the lock with it. */
async function endHolder(context: ScopedContext, runId: RunId): Promise<boolean> {
  const run = await lockRun(context.tx, context.scope.name, runId).catch((error: unknown) => {
    // A run that was pruned holds nothing any more.
    if (error instanceof Error && 'code' in error && error.code === 'run_not_found') return null;
    throw error;
  });
  if (run === null || (run.state !== 'running' && run.state !== 'dispatched')) return false;
  await cancelRun.run(context, { run_id: run.id });
  return run.state === 'running';
}

/** Clears the row as long as the same run or thing holds it that was looked at. */
async function free(context: ScopedContext, name: string, runId: RunId | null): Promise<void> {
  const { tx, scope } = context;
  const [row] = await tx
    .select()
    .from(namedLocks)
    .where(and(eq(namedLocks.scope, scope.name), eq(namedLocks.name, name)))
    .for('update');
  if (row === undefined || row.holder === null) return;
  if (row.holderRun !== runId)
    throw conflict('lock_moved', `"${name}" is held by ${row.holder} by now: look again.`, {
      name,
      holder: row.holder,
    });
  await tx
    .update(namedLocks)
    .set(freed)
    .where(and(eq(namedLocks.scope, scope.name), eq(namedLocks.name, name)));
  await wake(tx);
}

function refuseFree(lock: NamedLockView): void {
  if (lock.holder !== null) return;
  const outside = lock.advisory.backends.find((backend) => backend.process_id === null);
  if (outside !== undefined)
    throw conflict(
      'lock_held_outside',
      `"${lock.name}" is held by a session outside (${outside.application_name ?? 'unnamed'}, pid ${outside.pid}): end it there, for example with pg_terminate_backend(${outside.pid}).`,
      { name: lock.name, pid: outside.pid, application: outside.application_name ?? '–' },
    );
  throw conflict('lock_not_held', `Nobody holds "${lock.name}".`, { name: lock.name });
}

/**
 * Forces a named lock open. A running holder is asked to stop, and the lock goes when it has ended, never before: two
 * would hold it. A holder that has not begun is cancelled; what is no run loses it at once.
 */
export const releaseLock = scopedOperation({
  name: 'release_lock',
  permission: 'locks.control',
  input: z.object({ name: z.string().max(60), body: lockRelease }),
  async run(context, { name, body }) {
    const { tx, scope } = context;
    const before = await getNamedLock(tx, scope.name, name);
    refuseFree(before);
    const [row] = await tx
      .select({ run: namedLocks.holderRun })
      .from(namedLocks)
      .where(and(eq(namedLocks.scope, scope.name), eq(namedLocks.name, name)));
    if (row === undefined) throw notFound('lock', name);
    // The run before the lock: the order in which a run's end takes them.
    const stopping = row.run !== null && (await endHolder(context, row.run));
    if (!stopping) await free(context, name, row.run);
    const effect = stopping ? 'cancelling' : 'freed';
    context.audit({
      entityType: 'lock',
      entityId: `${scope.name}/${name}`,
      before: before.holder,
      after: { effect, reason: body.reason },
    });
    context.change('locks', name);
    return { effect, lock: await getNamedLock(tx, scope.name, name) } as const;
  },
});
