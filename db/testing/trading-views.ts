import { and, asc, eq } from 'drizzle-orm';
import { alerts } from '#db/alerts/schema.ts';
import { controls } from '#db/accounts/schema.ts';
import type { Database } from '#db/core/client.ts';
import { orderEvents, orders } from '#db/orders/schema.ts';
import { stateOf } from '#db/traders/rows.ts';
import { scans, traderTransitions, traders } from '#db/traders/schema.ts';

/** What a desk's rows say, for tests that look from outside. */
export function deskView(db: Database, scope = 'mock') {
  return {
    async trader(id: string) {
      const [row] = await db
        .select()
        .from(traders)
        .where(and(eq(traders.scope, scope), eq(traders.id, id)));
      if (row === undefined) throw new Error(`There is no trader "${id}".`);
      return { ...row, state: stateOf(row) };
    },
    traders: () => db.select().from(traders).where(eq(traders.scope, scope)).orderBy(asc(traders.id)),
    orders: () => db.select().from(orders).where(eq(orders.scope, scope)).orderBy(asc(orders.id)),
    scans: () => db.select().from(scans).where(eq(scans.scope, scope)),
    alerts: () => db.select().from(alerts).where(eq(alerts.scope, scope)).orderBy(asc(alerts.id)),
    controls: () => db.select().from(controls).where(eq(controls.scope, scope)),
    moves: (trader: string) =>
      db
        .select()
        .from(traderTransitions)
        .where(and(eq(traderTransitions.scope, scope), eq(traderTransitions.trader, trader)))
        .orderBy(asc(traderTransitions.seq)),
    events: (order: string) =>
      db.select().from(orderEvents).where(eq(orderEvents.order, order)).orderBy(asc(orderEvents.version)),
  };
}
