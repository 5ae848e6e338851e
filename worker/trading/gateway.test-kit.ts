import { randomBytes } from 'node:crypto';
import { processId, uuidV7 } from '#domain/core/ids.ts';
import type { OrderReason } from '#domain/orders/order.ts';
import { connectRaw } from '#db/core/client.ts';
import { scope } from '#db/orders/orders.test-kit.ts';
import type { TestDatabase } from '#db/testing/database.ts';
import type { Broker } from '#worker/brokers/port.ts';
import { type GatewayTiming, runGateways } from './gateway.ts';

/** Rhythms of a test: the same rules, sooner. */
export const quick: Partial<GatewayTiming> = {
  discoverMs: 100,
  electMs: 50,
  beatMs: 200,
  staleSec: 2,
  idleMs: 50,
  pollMs: 100,
  reconcileMs: 500,
  deadlineMs: 10_000,
  sendMs: 2_000,
  readMs: 2_000,
};

export interface TestGateway extends AsyncDisposable {
  readonly halted: { readonly traders: readonly string[]; readonly reason: OrderReason }[];
  readonly told: string[];
  stop(): Promise<void>;
}

/** The gateways of a test database in this process. */
export function testGateway(
  { db, url }: TestDatabase,
  broker: Broker,
  timing: Partial<GatewayTiming> = quick,
): TestGateway {
  const id = processId.parse(uuidV7(new Date(), randomBytes(10)));
  const stopping = new AbortController();
  const halted: TestGateway['halted'] = [];
  const told: string[] = [];
  const running = runGateways({
    db,
    connect: (onClose) => connectRaw(url, { applicationName: `bellkeeper:${id}`, max: 1, onClose }),
    processId: id,
    scopes: [scope],
    brokerOf: () => broker,
    onNews: async (_scope, traders) => void told.push(...traders),
    halt: async (_scope, traders, reason) => void halted.push({ traders, reason }),
    signal: stopping.signal,
    timing,
  });
  const stop = async () => {
    stopping.abort();
    await running;
  };
  return { halted, told, stop, [Symbol.asyncDispose]: stop };
}
