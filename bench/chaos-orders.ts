import { connect } from '#db/core/client.ts';
import { migrate } from '#db/core/migrate.ts';
import { orderChaos } from '#worker/testing/order-chaos.ts';
import { benchServer } from './lib/server.ts';

/** Rhythms that a busy machine keeps: the rules are those of a desk. */
const timing = {
  discoverMs: 200,
  electMs: 100,
  beatMs: 500,
  staleSec: 4,
  idleMs: 200,
  pollMs: 500,
  reconcileMs: 3_000,
  sendMs: 3_000,
  readMs: 3_000,
  deadlineMs: 2_000,
};

/**
 * Orders before a broker that loses answers, while their gateways are killed and paused; counted at the broker
 * afterwards.
 * @returns whether every promise was kept.
 */
export async function benchOrders(options: {
  seed: number;
  orders: number;
  note: (text: string) => void;
}): Promise<boolean> {
  await using server = await benchServer();
  const url = await server.database();
  await migrate(url);
  const db = connect(url, { max: 10, applicationName: 'bellkeeper:bench' });
  try {
    const { violations, ...rest } = await orderChaos({
      url,
      db,
      seed: options.seed,
      orders: options.orders,
      traders: 16,
      gateways: 3,
      burst: 20,
      timing,
      limitSec: Math.max(120, options.orders * 2),
      note: options.note,
    });
    console.log(JSON.stringify(rest, null, 2));
    const enough = rest.placed.sent >= options.orders && rest.unsettled === 0;
    console.log(
      violations.length === 0 ? 'no violation' : `${violations.length} violations:\n${violations.join('\n')}`,
    );
    if (!enough) console.log(`only ${rest.placed.sent} orders went out, ${rest.unsettled} are unsettled`);
    return violations.length === 0 && enough;
  } finally {
    await db.$client.end({ timeout: 2 });
  }
}
