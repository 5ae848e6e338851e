import { readConfig } from '#config';
import { type Database, connect } from '#db/core/client.ts';

/** Pages, routes and instrumentation are separate module instances of one process: only globalThis is shared. */
const shared = globalThis as typeof globalThis & { bellkeeperWebDatabase?: Database };

/** The pool of the web process, opened at first use as the web role. */
export function db(): Database {
  return (shared.bellkeeperWebDatabase ??= connect(readConfig().databaseUrl('web'), {
    max: 10,
    applicationName: 'bellkeeper:web',
  }));
}
