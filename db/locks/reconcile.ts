import { eq, and } from 'drizzle-orm';
import { z } from 'zod';
import { conflict, notFound } from '#domain/core/errors.ts';
import { type Reconciled, reconcile, symbolStateOf } from '#domain/locks/symbol.ts';
import { symbolAct, symbolReconciled } from '#domain/locks/view.ts';
import type { Transaction } from '#db/core/client.ts';
import { type ScopedContext, scopedOperation } from '#db/core/operation.ts';
import { symbolLock } from './queries.ts';
import { symbolLocks } from './schema.ts';
import { endHold, lockSymbol, symbolChanged } from './symbols.ts';

/**
 * Says that a symbol agrees with the broker, so that a silent trader's hold may end. For the reconciler, which has just
 * compared orders and positions; people do it through the operation below.
 * @param position whether the account holds the symbol: then the hold stays.
 * @returns null for a symbol that was never held.
 */
export async function markReconciled(
  tx: Transaction,
  scope: string,
  symbol: string,
  position: boolean,
): Promise<Reconciled | null> {
  const locked = await lockSymbol(tx, scope, symbol);
  if (locked === null) return null;
  const { hold, now } = locked;
  const result = reconcile(hold, position, now);
  if (result === 'freed') {
    const last = hold.trader === null ? {} : { lastTrader: hold.trader };
    await endHold(tx, scope, symbol, { ...last, why: 'reconciled', fencing: hold.fencing + 1 });
  } else if (result === 'kept') {
    await tx
      .update(symbolLocks)
      .set({ hasPosition: true })
      .where(and(eq(symbolLocks.scope, scope), eq(symbolLocks.symbol, symbol)));
    await symbolChanged(tx, scope, symbol);
  }
  return result;
}

const input = z.object({ symbol: z.string().max(40) });

function auditSymbol(context: ScopedContext, symbol: string, before: unknown, after: object): void {
  context.audit({ entityType: 'symbol_lock', entityId: `${context.scope.name}/${symbol}`, before, after });
}

/** A person's word that a symbol was compared with the broker. */
export const reconcileSymbol = scopedOperation({
  name: 'reconcile_symbol_lock',
  permission: 'traders.control',
  input: input.extend({ body: symbolReconciled }),
  async run(context, { symbol, body }) {
    const { tx, scope } = context;
    const before = await symbolLock(tx, scope.name, symbol);
    const result = await markReconciled(tx, scope.name, symbol, body.position);
    switch (result) {
      case null:
        throw notFound('symbol_lock', symbol);
      case 'held':
        throw conflict(
          'symbol_lock_held',
          `${before?.trader ?? 'Its trader'} holds ${symbol} and is alive: stop the trader, or force the lock open.`,
          { symbol, trader: before?.trader ?? null },
        );
      case 'not_needed':
        throw conflict('symbol_lock_free', `${symbol} is free: there is nothing to reconcile.`, { symbol });
      case 'freed':
      case 'kept':
        auditSymbol(context, symbol, before, { result, position: body.position, reason: body.reason });
        return found(await symbolLock(tx, scope.name, symbol), symbol);
    }
  },
});

/**
 * Takes a symbol from its trader. Its token is worth nothing from here on, and nobody takes the symbol before it is
 * reconciled: orders of the former hold may still be on their way.
 */
export const releaseSymbolLock = scopedOperation({
  name: 'release_symbol_lock',
  permission: 'traders.control',
  input: input.extend({ body: symbolAct }),
  async run(context, { symbol, body }) {
    const { tx, scope } = context;
    const locked = await lockSymbol(tx, scope.name, symbol);
    if (locked === null) throw notFound('symbol_lock', symbol);
    const { hold, now } = locked;
    if (hold.trader === null) {
      const state = symbolStateOf(hold, now);
      throw conflict(
        'symbol_lock_not_held',
        state === 'free'
          ? `Nobody holds ${symbol}.`
          : `Nobody holds ${symbol}; mark it as reconciled to free it.`,
        { symbol, state },
      );
    }
    const before = await symbolLock(tx, scope.name, symbol);
    await endHold(tx, scope.name, symbol, {
      lastTrader: hold.trader,
      why: `forced by ${context.actor.name}: ${body.reason}`,
      fencing: hold.fencing + 1,
      needsReconcile: true,
      hasPosition: hold.hasPosition,
    });
    auditSymbol(context, symbol, before, { trader: null, token: hold.fencing + 1, reason: body.reason });
    return found(await symbolLock(tx, scope.name, symbol), symbol);
  },
});

function found<View>(view: View | null, symbol: string): View {
  if (view === null) throw notFound('symbol_lock', symbol);
  return view;
}
