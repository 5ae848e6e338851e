/*
 * A process that does nothing but stand for the gateways of the mock scope, for tests that kill and pause it.
 * DATABASE_URL; BROKER_URL: the simulated broker's server; GATEWAY_TIMING: JSON.
 */
import { z } from 'zod';
import { connectRaw } from '#db/core/client.ts';
import { applicationName } from '#db/engine/processes.ts';
import { simulatedClient } from '#worker/brokers/simulated/client.ts';
import { live } from '#worker/engine/process.ts';
import { log } from '#worker/log.ts';
import { runGateways } from '#worker/trading/gateway.ts';

const lostExit = 75;
const env = z
  .object({ DATABASE_URL: z.string(), BROKER_URL: z.string(), GATEWAY_TIMING: z.string().default('{}') })
  .parse(process.env);
const timing = z.record(z.string(), z.number()).parse(JSON.parse(env.GATEWAY_TIMING));
const self = await live({
  url: env.DATABASE_URL,
  build: 'test',
  lane: 'live',
  poolSize: 10,
  onLost: () => process.exit(lostExit),
});
const stopping = new AbortController();
const running = runGateways({
  db: self.db,
  connect: (onClose) =>
    connectRaw(env.DATABASE_URL, { applicationName: applicationName(self.id), max: 1, onClose }),
  processId: self.id,
  scopes: ['mock'],
  brokerOf: ({ id }) => simulatedClient(env.BROKER_URL, { account: id }),
  onNews: () => Promise.resolve(),
  halt: () => Promise.resolve(),
  signal: stopping.signal,
  timing,
});
log.info({ process: self.id }, 'worker ready');
process.on('SIGTERM', () => {
  stopping.abort();
  void running.then(() => self.close()).then(() => process.exit(0));
});
