import { Logger, run, type Runner } from 'graphile-worker';
import { Pool } from 'pg';
import { doorbell, type Lane } from '#db/engine/admit.ts';
import { log } from '#worker/log.ts';

export interface Doorbell {
  /** graphile-worker's own id for this process; its jobs are unlocked by it. */
  readonly poolId: string;
  /** Takes no more rings; resolves when the running ones have answered. */
  stop(): Promise<void>;
  /** Resolves or rejects when the runner ends by itself. */
  readonly ended: Promise<void>;
}

export interface DoorbellOptions {
  readonly url: string;
  readonly applicationName: string;
  /** Scopes whose rings this process answers. */
  readonly scopes: readonly string[];
  readonly lane: Lane;
  /** Rings answered at once. */
  readonly concurrency: number;
  readonly answer: (payload: unknown) => Promise<void>;
}

const graphileLogger = new Logger((scope) => (level, message, meta) => {
  const fields = { part: 'graphile', ...(scope.label === undefined ? {} : { label: scope.label }), ...meta };
  if (level === 'error') log.error(fields, message);
  else if (level === 'warning') log.warn(fields, message);
  else log.debug(fields, message);
});

/** Listens for the rings of admission through graphile-worker, which keeps them until some process answers. */
export async function listenForRings(options: DoorbellOptions): Promise<Doorbell> {
  const pool = new Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.concurrency + 2,
  });
  pool.on('error', (error) => log.warn({ err: error }, 'graphile connection lost'));
  pool.on('connect', (client) => client.on('error', () => undefined));
  let poolId = '';
  const { EventEmitter } = await import('node:events');
  const events = new EventEmitter();
  events.on('pool:create', ({ workerPool }: { workerPool: { id: string } }) => {
    poolId = workerPool.id;
  });
  const runner: Runner = await run({
    pgPool: pool,
    concurrency: options.concurrency,
    noHandleSignals: true,
    noPreparedStatements: false,
    pollInterval: 2_000,
    logger: graphileLogger,
    events,
    parsedCronItems: [],
    taskList: Object.fromEntries(
      options.scopes.map((scope) => [
        doorbell(scope, options.lane),
        (payload: unknown) => options.answer(payload),
      ]),
    ),
  });
  return {
    poolId,
    ended: runner.promise,
    async stop() {
      await runner.stop().catch((error: unknown) => log.debug({ err: error }, 'graphile stopped'));
      await pool.end();
    },
  };
}
