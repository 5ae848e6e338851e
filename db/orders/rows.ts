import { type InferSelectModel, type SQL, and, asc, eq, inArray, notInArray } from 'drizzle-orm';
import { decimal, plain } from '#domain/core/decimal.ts';
import { type BrokerKey, type BrokerOrder, brokerKey } from '#domain/orders/broker-order.ts';
import { type Order, type SendAttempt, type SendRequest, endedOrderStates } from '#domain/orders/order.ts';
import type { Queryable, Transaction } from '#db/core/client.ts';
import { type StoredRequest, brokerOrders, orderAttempts, orders } from './schema.ts';

export type OrderRow = InferSelectModel<typeof orders>;
export type AttemptRow = InferSelectModel<typeof orderAttempts>;
export type BrokerOrderRow = InferSelectModel<typeof brokerOrders>;

/** An order as the rules know it, with what only its rows hold. */
export interface StoredOrder {
  readonly row: OrderRow;
  readonly order: Order;
  /** By number. */
  readonly attempts: readonly AttemptRow[];
  readonly broker: readonly BrokerOrderRow[];
}

export function storedRequest(request: SendRequest): StoredRequest {
  if (request.kind !== 'revise') return request;
  const { kind, target, quantity, price } = request;
  return { kind, target, quantity: plain(quantity), price: price === null ? null : plain(price) };
}

function requestOf(stored: StoredRequest): SendRequest {
  if (stored.kind === 'new') return stored;
  const target = brokerKey.parse(stored.target);
  if (stored.kind === 'cancel') return { kind: 'cancel', target };
  const price = stored.price === null ? null : decimal(stored.price);
  return { kind: 'revise', target, quantity: decimal(stored.quantity), price };
}

function attemptOf(row: AttemptRow): SendAttempt {
  const { number, fingerprint, at, deadline, outcome, closedAt, brokerKey } = row;
  return { number, request: requestOf(row.request), fingerprint, at, deadline, outcome, closedAt, brokerKey };
}

function brokerOrderOf(row: BrokerOrderRow): BrokerOrder {
  const { key, replaces, role, quantity, price, filled, amount, cancelled, rejected } = row;
  return { key, replaces, role, quantity, price, filled, amount, cancelled, rejected };
}

/** What is replaced before what replaces it: the last one with anything left is the live one. */
function byChain(rows: readonly BrokerOrderRow[]): readonly BrokerOrderRow[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const depth = (row: BrokerOrderRow) => {
    let steps = 0;
    for (let at: BrokerOrderRow | undefined = row; at?.replaces != null && steps < rows.length; steps += 1)
      at = byKey.get(at.replaces);
    return steps;
  };
  return rows
    .map((row) => ({ row, depth: depth(row) }))
    .sort(
      (a, b) =>
        a.depth - b.depth ||
        a.row.at.getTime() - b.row.at.getTime() ||
        (a.row.key < b.row.key ? -1 : a.row.key > b.row.key ? 1 : 0),
    )
    .map(({ row }) => row);
}

/** The order of rows. Its limit is the one it was placed with: a revision's is its broker order's. */
function orderOf(row: OrderRow, attempts: readonly AttemptRow[], broker: readonly BrokerOrderRow[]): Order {
  const { id, account, trader, symbol, side, purpose, quantity, key, fencing, state, reason } = row;
  const first = broker.find(({ role }) => role === 'new');
  return {
    id,
    account,
    trader,
    symbol,
    side,
    purpose,
    quantity,
    price: first === undefined ? row.price : first.price,
    key,
    fencing,
    state,
    reason,
    attempts: attempts.map(attemptOf),
    brokerOrders: broker.map(brokerOrderOf),
  };
}

async function withParts(q: Queryable, rows: readonly OrderRow[]): Promise<StoredOrder[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [attempts, broker] = await Promise.all([
    q
      .select()
      .from(orderAttempts)
      .where(inArray(orderAttempts.order, ids))
      .orderBy(asc(orderAttempts.number)),
    q.select().from(brokerOrders).where(inArray(brokerOrders.order, ids)),
  ]);
  const attemptsOf = Map.groupBy(attempts, ({ order }) => order);
  const brokerOf = Map.groupBy(broker, ({ order }) => order);
  return rows.map((row) => {
    const own = attemptsOf.get(row.id) ?? [];
    const theirs = byChain(brokerOf.get(row.id) ?? []);
    return { row, order: orderOf(row, own, theirs), attempts: own, broker: theirs };
  });
}

export async function readOrders(q: Queryable, where: SQL | undefined): Promise<StoredOrder[]> {
  return withParts(q, await q.select().from(orders).where(where).orderBy(asc(orders.id)));
}

export const isOpenRow = notInArray(orders.state, [...endedOrderStates]);

/** Orders of an account that are not over. */
export async function openOrders(q: Queryable, scope: string, account: string): Promise<StoredOrder[]> {
  return readOrders(q, and(eq(orders.scope, scope), eq(orders.account, account), isOpenRow));
}

/** An order with its row locked until the transaction ends; null when there is none. */
export async function lockOrder(tx: Transaction, scope: string, id: string): Promise<StoredOrder | null> {
  const rows = await tx
    .select()
    .from(orders)
    .where(and(eq(orders.scope, scope), eq(orders.id, id)))
    .for('update');
  const [found] = await withParts(tx, rows);
  return found ?? null;
}

/** Names of broker orders that belong to orders of ours. */
export async function ownedKeys(
  q: Queryable,
  scope: string,
  account: string,
  keys: readonly BrokerKey[],
): Promise<Map<BrokerKey, string>> {
  if (keys.length === 0) return new Map();
  const rows = await q
    .select({ key: brokerOrders.key, order: brokerOrders.order })
    .from(brokerOrders)
    .where(
      and(
        eq(brokerOrders.scope, scope),
        eq(brokerOrders.account, account),
        inArray(brokerOrders.key, [...keys]),
      ),
    );
  return new Map(rows.flatMap(({ key, order }) => (order === null ? [] : [[key, order] as const])));
}
