import { and, asc, eq, isNotNull } from 'drizzle-orm';
import { decimal, plain, zero } from '#domain/core/decimal.ts';
import { averageCost, cost } from '#domain/ledger/position.ts';
import { isLegalMove } from '#domain/traders/state.ts';
import { accounts } from '#db/accounts/schema.ts';
import type { Database } from '#db/core/client.ts';
import { rebuildBook } from '#db/ledger/rebuild.ts';
import { symbolLocks } from '#db/locks/schema.ts';
import { simulatedBalance } from '#db/simulated/queries.ts';
import { traderTransitions, traders } from '#db/traders/schema.ts';

/** @throws Error when there is none. */
export async function accountNamed(db: Database, scope: string, id: string) {
  const [row] = await db
    .select()
    .from(accounts)
    .where(and(eq(accounts.scope, scope), eq(accounts.id, id)));
  if (row === undefined) throw new Error(`There is no account "${id}" in ${scope}.`);
  return row;
}

/** Where our ledger, what is kept beside it and the simulated broker's books differ: to the won, so nowhere. */
export async function booksDiffer(
  db: Database,
  scope = 'mock',
  account = 'paper',
): Promise<readonly string[]> {
  const { book, differences } = await rebuildBook(db, scope, account);
  const broker = await simulatedBalance(db, scope, account);
  const faults = differences.map((each) => `kept: ${JSON.stringify(each)}`);
  if (!book.cash.equals(broker.cash))
    faults.push(`cash: ${plain(book.cash)} here, ${plain(broker.cash)} at the broker`);
  const theirs = new Map(broker.holdings.map((held) => [held.symbol, held]));
  for (const symbol of new Set([...book.positions.keys(), ...theirs.keys()])) {
    const ours = book.positions.get(symbol);
    const [held, there] = [ours?.quantity ?? zero, theirs.get(symbol)?.quantity ?? zero];
    if (!held.equals(there)) faults.push(`${symbol}: ${plain(held)} here, ${plain(there)} at the broker`);
    const average = ours === undefined || held.isZero() ? null : averageCost(ours);
    const their = theirs.get(symbol)?.average ?? null;
    if (average !== null && their !== null && !average.minus(their).abs().lte(decimal('0.0001')))
      faults.push(`${symbol}: average ${plain(average)} here, ${plain(their)} at the broker`);
    if (held.isZero() && ours !== undefined && !cost(ours).isZero())
      faults.push(`${symbol}: cost of nothing`);
  }
  return faults;
}

/** What must never be so while a desk trades: a symbol with two traders, a position without its hold. */
export async function holdFaults(db: Database, scope = 'mock'): Promise<readonly string[]> {
  const busy = await db
    .select({ id: traders.id, symbol: traders.symbol })
    .from(traders)
    .where(and(eq(traders.scope, scope), isNotNull(traders.symbol)));
  const locks = new Map(
    (await db.select().from(symbolLocks).where(eq(symbolLocks.scope, scope))).map((row) => [row.symbol, row]),
  );
  const faults: string[] = [];
  const seen = new Map<string, string>();
  for (const { id, symbol } of busy) {
    if (symbol === null) continue;
    const other = seen.get(symbol);
    if (other !== undefined) faults.push(`${symbol} is worked by ${other} and ${id}`);
    seen.set(symbol, id);
    const holder = locks.get(symbol)?.trader ?? null;
    if (holder !== id) faults.push(`${id} works on ${symbol}, which ${holder ?? 'nobody'} holds`);
  }
  return faults;
}

/**
 * Plays every stored day back and says what could not have been: an illegal move, a gap in the row of moves, an entry
 * while something is held, an exit at a better price than the one before it.
 */
export async function playbackFaults(db: Database, scope = 'mock'): Promise<readonly string[]> {
  const rows = await db
    .select()
    .from(traderTransitions)
    .where(eq(traderTransitions.scope, scope))
    .orderBy(asc(traderTransitions.trader), asc(traderTransitions.seq));
  const faults: string[] = [];
  for (const [trader, moves] of Map.groupBy(rows, (row) => row.trader)) {
    let [at, seq] = ['IDLE' as (typeof rows)[number]['from'], 0];
    let lastExit: number | null = null;
    for (const move of moves) {
      const where = `${trader} ${move.seq} (${move.event})`;
      seq += 1;
      if (move.seq !== seq) faults.push(`${where}: ${move.seq} follows ${seq - 1}`);
      if (move.from !== at) faults.push(`${where}: from ${move.from}, was ${at}`);
      if (!isLegalMove(move.from, move.to)) faults.push(`${where}: ${move.from} -> ${move.to}`);
      for (const effect of move.effects) {
        if (effect['kind'] === 'place_order' && effect['side'] === 'buy' && move.from !== 'SCANNING')
          faults.push(`${where}: an entry from ${move.from}`);
        const sells = effect['side'] === 'sell' || effect['kind'] === 'revise_order';
        if (!sells || !['EXITING', 'HALTED'].includes(move.to)) continue;
        const asked = Number(effect['price']);
        if (lastExit !== null && asked > lastExit) faults.push(`${where}: ${asked} after ${lastExit}`);
        lastExit = asked;
      }
      if (move.to === 'IDLE' || move.event === 'day_closed') lastExit = null;
      at = move.to;
    }
  }
  return faults;
}
