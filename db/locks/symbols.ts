import { and, eq, inArray, sql } from 'drizzle-orm';
import { conflict } from '#domain/core/errors.ts';
import {
  type SymbolAnswer,
  type SymbolHold,
  answerTo,
  mayTake,
  mayWrite,
  ownsSymbol,
  symbolTtlSec,
  untouched,
} from '#domain/locks/symbol.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Queryable, Transaction } from '#db/core/client.ts';
import { noteEvents } from './events.ts';
import { symbolLocks } from './schema.ts';

/*
 * Every time is the database's wall clock, in rehearsals too: a lease says who is alive. The caller's transaction holds
 * the symbol's row until it ends; a step of a trader takes one symbol only, or passes over those that others hold.
 */

const holdColumns = {
  trader: symbolLocks.trader,
  fencing: symbolLocks.fencing,
  until: symbolLocks.until,
  hasPosition: symbolLocks.hasPosition,
  needsReconcile: symbolLocks.needsReconcile,
  // Read at worst before a wait for the row: too early a time lets a hold look alive, never dead.
  now: sql<string>`clock_timestamp()`,
};

/** `clock_timestamp()` comes as text. */
const timeOf = (text: string) => new Date(text);

const one = (scope: string, symbol: string) =>
  and(eq(symbolLocks.scope, scope), eq(symbolLocks.symbol, symbol));

const end = sql`clock_timestamp() + make_interval(secs => ${symbolTtlSec})`;

export interface LockedSymbol {
  readonly hold: SymbolHold;
  /** The database's wall clock. */
  readonly now: Date;
}

/** A symbol's row, locked until the transaction ends; null when there is none. */
export async function lockSymbol(
  tx: Transaction,
  scope: string,
  symbol: string,
): Promise<LockedSymbol | null> {
  const [row] = await tx.select(holdColumns).from(symbolLocks).where(one(scope, symbol)).for('update');
  if (row === undefined) return null;
  const { now, ...hold } = row;
  return { hold, now: timeOf(now) };
}

/** Tells the pages that a symbol's row is another. */
export async function symbolChanged(q: Queryable, scope: string, symbol: string): Promise<void> {
  await writeChanges(q, [{ topic: 'locks', entity: symbol, scope }]);
}

/**
 * Takes a symbol for a trader: for 60 s, to be renewed each 20. What it answers is the token that every order of the
 * hold carries. Asking for its own again gives a new token and fences the older one out.
 * A silent trader's symbol is not given away: it is marked for the reconciler, and asking again after that succeeds.
 */
export async function acquireSymbol(
  tx: Transaction,
  scope: string,
  symbol: string,
  trader: string,
): Promise<SymbolAnswer> {
  // One row per symbol for ever: it is there before anybody decides, so that two cannot both find none.
  await tx.insert(symbolLocks).values({ scope, symbol }).onConflictDoNothing();
  const locked = await lockSymbol(tx, scope, symbol);
  if (locked === null) throw new Error(`The row of the symbol ${symbol} vanished.`);
  const answer = answerTo(locked.hold, trader, locked.now);
  if (answer.taken) await give(tx, scope, symbol, trader, answer.token, locked.hold);
  else if (answer.why === 'reconcile_first' && !locked.hold.needsReconcile) {
    await tx.update(symbolLocks).set({ needsReconcile: true }).where(one(scope, symbol));
    await noteSilent(tx, scope, [{ symbol, ...locked.hold }]);
  }
  return answer;
}

async function give(
  tx: Transaction,
  scope: string,
  symbol: string,
  trader: string,
  token: number,
  before: SymbolHold,
): Promise<void> {
  const again = before.trader === trader;
  await tx
    .update(symbolLocks)
    .set({
      trader,
      fencing: token,
      since: sql`clock_timestamp()`,
      heartbeatAt: sql`clock_timestamp()`,
      until: end,
      needsReconcile: false,
      ...(again ? {} : { hasPosition: false }),
    })
    .where(one(scope, symbol));
  await symbolChanged(tx, scope, symbol);
}

/**
 * Takes the first symbol of a list that may be taken; one that another holds, or is just taking, is passed over.
 * @returns null when none may.
 */
