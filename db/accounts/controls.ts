import { and, eq, or, sql } from 'drizzle-orm';
import { type Control, type ControlLevel, strictest } from '#domain/accounts/control.ts';
import type { Transaction } from '#db/core/client.ts';
import { controls } from './schema.ts';

/**
 * The switches over a trader's orders, held until this transaction ends: a switch that is thrown meanwhile waits, and
 * whatever is written after its commit sees it. Without a row nothing is sent.
 */
export async function lockControls(
  tx: Transaction,
  scope: string,
  account: string,
  trader: string,
): Promise<Control> {
  const rows = await tx
    .select({ mode: controls.mode, flatten: controls.flatten })
    .from(controls)
    .where(
      and(
        eq(controls.scope, scope),
        or(
          and(eq(controls.level, 'scope'), eq(controls.subject, scope)),
          and(eq(controls.level, 'account'), eq(controls.subject, account)),
          and(eq(controls.level, 'trader'), eq(controls.subject, trader)),
        ),
      ),
    )
    .orderBy(controls.level, controls.subject)
    .for('share');
  return rows.length === 3 ? strictest(rows) : strictest([...rows, { mode: 'stopped', flatten: false }]);
}

/** Makes the switch of a new account or trader; one that is there stays as it is. */
export async function makeControl(
  tx: Transaction,
  scope: string,
  level: ControlLevel,
  subject: string,
): Promise<void> {
  await tx.insert(controls).values({ scope, level, subject }).onConflictDoNothing();
}

/** Notes that what a switch asks has been done. @param version of the switch that was seen: a later one is not done. */
export async function markCarriedOut(
  tx: Transaction,
  scope: string,
  level: ControlLevel,
  subject: string,
  version: number,
  now: Date,
): Promise<void> {
  await tx
    .update(controls)
    .set({ carriedOutAt: now })
    .where(
      and(
        eq(controls.scope, scope),
        eq(controls.level, level),
        eq(controls.subject, subject),
        eq(controls.version, version),
        sql`${controls.carriedOutAt} is null`,
      ),
    );
}
