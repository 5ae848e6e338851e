import { type SQL, and, asc, desc, eq, gte, inArray, isNull, lte, notInArray, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { plain } from '#domain/core/decimal.ts';
import { notFound } from '#domain/core/errors.ts';
import { type BrokerKey, averagePrice } from '#domain/orders/broker-order.ts';
import { endedOrderStates } from '#domain/orders/order.ts';
import type {
  AttemptView,
  BrokerOrderFilter,
  BrokerOrderView,
  OrderDetail,
  OrderEventView,
  OrderFilter,
  OrderView,
} from '#domain/orders/view.ts';
import { accounts } from '#db/accounts/schema.ts';
import type { Queryable } from '#db/core/client.ts';
import { ledgerEntries } from '#db/ledger/schema.ts';
import { instruments } from '#db/market/schema.ts';
import { brokerOrders, orderAttempts, orderEvents, orders } from './schema.ts';

type OrderRow = typeof orders.$inferSelect;
type BrokerOrderRow = typeof brokerOrders.$inferSelect;
type Amount = OrderRow['quantity'];

const text = (value: Amount | null) => (value === null ? null : plain(value));
const iso = (at: Date | null) => at?.toISOString() ?? null;

const named = {
  symbolName: instruments.name,
  currency: accounts.currency,
};

/** Orders with what their account and instrument are called. */
function select(q: Queryable) {
  return q
    .select({ order: orders, ...named })
    .from(orders)
    .leftJoin(accounts, and(eq(accounts.scope, orders.scope), eq(accounts.id, orders.account)))
    .leftJoin(
      instruments,
      and(
        eq(instruments.venue, accounts.venue),
        eq(instruments.source, accounts.feed),
        eq(instruments.symbol, orders.symbol),
      ),
    )
    .$dynamic();
}

function viewOf({
  order,
  symbolName,
  currency,
}: {
  readonly order: OrderRow;
  readonly symbolName: string | null;
  readonly currency: string | null;
}): OrderView {
  return {
    order_id: order.id,
    account: order.account,
    trader: order.trader,
    seq: order.seq,
    symbol: order.symbol,
    symbol_name: symbolName,
    currency: currency ?? 'KRW',
    side: order.side,
    purpose: order.purpose,
    flatten: order.flatten,
    quantity: plain(order.quantity),
    price: text(order.price),
    state: order.state,
    filled: plain(order.filled),
    average_price: text(averagePrice(order.amount, order.filled)),
    amount: plain(order.amount),
    cause: order.cause,
    reason: order.reason,
    wanted:
      order.wanted === null
        ? null
        : {
            kind: order.wanted.kind,
            price: order.wanted.kind === 'revise' ? order.wanted.price : null,
            reason: order.wanted.reason,
          },
    candidates: order.candidates?.length ?? null,
    trading_day: order.tradingDay,
    at: order.at.toISOString(),
    updated_at: order.updatedAt.toISOString(),
    ended_at: iso(order.endedAt),
    version: order.version,
  };
}

function conditions(scope: string, filter: OrderFilter): (SQL | undefined)[] {
  const { open, state, trader, account, symbol, side, trading_day: day, from, to } = filter;
  const over = [...endedOrderStates];
  return [
    eq(orders.scope, scope),
    open === undefined ? undefined : open ? notInArray(orders.state, over) : inArray(orders.state, over),
    state === undefined || state.length === 0 ? undefined : inArray(orders.state, state),
    trader === undefined ? undefined : eq(orders.trader, trader),
    account === undefined ? undefined : eq(orders.account, account),
    symbol === undefined ? undefined : eq(orders.symbol, symbol.toUpperCase()),
    side === undefined ? undefined : eq(orders.side, side),
    day === undefined ? undefined : eq(orders.tradingDay, day),
    from === undefined ? undefined : gte(orders.tradingDay, from),
    to === undefined ? undefined : lte(orders.tradingDay, to),
  ];
}

const place = z.object({ at: z.iso.datetime(), id: z.string().max(150) });
type Place = z.output<typeof place>;

/** A place in a list that is ordered by time and name: `2026-11-20T01:02:03.000Z~name`. */
function placeOf(cursor: string | undefined): Place | null {
  const [at, ...rest] = (cursor ?? '').split('~');
  const parsed = place.safeParse({ at, id: rest.join('~') });
  return parsed.success ? parsed.data : null;
}

const orderPlace = z.tuple([z.iso.date(), z.iso.datetime(), z.uuid()]);

/** Orders of a scope, newest first. The day leads the order, so that its index serves every page. */
export async function listOrders(
  q: Queryable,
  scope: string,
  filter: OrderFilter,
): Promise<{ items: OrderView[]; next_cursor: string | null }> {
  const after = orderPlace.safeParse((filter.cursor ?? '').split('~')).data;
  const rows = await select(q)
    .where(
      and(
        ...conditions(scope, filter),
        after === undefined
          ? undefined
          : sql`(${orders.tradingDay}, ${orders.at}, ${orders.id})
              < (${after[0]}::date, ${after[1]}::timestamptz, ${after[2]}::uuid)`,
      ),
    )
    .orderBy(desc(orders.tradingDay), desc(orders.at), desc(orders.id))
    .limit(filter.limit + 1);
  const items = rows.slice(0, filter.limit).map(viewOf);
  const last = rows.length > filter.limit ? items.at(-1) : undefined;
  return {
    items,
    next_cursor: last === undefined ? null : [last.trading_day, last.at, last.order_id].join('~'),
  };
}

function brokerView(row: BrokerOrderRow, symbolName: string | null): BrokerOrderView {
  return {
    broker_key: row.key,
    account: row.account,
    order_id: row.order,
    replaces: row.replaces,
    role: row.role,
    symbol: row.symbol,
    symbol_name: symbolName,
    side: row.side,
    quantity: plain(row.quantity),
    price: text(row.price),
    at: row.at.toISOString(),
    filled: plain(row.filled),
    amount: plain(row.amount),
    cancelled: plain(row.cancelled),
    rejected: plain(row.rejected),
    seen_at: row.seenAt.toISOString(),
  };
}

/** What the broker has, newest first; by default what nobody owns. */
export async function listBrokerOrders(
  q: Queryable,
  scope: string,
  filter: BrokerOrderFilter,
): Promise<{ items: BrokerOrderView[]; next_cursor: string | null }> {
  const after = placeOf(filter.cursor);
  const rows = await q
    .select({ row: brokerOrders, name: instruments.name })
    .from(brokerOrders)
    .leftJoin(accounts, and(eq(accounts.scope, brokerOrders.scope), eq(accounts.id, brokerOrders.account)))
    .leftJoin(
      instruments,
      and(
        eq(instruments.venue, accounts.venue),
        eq(instruments.source, accounts.feed),
        eq(instruments.symbol, brokerOrders.symbol),
      ),
    )
    .where(
      and(
        eq(brokerOrders.scope, scope),
        filter.external ? isNull(brokerOrders.order) : undefined,
        filter.account === undefined ? undefined : eq(brokerOrders.account, filter.account),
        filter.symbol === undefined ? undefined : eq(brokerOrders.symbol, filter.symbol.toUpperCase()),
        after === null
          ? undefined
          : sql`(${brokerOrders.at}, ${brokerOrders.key}) < (${after.at}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(desc(brokerOrders.at), desc(brokerOrders.key))
    .limit(filter.limit + 1);
  const items = rows.slice(0, filter.limit).map(({ row, name }) => brokerView(row, name));
  const last = rows.length > filter.limit ? items.at(-1) : undefined;
  return { items, next_cursor: last === undefined ? null : `${last.at}~${last.broker_key}` };
}

async function attemptsOf(q: Queryable, order: string): Promise<AttemptView[]> {
  const rows = await q
    .select()
    .from(orderAttempts)
    .where(eq(orderAttempts.order, order))
    .orderBy(asc(orderAttempts.number));
  return rows.map(({ request, ...row }) => ({
    number: row.number,
    request: {
      kind: request.kind,
      target: request.kind === 'new' ? null : request.target,
      quantity: request.kind === 'revise' ? request.quantity : null,
      price: request.kind === 'revise' ? request.price : null,
    },
    fingerprint: row.fingerprint,
    at: row.at.toISOString(),
    deadline: row.deadline.toISOString(),
    outcome: row.outcome,
    closed_at: iso(row.closedAt),
    broker_key: row.brokerKey,
    process_id: row.process,
    epoch: row.epoch,
  }));
}

async function eventsOf(q: Queryable, order: string): Promise<OrderEventView[]> {
  const rows = await q
    .select()
    .from(orderEvents)
    .where(eq(orderEvents.order, order))
    .orderBy(asc(orderEvents.version));
  return rows.map((row) => ({
    version: row.version,
    kind: row.kind,
    from: row.from,
    to: row.to,
    details: row.details,
    reason: row.reason,
    at: row.at.toISOString(),
  }));
}

async function costsOf(q: Queryable, { scope, account, id }: OrderRow) {
  const rows = await q
    .select({ kind: ledgerEntries.kind, sum: sql<string>`sum(${ledgerEntries.amount})::text` })
    .from(ledgerEntries)
    .where(
      and(
        eq(ledgerEntries.scope, scope),
        eq(ledgerEntries.account, account),
        eq(ledgerEntries.order, id),
        inArray(ledgerEntries.kind, ['fee', 'tax']),
      ),
    )
    .groupBy(ledgerEntries.kind);
  const of = (kind: string) => rows.find((row) => row.kind === kind)?.sum ?? '0';
  return { fees: of('fee'), taxes: of('tax') };
}

/** Its own broker orders, and those that it may be while it is unknown. */
async function brokerOrdersOf(q: Queryable, order: OrderRow, symbolName: string | null) {
  const keys: BrokerKey[] = [...(order.candidates ?? []), ...order.disowned];
  const rows = await q
    .select()
    .from(brokerOrders)
    .where(
      and(
        eq(brokerOrders.scope, order.scope),
        eq(brokerOrders.account, order.account),
        or(
          eq(brokerOrders.order, order.id),
          keys.length === 0 ? undefined : and(isNull(brokerOrders.order), inArray(brokerOrders.key, keys)),
        ),
      ),
    )
    .orderBy(asc(brokerOrders.at), asc(brokerOrders.key));
  const own = rows.filter((row) => row.order === order.id);
  const others = rows.filter((row) => row.order === null);
  return {
    broker_orders: own.map((row) => brokerView(row, symbolName)),
    candidate_orders: others.map((row) => ({
      ...brokerView(row, symbolName),
      disowned: order.disowned.includes(row.key),
    })),
  };
}

/** One order with its tries, broker orders and history. @throws Problem 404. */
export async function getOrder(q: Queryable, scope: string, id: string): Promise<OrderDetail> {
  const [row] = z.uuid().safeParse(id).success
    ? await select(q).where(and(eq(orders.scope, scope), eq(orders.id, id)))
    : [];
  if (row === undefined) throw notFound('order', id);
  const { order, symbolName } = row;
  const [attempts, events, costs, atBroker] = await Promise.all([
    attemptsOf(q, order.id),
    eventsOf(q, order.id),
    costsOf(q, order),
    brokerOrdersOf(q, order, symbolName),
  ]);
  return {
    ...viewOf(row),
    key: order.key,
    key_held: order.keyHeld,
    fencing: order.fencing,
    ...costs,
    attempts,
    ...atBroker,
    events,
  };
}
