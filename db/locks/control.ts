import { and, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { conflict, invalidField, notFound } from '#domain/core/errors.ts';
import { lockName } from '#domain/locks/named.ts';
import { firstOwnLockId, lockDefinition } from '#domain/locks/view.ts';
import { type ScopedContext, scopedOperation } from '#db/core/operation.ts';
import { openStates } from '#domain/runs/run.ts';
import { runs } from '#db/runs/schema.ts';
import { getNamedLock } from './queries.ts';
import { namedLocks } from './schema.ts';

/** Definitions of a scope come one after the other, so that two do not get the same id. */
async function definitionsOf(context: ScopedContext) {
  await context.tx.execute(sql`select 1 from scopes where name = ${context.scope.name} for no key update`);
  return context.tx
    .select({ name: namedLocks.name, lockId: namedLocks.lockId })
    .from(namedLocks)
    .where(eq(namedLocks.scope, context.scope.name));
}

/** Defines a named lock that jobs may take. */
export const defineLock = scopedOperation({
  name: 'define_lock',
  permission: 'locks.control',
  input: lockDefinition,
  async run(context, { name, description, lock_id }) {
    const { tx, scope } = context;
    const known = await definitionsOf(context);
    if (known.some((lock) => lock.name === name))
      throw conflict('lock_exists', `There is a lock "${name}" here: choose another name.`, { name });
    const lockId = lock_id ?? Math.max(firstOwnLockId - 1, ...known.map((lock) => lock.lockId)) + 1;
    const same = known.find((lock) => lock.lockId === lockId);
    if (same !== undefined)
      throw invalidField(
        'lock_id',
        'lock_id_taken',
        `${lockId} is the id of "${same.name}": choose another, or leave it out`,
        { lock_id: lockId, name: same.name },
      );
    await tx.insert(namedLocks).values({ scope: scope.name, name, lockId, description });
    context.audit({
      entityType: 'lock',
      entityId: `${scope.name}/${name}`,
      before: null,
      after: { name, lock_id: lockId, description },
    });
    context.change('locks', name);
    return getNamedLock(tx, scope.name, name);
  },
});

/** Removes a lock of the desk's own that nobody holds, waits for or names. */
export const removeLock = scopedOperation({
  name: 'remove_lock',
  permission: 'locks.control',
  input: z.object({ name: z.string().max(60) }),
  async run(context, { name }) {
    const { tx, scope } = context;
    if (!lockName.safeParse(name).success) throw notFound('lock', name);
    await definitionsOf(context);
    await tx
      .select({ name: namedLocks.name })
      .from(namedLocks)
      .where(and(eq(namedLocks.scope, scope.name), eq(namedLocks.name, name)))
      .for('update');
    const lock = await getNamedLock(tx, scope.name, name);
    if (lock.builtin)
      throw conflict('lock_builtin', `"${name}" belongs to the desk itself and stays.`, { name });
    if (lock.jobs.length > 0)
      throw conflict('lock_in_use', `Jobs take "${name}": ${lock.jobs.join(', ')}. Edit them first.`, {
        name,
        jobs: lock.jobs,
      });
    const [taker] = await tx
      .select({ id: runs.id })
      .from(runs)
      .where(
        and(
          eq(runs.scope, scope.name),
          inArray(runs.state, [...openStates]),
          sql`${runs.locks} @> array[${name}]::text[]`,
        ),
      )
      .limit(1);
    if (lock.holder !== null || taker !== undefined)
      throw conflict(
        'lock_busy',
        `"${name}" is held, or open runs are to take it: release it, or let them end, first.`,
        { name },
      );
    await tx.delete(namedLocks).where(and(eq(namedLocks.scope, scope.name), eq(namedLocks.name, name)));
    context.audit({
      entityType: 'lock',
      entityId: `${scope.name}/${name}`,
      before: { name, lock_id: lock.lock_id, description: lock.description },
      after: null,
    });
    context.change('locks', name);
  },
});
