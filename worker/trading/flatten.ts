import { runtimeReason } from '#domain/traders/reasons.ts';
import type { TraderReason } from '#domain/traders/state.ts';
import { markCarriedOut } from '#db/accounts/controls.ts';
import type { Database } from '#db/core/client.ts';
import { wantChange } from '#db/orders/change.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import {
  type AskedControl,
  askedControls,
  openOrdersUnder,
  tradersUnder,
} from '#db/traders/asked-controls.ts';
import { workOf } from '#db/traders/rows.ts';
import { readWorld } from '#db/traders/world.ts';
import { type SteppedAll, stepAll, stepOnNews } from './step.ts';

/**
 * Tells traders to get out: entries are cancelled and what filled is sold, positions are sold. One that is on its way
 * out already stays on it.
 * @param only these traders; null: all.
 */
export function flattenTraders(
  db: Database,
  scope: string,
  only: readonly string[] | null,
  reason: TraderReason,
): Promise<SteppedAll> {
  return stepAll(db, scope, { traders: only }, (_world, trader) => ({
    trader,
    events: [{ kind: 'flatten', reason }],
  }));
}

/** The backstop of the day's end: whoever is not flat yet is told once more. */
export async function flattenBackstop(
  db: Database,
  scope: string,
  only: readonly string[] | null,
): Promise<SteppedAll> {
  await stepOnNews(db, scope, only);
  return flattenTraders(db, scope, only, runtimeReason('flatten_backstop', {}));
}

/**
 * Carries out what the kill switch asks for: a flatten sells out every trader under it, a stop of entries takes back the
 * entries that are open. A switch is marked as carried out once nothing of that is left.
 * @returns switches that are still being carried out.
 */
export async function carryOutControls(db: Database, scope: string): Promise<number> {
  const asked = await askedControls(db, scope);
  let open = 0;
  for (const control of asked) {
    const done = control.flatten
      ? await carryOutFlatten(db, scope, control)
      : await takeBackEntries(db, scope, control);
    if (!done) open += 1;
    else await markDone(db, scope, control);
  }
  return open;
}

async function markDone(
  db: Database,
  scope: string,
  { level, subject, version }: AskedControl,
): Promise<void> {
  const now = await scopeTime(db, scope);
  await db.transaction((tx) => markCarriedOut(tx, scope, level, subject, version, now));
}

async function carryOutFlatten(db: Database, scope: string, control: AskedControl): Promise<boolean> {
  const under = await tradersUnder(db, scope, control);
  const { level, subject } = control;
  if (under.length > 0)
    await flattenTraders(db, scope, under, runtimeReason('flatten_control', { level, subject }));
  const world = await readWorld(db, scope, { traders: under });
  const flat = world.traders.every(({ state }) => {
    const { phase } = workOf(state);
    return phase === 'IDLE' || phase === 'SCANNING';
  });
  return flat && (await openOrdersUnder(db, scope, control)).length === 0;
}

async function takeBackEntries(db: Database, scope: string, control: AskedControl): Promise<boolean> {
  const entries = (await openOrdersUnder(db, scope, control)).filter(({ entry }) => entry);
  const now = await scopeTime(db, scope);
  const reason = { code: control.mode, params: {} };
  for (const { trader, seq } of entries.filter((each) => !each.asked))
    await db.transaction((tx) => wantChange(tx, scope, trader, seq, { kind: 'cancel', reason }, now));
  return entries.length === 0;
}
