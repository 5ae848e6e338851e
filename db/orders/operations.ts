import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { conflict, notFound } from '#domain/core/errors.ts';
import { brokerKey } from '#domain/orders/broker-order.ts';
import { cancelOrderBody, resolveOrderBody } from '#domain/orders/requests.ts';
import type { OrderDetail } from '#domain/orders/view.ts';
import { reportOf } from '#db/accounts/compare.ts';
import { sqlState } from '#db/core/client.ts';
import { type ScopedContext, scopedOperation } from '#db/core/operation.ts';
import { wantChangeOf } from './change.ts';
import { adoptReport } from './resolve.ts';
import { type StoredOrder, lockOrder, readOrders } from './rows.ts';
import { noteEvent } from './save.ts';
import { brokerOrders, orders } from './schema.ts';
import { wakeGateway } from './signals.ts';
import { getOrder } from './view.ts';

const orderId = z.string().max(60);

async function found({ tx, scope }: ScopedContext, id: string): Promise<StoredOrder> {
  const [stored] = z.uuid().safeParse(id).success
    ? await readOrders(tx, and(eq(orders.scope, scope.name), eq(orders.id, id)))
    : [];
  if (stored === undefined) throw notFound('order', id);
  return stored;
}

function audited(context: ScopedContext, id: string, before: OrderDetail | object, after: object): void {
  context.audit({ entityType: 'order', entityId: `${context.scope.name}/${id}`, before, after });
}

/** Asks for an order to be cancelled: what was never sent is dropped at once, for the rest the broker is asked. */
export const cancelOrder = scopedOperation({
  name: 'cancel_order',
  permission: 'orders.control',
  input: z.strictObject({ order_id: orderId, body: cancelOrderBody }),
  async run(context, { order_id: id, body: { reason } }): Promise<OrderDetail> {
    const { tx, scope, actor, now } = context;
    const { order } = await found(context, id);
    const change = {
      kind: 'cancel',
      reason: { code: 'cancelled_by', params: { actor: actor.name } },
    } as const;
    const asked = await wantChangeOf(tx, scope.name, id, change, now);
    if (asked === 'over')
      throw conflict('order_over', `The order is over (${order.state}).`, { state: order.state });
    audited(context, id, { state: order.state }, { asked, reason });
    context.change('orders', id);
    return getOrder(tx, scope.name, id);
  },
});

/**
 * A person's word on an order whose answer was lost: which broker order it is, or which one it is not. When nothing is
 * left that it could be, the gateway's own looks decide that it never arrived.
 */
export const resolveOrder = scopedOperation({
  name: 'resolve_order',
  permission: 'orders.control',
  input: z.strictObject({ order_id: orderId, body: resolveOrderBody }),
  async run(context, { order_id: id, body }): Promise<OrderDetail> {
    const { tx, scope } = context;
    const { order } = await found(context, id);
    const key = brokerKey.parse(body.broker_key);
    const [row] = await tx
      .select()
      .from(brokerOrders)
      .where(
        and(
          eq(brokerOrders.scope, scope.name),
          eq(brokerOrders.account, order.account),
          eq(brokerOrders.key, key),
        ),
      );
    if (row === undefined) throw notFound('broker_order', key);
    if (row.order !== null)
      throw conflict('broker_order_taken', `${key} belongs to another order.`, { key, order: row.order });
    if (body.action === 'adopt') await adopt(context, id, order, reportOf(row));
    else await disown(context, id, key);
    const { action, reason } = body;
    audited(context, id, { state: order.state }, { action, broker_key: key, reason });
    context.change('orders', id);
    await wakeGateway(tx, scope.name, order.account);
    return getOrder(tx, scope.name, id);
  },
});

async function adopt(
  { tx, scope, actor, now }: ScopedContext,
  id: string,
  order: StoredOrder['order'],
  report: ReturnType<typeof reportOf>,
): Promise<void> {
  const reason = { code: 'adopted_by', params: { actor: actor.name, key: report.key } };
  try {
    const kind = await adoptReport(tx, scope.name, order, report, reason, now);
    if (kind === 'moved') return;
    throw conflict(
      kind === 'refused' ? 'order_not_adoptable' : 'order_not_unknown',
      `${report.key} cannot be this order: it differs, or it is known what became of the order.`,
      { key: report.key, state: order.state },
    );
  } catch (error) {
    // Its trader has another exit open by now: both together would sell more than is held.
    if (sqlState(error) === '23505')
      throw conflict('exit_open', 'Its trader has another exit open: wait until that one is over.', {
        order: id,
      });
    throw error;
  }
}

async function disown(
  { tx, scope, actor, now }: ScopedContext,
  id: string,
  key: z.output<typeof brokerKey>,
): Promise<void> {
  const locked = await lockOrder(tx, scope.name, id);
  if (locked === null) throw notFound('order', id);
  const { row, order } = locked;
  if (order.state !== 'unknown')
    throw conflict('order_not_unknown', `It is known what became of the order (${order.state}).`, {
      state: order.state,
    });
  if (row.disowned.includes(key)) return;
  const left = (row.candidates ?? []).filter((each) => each !== key);
  const version = row.version + 1;
  await tx
    .update(orders)
    .set({
      disowned: [...row.disowned, key],
      candidates: left.length === 0 ? null : left,
      version,
      updatedAt: now,
    })
    .where(eq(orders.id, id));
  await noteEvent({ tx, now }, id, version, {
    kind: 'disowned',
    from: order.state,
    to: order.state,
    details: { broker_key: key },
    reason: { code: 'disowned_by', params: { actor: actor.name, key } },
  });
}
