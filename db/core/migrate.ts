import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as drizzleMigrate } from 'drizzle-orm/postgres-js/migrator';
import { runMigrations as migrateGraphile } from 'graphile-worker';
import { Pool } from 'pg';
import postgres from 'postgres';
import { grantStatements } from './grants.ts';

const folder = fileURLToPath(new URL('../migrations', import.meta.url));
/** Any two starts of ours meet at this lock; the second finds nothing left to do. */
const migrationLock = 0x62656c6b6d6967n;

export interface MigrateOptions {
  /** Zone of new jobs that name none; kept when absent. */
  readonly defaultTimeZone?: string | undefined;
}

/**
 * Brings a database to this build's schema: ours, then graphile-worker's, then the rights of the web and worker roles.
 * Concurrent callers wait for one another.
 * @param url a connection that owns the database.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<void> {
  const client = postgres(url, {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: 'bellkeeper:migrate' },
  });
  try {
    await client`select pg_advisory_lock(${migrationLock.toString()}::bigint)`;
    await drizzleMigrate(drizzle(client), { migrationsFolder: folder });
    await migrateGraphileWorker(url);
    await client`select ensure_partitions(3)`;
    if (options.defaultTimeZone !== undefined)
      await client`update instance set default_time_zone = ${options.defaultTimeZone}`;
    const roles = await client<{ rolname: string }[]>`
      select rolname from pg_roles where rolname in ('bellkeeper_web', 'bellkeeper_worker')`;
    for (const statement of grantStatements(new Set(roles.map((role) => role.rolname))))
      await client.unsafe(statement);
  } finally {
    await client.end({ timeout: 5 });
  }
}

async function migrateGraphileWorker(url: string): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 1 });
  // Errors of a connection reach the query that uses it.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await migrateGraphile({ pgPool: pool });
  } finally {
    await pool.end();
  }
}

/** Migrations in the journal and migrations applied; they differ when the database is of another build. */
export async function migrationState(client: postgres.Sql): Promise<{ known: number; applied: number }> {
  const journal = JSON.parse(await readFile(`${folder}/meta/_journal.json`, 'utf8')) as {
    entries: unknown[];
  };
  const [row] = await client<{ count: string }[]>`select count(*) from drizzle.__drizzle_migrations`;
  return { known: journal.entries.length, applied: Number(row?.count ?? 0) };
}
