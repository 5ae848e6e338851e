import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';

export type Database = PostgresJsDatabase & { readonly $client: postgres.Sql };
export type Transaction = Parameters<Parameters<PostgresJsDatabase['transaction']>[0]>[0];
/** A client for raw SQL and LISTEN. */
export type RawClient = postgres.Sql;
/** A pool or a transaction: what a query function takes. */
export type Queryable = PostgresJsDatabase | Transaction;

export interface ConnectOptions {
  /** Most connections this pool opens. */
  readonly max: number;
  /** Shown in pg_stat_activity; a process's backends are found and ended by it. */
  readonly applicationName: string;
  /** Called when a connection closes that was not told to idle out; with it the connections never idle out. */
  readonly onClose?: () => void;
}

function clientOptions(options: ConnectOptions) {
  return {
    max: options.max,
    connect_timeout: 10,
    onnotice: () => undefined,
    ...(options.onClose === undefined
      ? { idle_timeout: 60 }
      : { onclose: options.onClose, max_lifetime: null }),
    connection: {
      application_name: options.applicationName,
      TimeZone: 'UTC',
      idle_in_transaction_session_timeout: 5_000,
    },
  } as const;
}

/** A pool for queries and operations. Idle transactions are ended by the server after 5 s. */
export function connect(url: string, options: ConnectOptions): Database {
  return drizzle(postgres(url, clientOptions(options)));
}

/**
 * A client of its own for raw SQL and LISTEN: Drizzle changes the parsers of the client it is given.
 */
export function connectRaw(url: string, options: ConnectOptions): RawClient {
  return postgres(url, clientOptions(options));
}

/** SQLSTATE of a database error, through Drizzle's wrapping; null for any other error. */
export function sqlState(error: unknown): string | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code)) return at.code;
  }
  return null;
}
