import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { CompatListener } from '#config';
import { listScopes } from '#db/scopes/queries.ts';
import { db } from '../db.ts';
import { errorFields, log } from '../log.ts';
import { listen } from './listener.ts';

const retryMs = 2_000;

export interface Compat {
  /** Resolves when every listener answers. */
  readonly listening: Promise<void>;
  stop(): Promise<void>;
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** The scope's name is looked up, so that a typing error is told at the start rather than by each request. */
async function requireScope({ scope }: CompatListener): Promise<void> {
  const known = (await listScopes(db())).map(({ name }) => name);
  if (known.includes(scope)) return;
  throw new Error(
    `BELLKEEPER_COMPAT names the scope "${scope}", which does not exist; known: ${known.join(', ')}`,
  );
}

/** Both loopback addresses, or neither; a machine without IPv6 has one. */
async function openBoth(listener: CompatListener): Promise<Server[]> {
  const first = await listen(listener, '127.0.0.1');
  try {
    return [first, await listen(listener, '::1')];
  } catch (error) {
    if (['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error) ?? '')) return [first];
    first.close();
    throw error;
  }
}

function explained(error: unknown, { port }: CompatListener): string {
  if (codeOf(error) === 'EADDRINUSE')
    return `port ${port} is taken by another program: stop it, or choose another in BELLKEEPER_COMPAT`;
  return errorFields(error).error;
}

/** Tries until the listener stands: the port may be held by a process that is ending, the database be on its way up. */
async function open(listener: CompatListener, signal: AbortSignal): Promise<Server[]> {
  let told = '';
  while (!signal.aborted) {
    try {
      await requireScope(listener);
      const servers = await openBoth(listener);
      log().info({ scope: listener.scope, port: listener.port }, 'compat listener ready');
      return servers;
    } catch (error) {
      const message = explained(error, listener);
      if (message !== told)
        log().error(
          { scope: listener.scope, port: listener.port, error: message },
          'compat listener is not up; trying on',
        );
      told = message;
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return [];
}

/** Starts a listener per scope. A port that cannot be had is logged and tried again; the console goes on without it. */
export function startCompat(listeners: readonly CompatListener[]): Compat {
  const abort = new AbortController();
  const opened = Promise.all(listeners.map((listener) => open(listener, abort.signal)));
  return {
    listening: opened.then(() => undefined),
    async stop() {
      abort.abort();
      const servers = (await opened).flat();
      await Promise.all(
        servers.map((server) => {
          const closed = new Promise((resolve) => server.close(resolve));
          server.closeIdleConnections();
          return closed;
        }),
      );
    },
  };
}
