import { and, eq } from 'drizzle-orm';
import { zero } from '#domain/core/decimal.ts';
import { Problem } from '#domain/core/errors.ts';
import { runtimeReason } from '#domain/traders/reasons.ts';
import type { TraderReason, TraderState } from '#domain/traders/state.ts';
import type { TraderEffect, TraderEvent } from '#domain/traders/step-types.ts';
import type { Control } from '#domain/accounts/control.ts';
import { accounts } from '#db/accounts/schema.ts';
import { raiseAlert } from '#db/alerts/raise.ts';
import { type Transaction, sqlState } from '#db/core/client.ts';
import { acquireFirst, markPosition, releaseSymbol } from '#db/locks/symbols.ts';
import { symbolLocks } from '#db/locks/schema.ts';
import { placeIntent } from '#db/orders/place.ts';
import { wantChange } from '#db/orders/change.ts';
import { orderKey } from './order-key.ts';
import { type TraderRow, plainReason, symbolOf } from './rows.ts';

/** Where a trader's effects are carried out: its own transaction, with its row locked. */
export interface Carrying {
  readonly tx: Transaction;
  readonly row: TraderRow;
  readonly control: Control;
  readonly now: Date;
  readonly tradingDay: string;
}

/**
 * Carries out one effect of a step that led to `state`.
 * @returns what the world answered at once, to be stepped next; null when the answer comes as news.
 */
export async function carryOut(
  at: Carrying,
  effect: TraderEffect,
  state: TraderState,
): Promise<TraderEvent | null> {
  switch (effect.kind) {
    case 'lock_symbol':
      return lock(at, effect.symbol);
    case 'release_symbol':
      return release(at, effect);
    case 'place_order':
      return place(at, effect, state);
    case 'cancel_order':
    case 'revise_order':
      return change(at, effect);
    case 'alert':
      return raise(at, effect, state);
    case 'stop_account_for_day':
      await at.tx
        .update(accounts)
        .set({ stoppedDay: at.tradingDay, stoppedReason: plainReason(effect.reason) })
        .where(and(eq(accounts.scope, at.row.scope), eq(accounts.id, at.row.account)));
      return null;
    case 'record':
      return null;
  }
}

/** A symbol that another holds, or is just taking, is passed over: two that ask in turn never wait in a ring. */
async function lock({ tx, row }: Carrying, symbol: string): Promise<TraderEvent> {
  const taken = await acquireFirst(tx, row.scope, [symbol], row.id);
  if (taken !== null) return { kind: 'symbol_locked', symbol, token: taken.token };
  const [held] = await tx
    .select({ trader: symbolLocks.trader })
    .from(symbolLocks)
    .where(and(eq(symbolLocks.scope, row.scope), eq(symbolLocks.symbol, symbol)));
  const why: TraderReason =
    held?.trader === undefined
      ? runtimeReason('symbol_busy', { symbol })
      : held.trader === null
        ? runtimeReason('symbol_reconcile_first', { symbol })
        : runtimeReason('symbol_held', { symbol, trader: held.trader });
  return { kind: 'symbol_refused', symbol, why };
}

/** A hold that is over already, or another's by now, is nothing to let go. */
async function release(
  { tx, row }: Carrying,
  { symbol, token }: Extract<TraderEffect, { kind: 'release_symbol' }>,
): Promise<null> {
  if (token === null) return null;
  const hold = { symbol, trader: row.id, token };
  if (await markPosition(tx, row.scope, hold, false)) await releaseSymbol(tx, row.scope, hold);
  return null;
}

async function place(
  at: Carrying,
  effect: Extract<TraderEffect, { kind: 'place_order' }>,
  state: TraderState,
): Promise<TraderEvent | null> {
  const { row, control, now, tradingDay } = at;
  const { seq, side, symbol, token, quantity, price, reason } = effect;
  const key = await orderKey(at.tx, row.scope, row.id, row.definition.interval, effect, state, now.getTime());
  const refusal = await refusalOf(at.tx, (tx) =>
    placeIntent(tx, {
      scope: row.scope,
      account: row.account,
      trader: row.id,
      seq,
      side,
      symbol,
      token,
      quantity,
      price,
      cause: plainReason(reason),
      key,
      flatten: side === 'sell' && control.flatten,
      now,
      tradingDay,
    }),
  );
  if (refusal === null) return null;
  // Our own word that no session runs is no word of the exchange's: it must not stop the account for the day.
  const rejection = refusal === 'market_closed' ? 'not_continuous' : refusal;
  return { kind: 'order', seq, status: 'rejected', filled: zero, averagePrice: null, rejection };
}

/** Errors of the database that say no to this order alone: it exists already. */
const taken = '23505';

/** Why an intent was not written, null when it was. A refusal leaves nothing of it behind. */
async function refusalOf(
  tx: Transaction,
  write: (
    tx: Transaction,
  ) => Promise<{ placed: true } | { placed: false; refusals: readonly { code: string }[] }>,
): Promise<string | null> {
  try {
    return await tx.transaction(async (inner) => {
      const answer = await write(inner);
      return answer.placed ? null : (answer.refusals[0]?.code ?? 'order_refused');
    });
  } catch (error) {
    if (error instanceof Problem && error.kind === 'conflict') return error.code;
    if (sqlState(error) === taken) return 'duplicate_order_skipped';
    throw error;
  }
}

async function change(
  { tx, row, now }: Carrying,
  effect: Extract<TraderEffect, { kind: 'cancel_order' | 'revise_order' }>,
): Promise<null> {
  const reason = plainReason(effect.reason);
  await wantChange(
    tx,
    row.scope,
    row.id,
    effect.seq,
    effect.kind === 'cancel_order'
      ? { kind: 'cancel', reason }
      : { kind: 'revise', price: effect.price, reason },
    now,
  );
  return null;
}

async function raise(
  { tx, row, now }: Carrying,
  effect: Extract<TraderEffect, { kind: 'alert' }>,
  state: TraderState,
): Promise<null> {
  const symbol = effect.reason.params['symbol'];
  const of = typeof symbol === 'string' && symbol !== '' ? symbol : symbolOf(state);
  await raiseAlert(tx, {
    scope: row.scope,
    severity: effect.severity,
    reason: effect.reason,
    account: row.account,
    trader: row.id,
    ...(of === null ? {} : { symbol: of }),
    now,
  });
  return null;
}
