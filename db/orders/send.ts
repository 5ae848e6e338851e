import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { decimal } from '#domain/core/decimal.ts';
import { mayWrite as mayWriteSymbol } from '#domain/locks/symbol.ts';
import { brokerRemaining } from '#domain/orders/broker-order.ts';
import {
  type Order,
  type OrderReason,
  type SendRequest,
  isOver,
  isUnsettled,
  liveBrokerOrder,
  openQuantity,
} from '#domain/orders/order.ts';
import { mayWrite, requestText } from '#domain/orders/sending.ts';
import { stepOrder } from '#domain/orders/transition.ts';
import type { Control } from '#domain/accounts/control.ts';
import { lockControls } from '#db/accounts/controls.ts';
import { type GatewayTerm, requireTerm } from '#db/accounts/gateways.ts';
import { accounts } from '#db/accounts/schema.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Database, Transaction } from '#db/core/client.ts';
import { type LockedSymbol, shareSymbol } from '#db/locks/symbols.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { type StoredOrder, isOpenRow, lockOrder, readOrders } from './rows.ts';
import { type SaveContext, noteEvent, saveStep } from './save.ts';
import { orders } from './schema.ts';

/** What a gateway brings to each of its sends. */
export interface Sending {
  readonly scope: string;
  readonly account: string;
  readonly term: GatewayTerm;
  /** Whether the broker changes prices in place. */
  readonly revises: boolean;
  /** No first byte later than this after the sending was written (scope time). */
  readonly deadlineMs: number;
}

export type Begun =
  /** Written and committed: now it may be sent, once, if `whileAllowed` still says so. */
  | {
      readonly kind: 'send';
      readonly order: Order;
      readonly attempt: number;
      readonly request: SendRequest;
    }
  /** Given up, or the change refused, before anything was sent. */
  | { readonly kind: 'dropped'; readonly reason: OrderReason }
  | { readonly kind: 'waits' }
  | { readonly kind: 'nothing' };

/** An entry that waited so long is not what its signal meant. */
const entryAgeMs = 30_000;

const because = (code: string, params: OrderReason['params'] = {}): OrderReason => ({ code, params });

interface Ground {
  readonly control: Control;
  readonly symbol: LockedSymbol;
}

/** Controls, fence and term, held until the transaction ends. @throws GatewayReplaced. */
async function holdGround(
  tx: Transaction,
  { scope, account, term }: Sending,
  { trader, symbol }: Pick<Order, 'trader' | 'symbol'>,
): Promise<Ground> {
  const control = await lockControls(tx, scope, account, trader);
  const held = await shareSymbol(tx, scope, symbol);
  await requireTerm(tx, scope, account, term);
  return { control, symbol: held };
}

/** Why nothing that opens or moves an order may go out; null when it may. Cancels are never asked. */
function groundRefusal({ control, symbol }: Ground, { order, row }: StoredOrder): OrderReason | null {
  if (control.mode === 'stopped' && !row.flatten) return because('stopped');
  if (order.purpose === 'entry' && control.mode !== 'running') return because('entries_stopped');
  const may = mayWriteSymbol(symbol.hold, order.fencing, symbol.now);
  if (may === 'stale') return because('fenced_out', { symbol: order.symbol });
  if (may === 'expired' && order.purpose === 'entry')
    return because('symbol_lock_expired', { symbol: order.symbol });
  return null;
}

async function accountRefusal(
  tx: Transaction,
  { scope, account }: Sending,
  { order, row }: StoredOrder,
  now: Date,
): Promise<OrderReason | null> {
  const [found] = await tx
    .select({ stoppedDay: accounts.stoppedDay, ready: accounts.ready })
    .from(accounts)
    .where(and(eq(accounts.scope, scope), eq(accounts.id, account)));
  if (found?.stoppedDay === row.tradingDay) return because('market_closed_today', { account });
  if (order.purpose === 'exit') return null;
  if (found?.ready !== true) return because('account_not_ready', { account });
  const waited = now.getTime() - row.at.getTime();
  return waited > entryAgeMs ? because('intent_too_old', { sec: Math.floor(waited / 1_000) }) : null;
}

/** An order of the same account, symbol and side of which the broker's number is not known. */
async function hasRival(tx: Transaction, { scope }: Sending, { order }: StoredOrder): Promise<boolean> {
  const { id, account, symbol, side } = order;
  const rows = await readOrders(
    tx,
    and(
      eq(orders.scope, scope),
      eq(orders.account, account),
      eq(orders.symbol, symbol),
      eq(orders.side, side),
      isOpenRow,
    ),
  );
  return rows.some((each) => each.order.id !== id && ['sent', 'unknown'].includes(each.order.state));
}

/**
 * Decides what an order's next send is and writes it, before its first byte: an intent that is to be placed, or the
 * change that is wanted. What may not be sent any more is dropped here and its trader told.
 * @throws GatewayReplaced when another process sends for the account.
 */
export async function beginSend(db: Database, sending: Sending, id: string): Promise<Begun> {
  return db.transaction(async (tx) => {
    const [peek] = await tx
      .select({ trader: orders.trader, symbol: orders.symbol })
      .from(orders)
      .where(and(eq(orders.scope, sending.scope), eq(orders.id, id)));
    if (peek === undefined) return { kind: 'nothing' };
    const ground = await holdGround(tx, sending, peek);
    const stored = await lockOrder(tx, sending.scope, id);
    if (stored === null || isOver(stored.order)) return { kind: 'nothing' };
    const now = await scopeTime(tx, sending.scope);
    const context: SaveContext = { tx, scope: sending.scope, now, sender: sending.term };
    if (stored.row.wantedAt !== null && stored.row.wantedAt > now) return { kind: 'waits' };
    if (stored.order.attempts.some(isUnsettled)) return { kind: 'waits' };
    return stored.order.state === 'intent'
      ? beginNew(context, sending, stored, ground)
      : beginChange(context, sending, stored, ground);
  });
}

