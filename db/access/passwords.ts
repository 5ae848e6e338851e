import { z } from 'zod';
import { changePasswordRequest, setPasswordRequest } from '#domain/access/requests.ts';
import { Problem, conflict, invalidField } from '#domain/core/errors.ts';
import { instanceOperation } from '#db/core/operation.ts';
import { fetchUser, lockPeople, requireOverUser, requirePerson } from './guard.ts';
import { endSignIns, passwordHashOf, writePassword } from './people.ts';
import { hashPassword, verifyPassword } from './secrets.ts';

/** Sets another person's password and ends their sign-ins. One's own goes through `change_password`. */
export const resetPassword = instanceOperation({
  name: 'reset_password',
  permission: 'users.manage',
  input: setPasswordRequest.extend({ user_id: z.string().min(1).max(200) }),
  async run(context, input): Promise<{ user_id: string; sign_ins_ended: number }> {
    const { tx, actor, now } = context;
    if (actor.kind === 'user' && actor.id === input.user_id) {
      throw conflict('own_password', 'Change your own password under Account: it asks for the current one.');
    }
    const hash = await hashPassword(input.password);
    await lockPeople(tx);
    const user = await fetchUser(tx, input.user_id);
    requireOverUser(actor, user);
    await writePassword(tx, user.id, hash, now);
    const ended = await endSignIns(tx, user.id);
    context.audit({
      entityType: 'user',
      entityId: user.id,
      before: null,
      after: { password: 'reset', sign_ins_ended: ended },
    });
    context.change('users', user.id);
    return { user_id: user.id, sign_ins_ended: ended };
  },
});

/** Changes the actor's own password; every other sign-in of theirs ends. */
export const changePassword = instanceOperation({
  name: 'change_password',
  permission: null,
  input: changePasswordRequest.extend({ keep_sign_in: z.string().nullable().default(null) }),
  async run(context, input): Promise<{ user_id: string; sign_ins_ended: number }> {
    const { tx, now } = context;
    const person = requirePerson(context.actor);
    const current = await passwordHashOf(tx, person.id);
    if (current === null) throw new Problem('forbidden', 'no_password', 'This account has no password.');
    if (!(await verifyPassword(current, input.current_password))) {
      throw invalidField('current_password', 'wrong_password', 'this is not your current password');
    }
    await writePassword(tx, person.id, await hashPassword(input.new_password), now);
    const ended = await endSignIns(tx, person.id, input.keep_sign_in);
    context.audit({
      entityType: 'user',
      entityId: person.id,
      before: null,
      after: { password: 'changed', sign_ins_ended: ended },
    });
    context.change('users', person.id);
    return { user_id: person.id, sign_ins_ended: ended };
  },
});
