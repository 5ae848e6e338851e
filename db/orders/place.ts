import { randomBytes } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { type Decimal, zero } from '#domain/core/decimal.ts';
import { Problem } from '#domain/core/errors.ts';
import { uuidV7 } from '#domain/core/ids.ts';
import type { Side } from '#domain/orders/broker-order.ts';
import { type Order, type OrderReason, newOrder } from '#domain/orders/order.ts';
import { type RiskRefusal, preTrade } from '#domain/risk/check.ts';
import { lockControls } from '#db/accounts/controls.ts';
import { type AccountTerms, accountTerms, instrumentOf } from '#db/accounts/terms.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Transaction } from '#db/core/client.ts';
import { lockBook } from '#db/ledger/append.ts';
import { claimKey, freeKey } from '#db/locks/idempotency.ts';
import { checkFence } from '#db/locks/symbols.ts';
import { riskContext } from './risk-context.ts';
import { noteEvent } from './save.ts';
import { orders } from './schema.ts';
import { wakeGateway } from './signals.ts';

export interface NewIntent {
  readonly scope: string;
  readonly account: string;
  readonly trader: string;
  /** Which of its trader's orders. */
  readonly seq: number;
  /** Buys open, sells close. */
  readonly side: Side;
  readonly symbol: string;
  /** Of the symbol lock under which it is made. */
  readonly token: number;
  readonly quantity: Decimal;
  readonly price: Decimal | null;
  /** Why it is placed. */
  readonly cause: OrderReason;
  /** Idempotency key: of an entry or of an exit, as the side is. */
  readonly key: string;
  /** Part of a flatten, which a stop does not hold back. */
  readonly flatten: boolean;
  /** Scope time. */
  readonly now: Date;
  readonly tradingDay: string;
}

export type Placed =
  | { readonly placed: true; readonly id: string }
  | { readonly placed: false; readonly refusals: readonly RiskRefusal[] };

const refuse = (...refusals: readonly RiskRefusal[]): Placed => ({ placed: false, refusals });

/** What stops an account: nothing is sent on a day that the broker called closed, nothing is opened while unsure. */
function accountRefusal({ row }: AccountTerms, order: Order, tradingDay: string): RiskRefusal | null {
  if (row.stoppedDay === tradingDay)
    return { check: 'account', code: 'market_closed_today', params: { account: row.id } };
  if (order.purpose === 'entry' && !row.ready)
    return { check: 'account', code: 'account_not_ready', params: { account: row.id } };
  return null;
}

async function fenceRefusal(tx: Transaction, intent: NewIntent): Promise<RiskRefusal | null> {
  try {
    await checkFence(tx, intent.scope, intent.symbol, intent.token);
    return null;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { check: 'fence', code: error.code, params: { symbol: intent.symbol, token: intent.token } };
  }
}

/**
 * Writes an order as its intent, in the caller's transaction, and wakes the gateway at its commit. Locks, in this
 * order: the controls (shared), the symbol lock (shared), the account's book. A caller that also locks its trader's row
 * takes the controls before it.
 * @returns every reason why it may not be sent, the gravest first; nothing is written then but the note of a doubled key.
 * @throws Problem 400 for parts that make no order, 404 for an unknown account.
 */
export async function placeIntent(tx: Transaction, intent: NewIntent): Promise<Placed> {
  const { scope, account, trader, symbol, side, quantity, price, key, flatten, now, tradingDay } = intent;
  const order = newOrder({
    id: uuidV7(now, randomBytes(10)),
    account,
    trader,
    symbol,
    side,
    purpose: side === 'buy' ? 'entry' : 'exit',
    quantity,
    price,
    key,
    fencing: intent.token,
  });
  const control = await lockControls(tx, scope, account, trader);
  const unfenced = await fenceRefusal(tx, intent);
  if (unfenced !== null) return refuse(unfenced);
  const terms = await accountTerms(tx, scope, account);
  const stopped = accountRefusal(terms, order, tradingDay);
  if (stopped !== null) return refuse(stopped);
  const instrument = await instrumentOf(tx, terms.row.venue, terms.row.feed, symbol);
  if (instrument === null)
    return refuse({ check: 'instrument', code: 'instrument_unknown', params: { symbol } });
  const book = await lockBook(tx, scope, account);
  const context = { scope, order, flatten, control: control.mode, terms, instrument, book, tradingDay, now };
  const refusals = preTrade(await riskContext(tx, context));
  if (refusals.length > 0) return refuse(...refusals);
  // Exits of one position are told apart by their steps, in their account; only signals are the scope's.
  if (order.purpose === 'entry') {
    const claim = await claimKey(tx, scope, key, order.id);
    if (!claim.claimed) return refuse(doubled(key, claim.owner));
  }
  return insertIntent(tx, intent, order);
}

const doubled = (key: string, owner: string): RiskRefusal => ({
  check: 'key',
  code: 'duplicate_order_skipped',
  params: { key, order: owner },
});

/** The indexes have the last word: one order per key, per turn of a trader, one open exit of a trader. */
async function insertIntent(tx: Transaction, intent: NewIntent, order: Order): Promise<Placed> {
  const { scope, account, trader, seq, flatten, cause, now, tradingDay } = intent;
  const { id, symbol, side, purpose, quantity, price, key, fencing, state } = order;
  const made = await tx
    .insert(orders)
    .values({
      scope,
      id,
      account,
      trader,
      seq,
      symbol,
      side,
      purpose,
      flatten,
      quantity,
      price,
      key,
      fencing,
      state,
      cause,
      filled: zero,
      amount: zero,
      tradingDay,
      toldVersion: 1,
      at: now,
      updatedAt: now,
    })
    .onConflictDoNothing()
    .returning({ version: orders.version });
  const [row] = made;
  if (row === undefined) {
    await freeKey(tx, scope, key, id);
    return refuse(doubled(key, await ownerOf(tx, intent)));
  }
  await noteEvent({ tx, now }, id, row.version, {
    kind: 'placed',
    from: null,
    to: state,
    details: {},
    reason: cause,
  });
  await writeChanges(tx, [{ topic: 'orders', entity: id, scope }]);
  await wakeGateway(tx, scope, account);
  return { placed: true, id };
}

async function ownerOf(tx: Transaction, { scope, trader, seq }: NewIntent): Promise<string> {
  const [row] = await tx
    .select({ id: orders.id })
    .from(orders)
    .where(and(eq(orders.scope, scope), eq(orders.trader, trader), eq(orders.seq, seq)));
  return row?.id ?? '';
}
