import { once } from 'node:events';
import { connect } from '#db/core/client.ts';
import { simulatedServer } from './server.ts';

/*
 * The simulated broker in a process of its own. DATABASE_URL: where it keeps its world; SIMULATED_SCOPE: whose market it
 * is; PORT: on the loopback, 0 for any. Says `simulated broker ready on <port>` when it listens.
 */
const url = process.env['DATABASE_URL'];
if (url === undefined || url === '') throw new Error('DATABASE_URL is empty.');
const scope = process.env['SIMULATED_SCOPE'] ?? 'mock';
const db = connect(url, { max: 8, applicationName: 'bellkeeper:simulated-broker' });
const server = simulatedServer(db, scope);
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1');
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('The server has no port.');
process.stdout.write(`simulated broker ready on ${address.port}\n`);

async function stop(): Promise<void> {
  server.closeAllConnections();
  server.close();
  await db.$client.end({ timeout: 2 });
}
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
