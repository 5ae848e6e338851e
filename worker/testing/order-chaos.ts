import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { decimal } from '#domain/core/decimal.ts';
import type { Database } from '#db/core/client.ts';
import { wantChange } from '#db/orders/change.ts';
import { setSimulatedConfig } from '#db/simulated/settings.ts';
import {
  type DeskTrader,
  deskAccount,
  deskFigures,
  deskOrder,
  deskScope,
  gatewayPid,
  hearAll,
  heldBy,
  openOrderDesk,
  orderRow,
  orderViolations,
  ordersPlaced,
  symbolAt,
  tendDesk,
  unsettledOrders,
} from '#db/testing/order-desk.ts';
import { startSimulatedBroker } from '#worker/brokers/simulated/process.test-kit.ts';
import type { GatewayTiming } from '#worker/trading/gateway.ts';
import { type Fleet, seeded, startFleet } from './fleet.ts';
import { until } from './processes.ts';

const main = fileURLToPath(new URL('gateway.main.ts', import.meta.url));

export interface OrderChaosOptions {
  readonly url: string;
  readonly db: Database;
  readonly seed: number;
  /** Orders that must have gone out before it ends. */
  readonly orders: number;
  readonly traders: number;
  readonly gateways: number;
  /** A gateway is killed or paused after so many more orders went out. */
  readonly burst: number;
  readonly timing: Partial<GatewayTiming>;
  /** It gives up after so long, s. */
  readonly limitSec: number;
  readonly note?: (text: string) => void;
}

export interface OrderChaosReport {
  readonly seed: number;
  readonly kills: number;
  readonly pauses: number;
  readonly placed: { readonly all: number; readonly sent: number };
  readonly figures: Awaited<ReturnType<typeof deskFigures>>;
  readonly unsettled: number;
  readonly seconds: number;
  /** Empty when every promise was kept. */
  readonly violations: readonly string[];
}

/** Of a hundred sends a quarter ends badly: lost on the way there, lost on the way back, refused, not looked at. */
const faults = {
  latency_ms: 10,
  chances: {
    lost_before: 0.06,
    lost_after: 0.08,
    server_error: 0.02,
    server_error_after: 0.03,
    reject: 0.03,
    not_executed: 0.04,
    query: 0.05,
  },
};
const reason = { code: 'test', params: {} };

/** One trader: buys, sells what it holds, and changes its mind about what rests. */
async function trade(db: Database, trader: DeskTrader, draw: () => number, on: () => boolean): Promise<void> {
  let seq = 0;
  while (on()) {
    const held = await heldBy(db, trader);
    const side = held.isZero() ? 'buy' : 'sell';
    const resting = draw() < 0.35;
    const quantity = held.isZero() ? decimal(1 + Math.floor(draw() * 5)) : held;
    const placed = await deskOrder(db, trader, (seq += 1), side, quantity, resting);
    if (!placed.placed) {
      await wait(50 + draw() * 100);
      continue;
    }
    const changes = draw();
    const changeAt = performance.now() + 100 + draw() * 1_500;
    let changed = false;
    for (;;) {
      const row = await orderRow(db, placed.id);
      if (row === null || row.over) break;
      if (row.candidates > 0 && !on()) break;
      const late = performance.now() > changeAt;
      if (late && !changed && (resting || changes < 0.3 || !on())) {
        changed = true;
        await db.transaction((tx) =>
          wantChange(tx, deskScope, trader.id, seq, { kind: 'cancel', reason }, new Date()),
        );
      }
      await wait(40);
    }
  }
}

