import { and, eq } from 'drizzle-orm';
import type { Actor } from '#domain/access/access.ts';
import { type SwitchInput, afterAction, asksProof, switchInput } from '#domain/accounts/control.ts';
import { invalidField, notFound } from '#domain/core/errors.ts';
import { passwordHashOf } from '#db/access/people.ts';
import { verifyPassword } from '#db/access/secrets.ts';
import { wake } from '#db/core/changes.ts';
import { type ScopedContext, scopedOperation } from '#db/core/operation.ts';
import { switches } from './control-queries.ts';
import { controls } from './schema.ts';

async function prove({ tx, scope, actor }: ScopedContext, input: SwitchInput): Promise<void> {
  if (!asksProof(input.action, scope.kind)) return;
  if (input.reason === '') throw invalidField('reason', 'reason_missing', 'say why: this is real money');
  if (input.confirm !== scope.name)
    throw invalidField('confirm', 'confirm_scope', `type "${scope.name}" to confirm`, { scope: scope.name });
  await provePerson(tx, actor, input.password);
}

async function provePerson(
  tx: ScopedContext['tx'],
  actor: Actor,
  password: string | undefined,
): Promise<void> {
  if (actor.kind !== 'user') return;
  const hash = await passwordHashOf(tx, actor.id);
  if (hash === null || password === undefined || !(await verifyPassword(hash, password)))
    throw invalidField('password', 'wrong_password', 'this is not your current password');
}

/**
 * Throws a switch of the scope, an account or a trader. Once this has committed nothing new goes out that it forbids:
 * whoever writes an intent or begins to send one holds the row and sees it. The same again changes nothing.
 */
export const setKillSwitch = scopedOperation({
  name: 'set_kill_switch',
  permission: 'kill_switch.set',
  input: switchInput,
  async run(context, input) {
    const { tx, scope, actor, now } = context;
    const { level, action } = input;
    const subject = level === 'scope' ? scope.name : (input.subject ?? '');
    if (subject === '') throw invalidField('subject', 'required', `name the ${level}`);
    await prove(context, input);
    const one = and(eq(controls.scope, scope.name), eq(controls.level, level), eq(controls.subject, subject));
    const [before] = await tx.select().from(controls).where(one).for('update');
    if (before === undefined) throw notFound(level, subject);
    const { mode, flatten } = afterAction[action];
    if (before.mode !== mode || before.flatten !== flatten) {
      await tx
        .update(controls)
        .set({
          mode,
          flatten,
          reason: input.reason === '' ? null : input.reason,
          actorName: actor.name,
          at: now,
          version: before.version + 1,
          carriedOutAt: null,
        })
        .where(one);
      context.audit({
        entityType: 'kill_switch',
        entityId: `${scope.name}/${level}/${subject}`,
        before: { mode: before.mode, flatten: before.flatten },
        after: { mode, flatten, action, reason: input.reason },
      });
      context.change('controls', `${level}/${subject}`);
      await wake(tx);
    }
    return switches(tx, scope.name);
  },
});
