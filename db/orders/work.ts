import { and, asc, eq, isNotNull, lt, or, sql } from 'drizzle-orm';
import type { Side } from '#domain/orders/broker-order.ts';
import type { Order, Purpose } from '#domain/orders/order.ts';
import type { Queryable } from '#db/core/client.ts';
import { isOpenRow } from './rows.ts';
import { orders } from './schema.ts';

/** Cancels first, then what closes positions, entries last. */
export type WorkKind = 'cancel' | 'exit' | 'entry';

/** An order that waits for the gateway to send something of it. */
export interface OrderWork {
  readonly id: string;
  readonly kind: WorkKind;
  readonly symbol: string;
  readonly side: Side;
  readonly isNew: boolean;
}

const rank: Readonly<Record<WorkKind, number>> = { cancel: 0, exit: 1, entry: 2 };

function kindOf(wanted: 'cancel' | 'revise' | null, purpose: Purpose): WorkKind {
  return wanted === 'cancel' ? 'cancel' : purpose;
}

/** Orders of an account with something to send now, in the order in which they should go. */
export async function pendingWork(q: Queryable, scope: string, account: string): Promise<OrderWork[]> {
  const rows = await q
    .select({
      id: orders.id,
      state: orders.state,
      purpose: orders.purpose,
      symbol: orders.symbol,
      side: orders.side,
      wanted: orders.wanted,
    })
    .from(orders)
    .where(
      and(
        eq(orders.scope, scope),
        eq(orders.account, account),
        isOpenRow,
        or(
          eq(orders.state, 'intent'),
          and(isNotNull(orders.wanted), sql`${orders.state} in ('accepted', 'partially_filled')`),
        ),
        sql`(${orders.wantedAt} is null or ${orders.wantedAt} <= scope_now(${scope}))`,
      ),
    )
    .orderBy(asc(orders.id));
  return rows
    .map(({ id, state, purpose, symbol, side, wanted }) => {
      const isNew = state === 'intent';
      return { id, kind: kindOf(isNew ? null : (wanted?.kind ?? null), purpose), symbol, side, isNew };
    })
    .sort((a, b) => rank[a.kind] - rank[b.kind]);
}

/** What of an account the broker is to be asked about. */
export interface OpenAtBroker {
  /** Orders that may be at the broker. */
  readonly count: number;
  /** When the oldest of them was written (scope time); null without any. */
  readonly since: Date | null;
}

export async function openAtBroker(q: Queryable, scope: string, account: string): Promise<OpenAtBroker> {
  const [row] = await q
    .select({ count: sql<number>`count(*)`.mapWith(Number), since: sql<string | null>`min(${orders.at})` })
    .from(orders)
    .where(
      and(eq(orders.scope, scope), eq(orders.account, account), isOpenRow, sql`${orders.state} <> 'intent'`),
    );
  return {
    count: row?.count ?? 0,
    since: row?.since == null ? null : new Date(row.since),
  };
}

/** Traders of an account with an order of which they have not heard all. */
export async function tradersToTell(q: Queryable, scope: string, account: string): Promise<string[]> {
  const rows = await q
    .selectDistinct({ trader: orders.trader })
    .from(orders)
    .where(and(eq(orders.scope, scope), eq(orders.account, account), lt(orders.toldVersion, orders.version)));
  return rows.map(({ trader }) => trader);
}

/** Whether an order of ours may be at the broker under a number that is not known, or a change of it. */
export function isUnresolved(order: Order): boolean {
  return order.state === 'unknown' || order.attempts.some(({ outcome }) => outcome === 'unknown');
}