export async function acquireFirst(
  tx: Transaction,
  scope: string,
  symbols: readonly string[],
  trader: string,
): Promise<{ readonly symbol: string; readonly token: number } | null> {
  if (symbols.length === 0) return null;
  const rows = await tx
    .select({ symbol: symbolLocks.symbol, ...holdColumns })
    .from(symbolLocks)
    .where(and(eq(symbolLocks.scope, scope), inArray(symbolLocks.symbol, [...symbols])));
  const known = new Map(rows.map((row) => [row.symbol, row]));
  for (const symbol of symbols) {
    const row = known.get(symbol);
    if (row !== undefined && !mayTake(row, trader, timeOf(row.now))) continue;
    const token = await takeUnlessBusy(tx, scope, symbol, trader);
    if (token !== null) return { symbol, token };
  }
  return null;
}

/** Never waits for another's row: those who look at the same candidates in another order would wait in a ring. */
async function takeUnlessBusy(
  tx: Transaction,
  scope: string,
  symbol: string,
  trader: string,
): Promise<number | null> {
  await tx.insert(symbolLocks).values({ scope, symbol }).onConflictDoNothing();
  const [row] = await tx
    .select(holdColumns)
    .from(symbolLocks)
    .where(one(scope, symbol))
    .for('update', { skipLocked: true });
  if (row === undefined) return null;
  const answer = answerTo(row, trader, timeOf(row.now));
  if (!answer.taken) return null;
  await give(tx, scope, symbol, trader, answer.token, row);
  return answer.token;
}

/** A hold as its trader knows it. */
export interface HeldSymbol {
  readonly symbol: string;
  readonly trader: string;
  readonly token: number;
}

/**
 * Renews holds for another 60 s, in one statement. A hold that ran out is renewed too while nobody took it over.
 * @returns the symbols renewed; of the others the hold is over, and their trader must stop writing at once.
 */
export async function renewSymbols(
  q: Queryable,
  scope: string,
  holds: readonly HeldSymbol[],
): Promise<Set<string>> {
  if (holds.length === 0) return new Set();
  const wanted = JSON.stringify(holds.map(({ symbol, trader, token }) => ({ symbol, trader, token })));
  const rows = await q.execute<{ symbol: string; silent: boolean; trader: string }>(sql`
    with wanted as (select * from jsonb_to_recordset(${wanted}::jsonb) as w(symbol text, trader text, token bigint)),
    mine as (
      select l.scope, l.symbol, l.needs_reconcile from symbol_locks l
      join wanted w on w.symbol = l.symbol and w.trader = l.trader and w.token = l.fencing
      where l.scope = ${scope} order by l.symbol for update of l)
    update symbol_locks l set heartbeat_at = clock_timestamp(), until = ${end}, needs_reconcile = false
    from mine where l.scope = mine.scope and l.symbol = mine.symbol
    returning l.symbol, l.trader, mine.needs_reconcile as silent`);
  const back = [...rows].filter((row) => row.silent);
  await noteEvents(
    q,
    back.map(({ symbol, trader }) => ({
      event: 'symbol_lock_reclaimed',
      scope,
      entityType: 'symbol_lock',
      entity: symbol,
      who: trader,
      details: {},
    })),
  );
  await writeChanges(
    q,
    back.map(({ symbol }) => ({ topic: 'locks', entity: symbol, scope })),
  );
  return new Set([...rows].map((row) => row.symbol));
}

/**
 * Lets a symbol go.
 * @returns `stale` when the hold was over already; `has_position` when its position was not marked as gone: a symbol
 * with a position stays held.
 */
export async function releaseSymbol(
  tx: Transaction,
  scope: string,
  { symbol, trader, token }: HeldSymbol,
): Promise<'released' | 'stale' | 'has_position'> {
  const locked = await lockSymbol(tx, scope, symbol);
  if (!ownsSymbol(locked?.hold ?? untouched, trader, token)) return 'stale';
  if (locked?.hold.hasPosition === true) return 'has_position';
  await endHold(tx, scope, symbol, { lastTrader: trader, why: 'released' });
  return 'released';
}

export interface EndOfHold {
  /** Left out: who held it last stays. */
  readonly lastTrader?: string;
  readonly why: string;
  /** A forced end gives the next token away, so that the former trader's is worth nothing. */
  readonly fencing?: number;
  /** Nobody takes it before it is reconciled. */
  readonly needsReconcile?: boolean;
  readonly hasPosition?: boolean;
}