async function beginNew(
  context: SaveContext,
  sending: Sending,
  stored: StoredOrder,
  ground: Ground,
): Promise<Begun> {
  const { tx, now } = context;
  const reason = groundRefusal(ground, stored) ?? (await accountRefusal(tx, sending, stored, now));
  if (reason !== null) {
    const event = { kind: 'dropped', at: now, reason } as const;
    const step = stepOrder(stored.order, event);
    if (step.kind === 'moved') await saveStep(context, stored, event, step);
    return { kind: 'dropped', reason };
  }
  if (await hasRival(tx, sending, stored)) return { kind: 'waits' };
  return start(context, sending, stored, { kind: 'new' });
}

async function beginChange(
  context: SaveContext,
  sending: Sending,
  stored: StoredOrder,
  ground: Ground,
): Promise<Begun> {
  const { order, row } = stored;
  const { wanted } = row;
  const live = liveBrokerOrder(order);
  if (wanted === null) return { kind: 'nothing' };
  if (live === null || brokerRemaining(live).isZero()) return dropChange(context, stored, null);
  const cancelling = order.attempts.some(
    ({ outcome, request }) =>
      outcome === 'accepted' && request.kind === 'cancel' && request.target === live.key,
  );
  // The broker has taken the cancel; what it cancelled is still to be told.
  if (cancelling) return wanted.kind === 'cancel' ? { kind: 'waits' } : dropChange(context, stored, null);
  if (wanted.kind === 'cancel') return start(context, sending, stored, { kind: 'cancel', target: live.key });
  const reason = sending.revises ? groundRefusal(ground, stored) : because('broker_cannot_revise');
  if (reason !== null) return dropChange(context, stored, reason);
  const request = {
    kind: 'revise',
    target: live.key,
    quantity: openQuantity(order),
    price: decimal(wanted.price),
  } as const;
  return start(context, sending, stored, request);
}

/** A change that cannot be made any more; its trader asks anew if it still wants one. */
async function dropChange(
  { tx, scope, now }: SaveContext,
  { row, order }: StoredOrder,
  reason: OrderReason | null,
): Promise<Begun> {
  const version = row.version + 1;
  await tx
    .update(orders)
    .set({ wanted: null, wantedAt: null, version, updatedAt: now })
    .where(eq(orders.id, row.id));
  const { state } = order;
  await noteEvent({ tx, now }, row.id, version, {
    kind: 'change_dropped',
    from: state,
    to: state,
    details: {},
    reason,
  });
  await writeChanges(tx, [{ topic: 'orders', entity: row.id, scope }]);
  return reason === null ? { kind: 'nothing' } : { kind: 'dropped', reason };
}

async function start(
  context: SaveContext,
  { deadlineMs }: Sending,
  stored: StoredOrder,
  request: SendRequest,
): Promise<Begun> {
  const { order } = stored;
  const attempt = order.attempts.length + 1;
  const event = {
    kind: 'send_started',
    attempt,
    request,
    fingerprint: createHash('sha256')
      .update(requestText(order, attempt, request))
      .digest('hex'),
    at: context.now,
    deadline: new Date(context.now.getTime() + deadlineMs),
    // Checked above for what the fence is for; a cancel goes out under any.
    fencing: order.fencing,
  } as const;
  const step = stepOrder(order, event);
  if (step.kind !== 'moved')
    return dropChange(context, stored, because(step.kind === 'refused' ? step.code : 'nothing_left'));
  const saved = await saveStep(context, stored, event, step);
  return { kind: 'send', order: saved.order, attempt, request };
}

export type Allowed<T> =
  | { readonly allowed: true; readonly value: T }
  /** Not a byte went out. */
  | { readonly allowed: false; readonly reason: OrderReason };

/**
 * Starts a send while the ground it stands on is held: from the commit of a stop, a take-over of the symbol or of the
 * gateway on, nothing is started any more. `write` only begins; its answer is awaited after the rows are let go.
 */
export async function whileAllowed<T>(
  db: Database,
  sending: Sending,
  { order, attempt, request }: Extract<Begun, { kind: 'send' }>,
  write: () => T,
): Promise<Allowed<T>> {
  let started: { readonly value: T } | null = null;
  try {
    return await db.transaction(async (tx): Promise<Allowed<T>> => {
      const ground = await holdGround(tx, sending, order);
      const [current] = await readOrders(tx, eq(orders.id, order.id));
      if (current === undefined) return { allowed: false, reason: because('attempt_not_open') };
      const cancel = request.kind === 'cancel';
      const refusal = cancel ? null : groundRefusal(ground, current);
      if (refusal !== null) return { allowed: false, reason: refusal };
      const now = await scopeTime(tx, sending.scope);
      const fencing = cancel ? order.fencing : ground.symbol.hold.fencing;
      const { epoch } = sending.term;
      const may = mayWrite(current.order, attempt, now, fencing, { own: epoch, current: epoch });
      if (!may.may) return { allowed: false, reason: because(may.code) };
      const value = write();
      started = { value };
      return { allowed: true, value };
    });
  } catch (error) {
    // What was started is on its way, whatever became of the locks.
    const begun = started as { readonly value: T } | null;
    if (begun !== null) return { allowed: true, value: begun.value };
    throw error;
  }
}
