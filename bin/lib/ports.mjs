import { createServer } from 'node:net';
import { StopError } from './stop-error.mjs';

/** Whether a server can listen there now. */
export function isFree(port, host) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else if (error.code === 'EACCES') {
        reject(
          new StopError(
            `Port ${port} needs rights this user does not have. Choose one above 1023: PORT=3001 npm start`,
          ),
        );
      } else if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
        reject(
          new StopError(
            `HOST=${host} is not an address of this machine. Leave HOST empty to serve this machine only.`,
          ),
        );
      } else reject(error);
    });
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A free port for a server of our own, below the range the system gives to outgoing connections. */
export async function freePort(host = '127.0.0.1', wanted = 0) {
  if (wanted > 0 && (await isFree(wanted, host))) return wanted;
  for (let tries = 0; tries < 50; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (await isFree(port, host)) return port;
  }
  throw new StopError(`No free port found between 20000 and 30000 on ${host}.`);
}

/** Parses PORT. */
export function portOf(env) {
  const text = env.PORT || '3000';
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StopError(
      `PORT=${text} is not a port: give a number from 1 to 65535, as in PORT=3001 npm start`,
    );
  }
  return port;
}
