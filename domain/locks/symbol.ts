import { z } from 'zod';

/**
 * A symbol lock is a trader's exclusive hold on a symbol: a lease with a fencing token, judged by the database's wall
 * clock in every scope (who is alive is never a matter of a rehearsal's time).
 */

/** How long a hold lasts without a heartbeat. */
export const symbolTtlSec = 60;
/** Traders renew this often, so that two heartbeats may be lost. */
export const symbolRenewSec = symbolTtlSec / 3;

/** A venue's symbol: `005930`, `KRW-BTC`. */
export const symbolName = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9./_-]{0,39}$/, 'upper-case letters, digits, ".", "/", "_" and "-", at most 40');

/** What the rules need to know of a symbol's row. A symbol without a row is `untouched`. */
export interface SymbolHold {
  /** Null: nobody holds it. */
  readonly trader: string | null;
  /** Token of the latest hold; rises with every take-over and forced release. */
  readonly fencing: number;
  readonly until: Date | null;
  readonly hasPosition: boolean;
  readonly needsReconcile: boolean;
}

export const untouched: SymbolHold = {
  trader: null,
  fencing: 0,
  until: null,
  hasPosition: false,
  needsReconcile: false,
};

/**
 * - `free`: anybody may take it.
 * - `held`: its trader is alive.
 * - `overdue`: its trader is silent and has a position; it stays held for ever.
 * - `expired`: its trader is silent without a position; another may take it once the symbol is reconciled.
 * - `reconcile`: it was forced open; nobody takes it until the symbol is reconciled.
 */
export const symbolState = z.enum(['free', 'held', 'overdue', 'expired', 'reconcile']);
export type SymbolState = z.output<typeof symbolState>;

export function symbolStateOf(hold: SymbolHold, now: Date): SymbolState {
  if (hold.trader === null || hold.until === null) return hold.needsReconcile ? 'reconcile' : 'free';
  if (hold.until > now) return 'held';
  return hold.hasPosition ? 'overdue' : 'expired';
}

/** Whether this trader may have it now: it is free, or its own already. */
export function mayTake(hold: SymbolHold, trader: string, now: Date): boolean {
  return hold.trader === trader || symbolStateOf(hold, now) === 'free';
}

export type SymbolAnswer =
  | { readonly taken: true; readonly token: number }
  | {
      readonly taken: false;
      /** `held`: by a trader that lives. `overdue`: by one that must come back or be helped. */
      readonly why: 'held' | 'overdue' | 'reconcile_first';
      readonly trader: string | null;
      readonly until: Date | null;
    };

/**
 * What asking for a symbol comes to. A trader that asks for its own again (a new process of it) gets a new token,
 * which fences the old process out; its position stays with it.
 */
export function answerTo(hold: SymbolHold, trader: string, now: Date): SymbolAnswer {
  if (mayTake(hold, trader, now)) return { taken: true, token: hold.fencing + 1 };
  const state = symbolStateOf(hold, now);
  const why = state === 'held' || state === 'overdue' ? state : 'reconcile_first';
  return { taken: false, why, trader: hold.trader, until: hold.until };
}

/** The first candidate that may be taken: a symbol locked by another is passed over. Null when none may. */
export function nextFree(
  candidates: readonly string[],
  holds: ReadonlyMap<string, SymbolHold>,
  trader: string,
  now: Date,
): string | null {
  return candidates.find((symbol) => mayTake(holds.get(symbol) ?? untouched, trader, now)) ?? null;
}

/** Whether a token still is the hold's: nobody took the symbol over or forced it open since. */
export function ownsSymbol(hold: SymbolHold, trader: string, token: number): boolean {
  return hold.trader === trader && hold.fencing === token;
}

/**
 * Whether an order that carries this token may be written. Silence without a position ends the right to write; a
 * position keeps it, for getting out is never blocked by what blocks getting in.
 */
export function mayWrite(hold: SymbolHold, token: number, now: Date): 'yes' | 'stale' | 'expired' {
  if (hold.trader === null || hold.fencing !== token) return 'stale';
  return symbolStateOf(hold, now) === 'expired' ? 'expired' : 'yes';
}

/** What a reconciliation of the symbol with the broker changes. */
export type Reconciled = 'freed' | 'kept' | 'not_needed' | 'held';

/**
 * @param position whether the account holds the symbol. Without one, the silent trader's hold ends and anybody may take
 * it; with one it stays as it is. A hold whose trader lives is not touched.
 */
export function reconcile(hold: SymbolHold, position: boolean, now: Date): Reconciled {
  const state = symbolStateOf(hold, now);
  if (state === 'held') return 'held';
  if (state === 'free') return 'not_needed';
  return position ? 'kept' : 'freed';
}
