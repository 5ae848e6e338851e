import { sql } from 'drizzle-orm';
import type { Queryable } from '#db/core/client.ts';

/** Tells gateways that there may be something to send; the payload is a hint, never data. */
export const gatewayChannel = 'bellkeeper_gateway';

/** Wakes the gateways when the transaction commits. */
export async function wakeGateways(tx: Queryable): Promise<void> {
  await tx.execute(sql`select pg_notify(${gatewayChannel}, '')`);
}
