import { and, asc, eq, gt, inArray, lt } from 'drizzle-orm';
import { price, quantity } from '#domain/market/money.ts';
import type { OrderState } from '#domain/orders/order.ts';
import type { OrderNews, TraderEvent } from '#domain/traders/step-types.ts';
import type { Queryable, Transaction } from '#db/core/client.ts';
import { orderEvents, orders } from './schema.ts';

type OrderRow = typeof orders.$inferSelect;
type EventRow = typeof orderEvents.$inferSelect;

/** What a trader has not heard yet of one of its orders. */
export interface UntoldNews {
  readonly trader: string;
  /** The order's id. */
  readonly order: string;
  /** To be marked as told with the step that took the events in. */
  readonly version: number;
  /** Changes that were answered, then where the order stands. */
  readonly events: readonly TraderEvent[];
}

const status: Readonly<Record<OrderState, OrderNews['status']>> = {
  intent: 'open',
  sent: 'open',
  accepted: 'open',
  partially_filled: 'open',
  filled: 'filled',
  cancelled: 'cancelled',
  rejected: 'rejected',
  unknown: 'unknown',
};

/** An average may have no finite digits; a trader reckons with so many. */
const averagePlaces = 12;

function newsOf(row: OrderRow): OrderNews {
  return {
    kind: 'order',
    seq: row.seq,
    status: status[row.state],
    filled: quantity(row.filled),
    averagePrice: row.filled.isZero()
      ? null
      : price(row.amount.div(row.filled).toDecimalPlaces(averagePlaces)),
    rejection: row.state === 'rejected' ? (row.reason?.code ?? 'rejected') : null,
  };
}

/** What an event means to a trader that asked for a change; null when it is no answer to one. */
function answerOf(seq: number, { kind, details }: EventRow): TraderEvent | null {
  const request = details['request'];
  if (request !== 'revise' && request !== 'cancel')
    return kind === 'change_dropped' ? { kind: 'change_refused', seq } : null;
  switch (kind) {
    case 'accepted':
      return request === 'revise' ? { kind: 'revised', seq } : null;
    case 'rejected':
    case 'not_executed':
    case 'proven_absent':
      return { kind: 'change_refused', seq };
    default:
      return null;
  }
}

/** At most so many orders in one answer; the rest is still untold. */
const most = 1_000;

/**
 * News of orders that their traders have not heard, oldest order first. The same news may be told again after a crash:
 * everything in it is cumulative.
 * @param traders whose; null: of all in the scope.
 */
export async function untoldNews(
  q: Queryable,
  scope: string,
  traders: readonly string[] | null,
): Promise<UntoldNews[]> {
  if (traders?.length === 0) return [];
  const rows = await q
    .select()
    .from(orders)
    .where(
      and(
        eq(orders.scope, scope),
        lt(orders.toldVersion, orders.version),
        traders === null ? undefined : inArray(orders.trader, [...traders]),
      ),
    )
    .orderBy(asc(orders.id))
    .limit(most);
  if (rows.length === 0) return [];
  const history = await q
    .select()
    .from(orderEvents)
    .where(
      and(
        inArray(
          orderEvents.order,
          rows.map(({ id }) => id),
        ),
        gt(orderEvents.version, 1),
      ),
    )
    .orderBy(asc(orderEvents.order), asc(orderEvents.version));
  const byOrder = Map.groupBy(history, ({ order }) => order);
  return rows.map((row) => {
    const untold = (byOrder.get(row.id) ?? []).filter(
      ({ version }) => version > row.toldVersion && version <= row.version,
    );
    const answers = untold.map((event) => answerOf(row.seq, event)).filter((event) => event !== null);
    return {
      trader: row.trader,
      order: row.id,
      version: row.version,
      events: [...answers, newsOf(row)],
    };
  });
}

/** Notes that an order's trader has heard of it up to a version; an older one changes nothing. */
export async function markTold(tx: Transaction, order: string, version: number): Promise<void> {
  await tx
    .update(orders)
    .set({ toldVersion: version })
    .where(and(eq(orders.id, order), lt(orders.toldVersion, version)));
}
