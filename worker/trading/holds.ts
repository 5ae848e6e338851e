import { symbolRenewSec } from '#domain/locks/symbol.ts';
import { runtimeReason } from '#domain/traders/reasons.ts';
import type { Database } from '#db/core/client.ts';
import { type HeldSymbol, renewSymbols } from '#db/locks/symbols.ts';
import { workOf } from '#db/traders/rows.ts';
import { type World, type WorldTrader, readWorld } from '#db/traders/world.ts';
import { stepAll } from './step.ts';

function holdOf({ id, state }: WorldTrader): HeldSymbol | null {
  const work = workOf(state);
  return 'token' in work ? { symbol: work.symbol, trader: id, token: work.token } : null;
}

/** When this process renewed the holds of a scope last: wall clock, for holds are leases. */
const renewed = new WeakMap<Database, Map<string, number>>();

/** {@link renewHolds} each 20 s, however often it is called. */
export async function renewWhenDue(db: Database, world: World): Promise<void> {
  const known = renewed.get(db) ?? new Map<string, number>();
  renewed.set(db, known);
  const now = performance.now();
  if (now - (known.get(world.scope) ?? -Infinity) < symbolRenewSec * 1_000) return;
  await renewHolds(db, world);
  known.set(world.scope, now);
}

/**
 * Renews the symbols of all who hold one. Whose hold is another's by now stops writing at once: it halts.
 * @param world read just now.
 * @returns how many were lost.
 */
export async function renewHolds(db: Database, world: World): Promise<number> {
  const holds = world.traders.map(holdOf).filter((hold) => hold !== null);
  const renewed = await renewSymbols(db, world.scope, holds);
  const lost = new Set(holds.filter(({ symbol }) => !renewed.has(symbol)).map(({ trader }) => trader));
  if (lost.size === 0) return 0;
  // Some let go meanwhile: only a second look tells a lost hold from one that is over.
  const now = await readWorld(db, world.scope, { traders: [...lost] });
  const held = now.traders.filter((trader) => holdOf(trader) !== null && trader.state.phase !== 'HALTED');
  const again = await renewSymbols(
    db,
    world.scope,
    held.map(holdOf).filter((hold) => hold !== null),
  );
  const gone = held.filter(({ symbol }) => symbol !== null && !again.has(symbol)).map(({ id }) => id);
  if (gone.length === 0) return 0;
  await stepAll(db, world.scope, { traders: gone }, (_world, trader) => {
    const hold = holdOf(trader);
    if (hold === null) return null;
    const reason = runtimeReason('symbol_lock_lost', { symbol: hold.symbol });
    return { trader, events: [{ kind: 'halt', reason }] };
  });
  return gone.length;
}