/** Ends a hold; the row stays. */
export async function endHold(tx: Transaction, scope: string, symbol: string, ended: EndOfHold) {
  await tx
    .update(symbolLocks)
    .set({
      trader: null,
      since: null,
      until: null,
      hasPosition: ended.hasPosition ?? false,
      needsReconcile: ended.needsReconcile ?? false,
      ...(ended.lastTrader === undefined ? {} : { lastTrader: ended.lastTrader }),
      endedAt: sql`clock_timestamp()`,
      endedWhy: ended.why,
      ...(ended.fencing === undefined ? {} : { fencing: ended.fencing }),
    })
    .where(one(scope, symbol));
  await symbolChanged(tx, scope, symbol);
}

/**
 * Marks whether a hold has a position: in the transaction that books the fill. Also a hold that ran out is marked, for
 * a fill that arrives late must not lapse with it.
 * @returns false when the hold is over.
 */
export async function markPosition(
  tx: Transaction,
  scope: string,
  { symbol, trader, token }: HeldSymbol,
  hasPosition: boolean,
): Promise<boolean> {
  const marked = await tx
    .update(symbolLocks)
    .set({ hasPosition })
    .where(and(one(scope, symbol), eq(symbolLocks.trader, trader), eq(symbolLocks.fencing, token)))
    .returning({ symbol: symbolLocks.symbol });
  if (marked.length === 0) return false;
  await symbolChanged(tx, scope, symbol);
  return true;
}

/** A symbol's row as it is, nobody taking it over before the transaction ends; untouched when there is none. */
export async function shareSymbol(tx: Transaction, scope: string, symbol: string): Promise<LockedSymbol> {
  const [row] = await tx.select(holdColumns).from(symbolLocks).where(one(scope, symbol)).for('share');
  if (row === undefined) return { hold: untouched, now: new Date(0) };
  const { now, ...hold } = row;
  return { hold, now: timeOf(now) };
}

/**
 * Holds the fence for this transaction: an order is written only while its token is the symbol's. Nobody takes the
 * symbol over before the transaction ends.
 * @throws Problem 409 `symbol_lock_stale` when the symbol went to another hold, `symbol_lock_expired` when its trader
 * was silent for too long without a position and must renew first.
 */
export async function checkFence(
  tx: Transaction,
  scope: string,
  symbol: string,
  token: number,
): Promise<void> {
  const { hold, now } = await shareSymbol(tx, scope, symbol);
  const may = mayWrite(hold, token, now);
  if (may === 'yes') return;
  const params = { symbol, token, current: hold.fencing, trader: hold.trader };
  throw may === 'stale'
    ? conflict(
        'symbol_lock_stale',
        `Token ${token} of ${symbol} is worth nothing any more (now ${hold.fencing}): take the symbol again.`,
        params,
      )
    : conflict(
        'symbol_lock_expired',
        `The hold of ${symbol} ran out: renew it before writing orders.`,
        params,
      );
}

/** Records each hold whose trader fell silent, once per silence: an alert, and a mark for the reconciler. */
export async function sweepSymbols(tx: Transaction): Promise<number> {
  const silent = await tx
    .update(symbolLocks)
    .set({ needsReconcile: true })
    .where(
      and(
        sql`${symbolLocks.trader} is not null`,
        sql`${symbolLocks.until} <= clock_timestamp()`,
        eq(symbolLocks.needsReconcile, false),
      ),
    )
    .returning();
  for (const row of silent) await noteSilent(tx, row.scope, [row]);
  return silent.length;
}

async function noteSilent(
  tx: Transaction,
  scope: string,
  rows: readonly (SymbolHold & { readonly symbol: string })[],
): Promise<void> {
  await noteEvents(
    tx,
    rows.map(({ symbol, trader, fencing, until, hasPosition }) => ({
      event: hasPosition ? 'symbol_lock_overdue' : 'symbol_lock_expired',
      scope,
      entityType: 'symbol_lock',
      entity: symbol,
      who: trader ?? '',
      details: { token: fencing, until },
    })),
  );
  await writeChanges(
    tx,
    rows.map(({ symbol }) => ({ topic: 'locks', entity: symbol, scope })),
  );
}