/** Somebody at the same account by hand: the same quantities, now and then. */
async function byHand(brokerUrl: string, draw: () => number, traders: number, on: () => boolean) {
  let count = 0;
  while (on()) {
    await wait(300 + draw() * 700);
    const own = draw() < 0.3;
    const symbol = symbolAt(own ? traders : Math.floor(draw() * traders));
    const index = Number(symbol) / 10 - 90_000;
    const low = Math.ceil(((20_000 + index * 500) * 0.75) / 1_000) * 1_000;
    const body = {
      client_id: null,
      symbol,
      side: 'buy',
      quantity: String(1 + Math.floor(draw() * 5)),
      price: own ? null : String(low),
    };
    const answer = await fetch(`${brokerUrl}/accounts/${deskAccount}/manual`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch(() => null);
    if (answer?.ok === true) count += 1;
  }
  return count;
}

/**
 * Kills and pauses gateways in the midst of their work: mostly the one that sends, a moment that a seed draws after so
 * many more orders went out.
 */
async function disturb(
  { db, burst }: Pick<OrderChaosOptions, 'db' | 'burst'>,
  fleet: Fleet,
  draw: () => number,
  on: () => boolean,
) {
  const done = { kills: 0, pauses: 0 };
  const waking: Promise<void>[] = [];
  let before = 0;
  while (on()) {
    const { sent } = await ordersPlaced(db);
    if (sent < before + burst) {
      await wait(20);
      continue;
    }
    before = sent;
    await wait(draw() * 400);
    const holder = await gatewayPid(db);
    const pids = fleet.pids();
    const pid = draw() < 0.8 ? holder : pids[Math.floor(draw() * pids.length)];
    if (!on() || pid == null) continue;
    if (draw() < 0.5) {
      fleet.signal(pid, 'SIGKILL');
      done.kills += 1;
      continue;
    }
    fleet.signal(pid, 'SIGSTOP');
    done.pauses += 1;
    // The long ones are deposed meanwhile, and killed before they wake.
    const ms = draw() < 0.5 ? 8_000 : 100 + draw() * 1_000;
    waking.push(wait(ms).then(() => fleet.signal(pid, 'SIGCONT')));
  }
  await Promise.all(waking);
  fleet.wakeAll();
  return done;
}

/**
 * Traders at work before a broker that loses answers, while their gateways are killed and paused; then everything is
 * left to settle and counted at the broker.
 */
export async function orderChaos(options: OrderChaosOptions): Promise<OrderChaosReport> {
  const { db, url, seed, note } = options;
  const begun = performance.now();
  const draw = seeded(seed);
  const traders = await openOrderDesk(db, options.traders, { faults });
  await tendDesk(db, traders);
  await using broker = await startSimulatedBroker(url, deskScope);
  const env = { BROKER_URL: broker.url, GATEWAY_TIMING: JSON.stringify(options.timing), LOG_LEVEL: 'info' };
  await using fleet = await startFleet(url, options.gateways, env, main);
  const stop = new AbortController();
  const on = () => !stop.signal.aborted;
  const settled = new AbortController();
  const tend = async () => {
    while (!settled.signal.aborted) {
      await tendDesk(db, traders).catch((error: unknown) => note?.(String(error)));
      await hearAll(db);
      await wait(1_000);
    }
  };
  const tended = tend();
  const going = traders.map((trader) => trade(db, trader, seeded(Math.floor(draw() * 2 ** 31)), on));
  const hands = byHand(broker.url, seeded(seed + 1), options.traders, on);
  const disturbed = disturb(options, fleet, seeded(seed + 2), on);
  const last = performance.now() + options.limitSec * 1_000;
  while (performance.now() < last && (await ordersPlaced(db)).sent < options.orders) await wait(500);
  stop.abort();
  const done = await disturbed;
  await setSimulatedConfig(db, deskScope, { faults: { latency_ms: 5 } });
  await hands;
  note?.(`stopped after ${Math.round((performance.now() - begun) / 1_000)} s; settling`);
  await Promise.all(going);
  await until('every order settled', async () => (await unsettledOrders(db)) === 0, 60_000).catch(
    (error: unknown) => note?.(String(error)),
  );
  settled.abort();
  await tended;
  return {
    seed,
    ...done,
    placed: await ordersPlaced(db),
    figures: await deskFigures(db),
    unsettled: await unsettledOrders(db),
    seconds: Math.round((performance.now() - begun) / 1_000),
    violations: await orderViolations(db),
  };
}
