import { sql } from 'drizzle-orm';
import type { Queryable } from '#db/core/client.ts';

/** Wakes the gateways, at commit; the payload is a hint: `scope/account`. */
export const ordersChannel = 'bellkeeper_orders';

export async function wakeGateway(q: Queryable, scope: string, account: string): Promise<void> {
  await q.execute(sql`select pg_notify(${ordersChannel}, ${`${scope}/${account}`})`);
}
