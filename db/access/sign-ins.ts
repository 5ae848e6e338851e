import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { Problem, notFound } from '#domain/core/errors.ts';
import { instanceOperation } from '#db/core/operation.ts';
import { fetchUser, managesUsers, requireOverUser, requirePerson } from './guard.ts';
import { endSignIns } from './people.ts';
import { signIns } from './schema.ts';

const device = { address: z.string().max(200).nullable(), user_agent: z.string().max(500).nullable() };

/** Ends one sign-in: one's own, or with `users.manage` anybody's (the owner's only by the owner). */
export const revokeSignIn = instanceOperation({
  name: 'revoke_sign_in',
  permission: null,
  input: z.strictObject({ sign_in_id: z.string().min(1).max(200) }),
  async run(context, input): Promise<{ sign_in_id: string }> {
    const { tx, actor } = context;
    const [row] = await tx.select().from(signIns).where(eq(signIns.id, input.sign_in_id)).for('update');
    const own = row !== undefined && actor.kind === 'user' && actor.id === row.userId;
    // To somebody who may not manage users, another's sign-in does not exist.
    if (row === undefined || (!own && !managesUsers(actor))) throw notFound('sign_in', input.sign_in_id);
    if (!own) requireOverUser(actor, await fetchUser(tx, row.userId));
    await tx.delete(signIns).where(eq(signIns.id, row.id));
    context.audit({
      entityType: 'sign_in',
      entityId: row.id,
      after: null,
      before: {
        user_id: row.userId,
        address: row.ipAddress,
        user_agent: row.userAgent,
        created_at: row.createdAt.toISOString(),
      },
    });
    context.change('users', row.userId);
    return { sign_in_id: row.id };
  },
});

/** Ends the actor's own sign-ins, keeping the one named. */
export const revokeOtherSignIns = instanceOperation({
  name: 'revoke_other_sign_ins',
  permission: null,
  input: z.strictObject({ keep_sign_in: z.string().nullable() }),
  async run(context, input): Promise<{ sign_ins_ended: number }> {
    const person = requirePerson(context.actor);
    const ended = await endSignIns(context.tx, person.id, input.keep_sign_in);
    context.audit({
      entityType: 'user',
      entityId: person.id,
      before: null,
      after: { sign_ins_ended: ended },
    });
    context.change('users', person.id);
    return { sign_ins_ended: ended };
  },
});

/** Writes to the audit that the actor signed in. */
export const recordSignIn = instanceOperation({
  name: 'sign_in',
  permission: null,
  input: z.strictObject(device),
  async run(context, input): Promise<null> {
    const person = requirePerson(context.actor);
    context.audit({ entityType: 'user', entityId: person.id, before: null, after: input });
    context.change('users', person.id);
    return null;
  },
});

/** Writes to the audit that somebody failed to sign in as a known user. */
export const recordFailedSignIn = instanceOperation({
  name: 'sign_in_failed',
  permission: null,
  input: z.strictObject({ user_id: z.string(), ...device }),
  async run(context, { user_id, ...from }): Promise<null> {
    if (context.actor.kind !== 'system')
      throw new Problem('forbidden', 'forbidden', 'Only the sign-in itself records this.');
    context.audit({ entityType: 'user', entityId: user_id, before: null, after: from });
    return null;
  },
});
